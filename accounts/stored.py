"""Which objects in storage this app's rows point to."""

from collections.abc import Iterator

from accounts.domain.consent import papers
from accounts.models import Consent
from echodepth.storage import registry
from echodepth.storage.registry import Stored


def connect() -> None:
    """Called once, when the app is ready."""
    registry.register(papers.KIND, consent_forms)


def consent_forms() -> Iterator[Stored]:
    signed = Consent.objects.exclude(form_key="").order_by("pk")
    for key, row_id, sha256 in signed.values_list("form_key", "pk", "form_sha256"):
        yield Stored(key, row_id, sha256=sha256)
