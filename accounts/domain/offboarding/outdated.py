"""An export goes when its time is over, and as soon as something that may be in it was erased.

Whatever is erased would live on in the export otherwise, and the certificate would be wrong. It is erased
whole, because nobody can take one file out of a zip; the owner has another one made.
"""

from collections.abc import Iterable
from uuid import UUID

from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.domain.erasure.registry import Job, NotYetError, Order, register
from accounts.domain.erasure.things import erase_folder, forget_retention, note, writing
from accounts.domain.offboarding.exports import KIND, exports_folder
from accounts.domain.retention import lineage
from accounts.domain.retention.lineage import Shown, Thing
from accounts.enums import DataClass, OffboardingState
from accounts.models import Offboarding

LAST = Order.ITSELF + 9
"""Behind every other step: an export that is begun later finds nothing of what went."""
KINDS = ("subject", "recording", "document", "project")


def connect() -> None:
    """Called once, when the app is ready."""
    lineage.register(KIND, parents=_organisation, describe=_exports)
    register(KIND, erase, Order.OBJECTS, [DataClass.EXPORTS])
    for kind in KINDS:
        register(kind, erase_with, LAST)


def erase_with(job: Job) -> bool:
    """Once for each erasure, not for each thing that it takes apart on its way."""
    return (job.kind, job.object_id) == (job.erasure.kind, job.erasure.object_id) and erase(job)


def erase(job: Job) -> bool:
    """The zips, then the rows; False where there is no export, or the organisation goes with all it has.

    Raises NotYetError while a worker may still be about to store a part.
    """
    row = Offboarding.objects.filter(erasure=None).first()
    if row is None:
        return False
    _stop(row)
    if erase_folder(job, "export", row.pk, exports_folder(row.organisation_id)):
        return True
    with writing(job):
        note(job, KIND, row.pk)
        forget_retention(KIND, row.pk)
        Offboarding.objects.filter(pk=row.pk).delete()
    return True


def _stop(row: Offboarding) -> None:
    """From here on its worker keeps nothing, and no other takes it up."""
    under_way = Offboarding.objects.filter(pk=row.pk, state=OffboardingState.EXPORTING)
    under_way.update(state=OffboardingState.FAILED)
    busy = Offboarding.objects.filter(pk=row.pk, lease_until__gt=Now()).values_list("lease_until", flat=True)
    until = busy.first()
    if until:
        raise NotYetError(until - timezone.now())


def _organisation(row_id: UUID) -> Iterable[Thing]:
    ids = Offboarding.objects.filter(pk=row_id).values_list("organisation", flat=True)
    return [("organisation", organisation) for organisation in ids]


def _exports(ids: list[UUID]) -> dict[UUID, Shown]:
    """The address is the list itself: the export's own page is the owner's alone."""
    there = Offboarding.objects.filter(pk__in=ids).values_list("pk", flat=True)
    return {row_id: Shown(_("Export of the whole organisation"), "retention", {}) for row_id in there}
