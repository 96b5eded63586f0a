"""What others are told of the export: how it is erased, downloaded and looked after in storage."""

from collections.abc import Iterator
from uuid import UUID

from django.http import Http404

from accounts.domain.offboarding import contents, exports, outdated, steps
from accounts.models import Consent, OffboardingPart
from echodepth import files
from echodepth.storage import registry

LINK_KIND = "offboarding"


def connect() -> None:
    """Called once, when the app is ready."""
    steps.connect()
    outdated.connect()
    files.register(LINK_KIND, part_file)
    registry.register("offboarding", exports.stored)
    contents.register("consent", consent_forms)


def consent_forms(after: UUID | None) -> Iterator[contents.TakenFile]:
    """Signed forms that were uploaded."""
    rows = Consent.objects.exclude(form_key="").order_by("pk")
    for key, row_id in (rows.filter(pk__gt=after) if after else rows).values_list("form_key", "pk"):
        yield contents.TakenFile(row_id, f"consents/{row_id}/form", key)


def part_file(part_id: UUID) -> files.StoredFile:
    """One of the zip files; Http404 where the organisation in scope has none such."""
    part: OffboardingPart | None = OffboardingPart.objects.filter(pk=part_id).first()
    if part is None:
        raise Http404
    return files.StoredFile(part.storage_key, f"echodepth-{part.number:04}.zip", "application/zip")
