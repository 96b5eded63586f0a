"""What signed links of this app lead to."""

from uuid import UUID

from django.http import Http404

from accounts.domain.consent import papers
from accounts.models import Consent
from echodepth import files


def connect() -> None:
    files.register(papers.LINK_KIND, consent_form)


def consent_form(consent_id: UUID) -> files.StoredFile:
    """A signed form, under a name that says nothing of the person; Http404 where there is none."""
    consent: Consent | None = Consent.objects.filter(pk=consent_id).exclude(form_key="").first()
    if consent is None:
        raise Http404
    kind = consent.form_key.rpartition(".")[2]
    content_type = papers.CONTENT_TYPES.get(kind, "application/octet-stream")
    return files.StoredFile(consent.form_key, f"consent.{kind}", content_type)
