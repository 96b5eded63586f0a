"""What went: written down together with its going, as ids, hashes and counts."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest, Now

from accounts.domain.erasure.registry import HeldError, Job
from accounts.domain.retention import holds
from accounts.models import ErasedThing, Erasure, Retention
from echodepth.storage import erasing

LEASE = timedelta(seconds=settings.LEASE_SECONDS)


class LeaseLostError(Exception):
    """Another worker has the erasure now: what this one was about to write is written by that one."""


def renew(erasure: Erasure) -> None:
    """Keep the erasure for another lease; raises LeaseLostError where it is not this worker's any more."""
    mine = Erasure.objects.filter(pk=erasure.pk, lease=erasure.lease)
    if erasure.lease is None or not mine.update(lease_until=Now() + LEASE):
        raise LeaseLostError


@contextmanager
def writing(job: Job) -> Iterator[None]:
    """A transaction in which the erasure is this worker's; raises LeaseLostError where it is not any more.

    Raises HeldError where a hold was placed meanwhile: who places one waits for this transaction's end.
    """
    with transaction.atomic():
        mine = Erasure.objects.select_for_update().filter(pk=job.erasure.pk, lease=job.erasure.lease)
        if job.erasure.lease is None or not list(mine.values_list("pk")):
            raise LeaseLostError
        if holds.blocking(job.erasure.kind, job.erasure.object_id):
            raise HeldError
        yield


def note(
    job: Job,
    kind: str,
    object_id: UUID | str,
    *,
    sha256: str = "",
    size: int | None = None,
    versions: int = 0,
    count: int = 1,
) -> None:
    """Write down that something goes; call it in `writing`. Twice the same thing is once.

    `kind` of a row is its model's name in lower case, so that names kept beside the audit trail are found.
    """
    told = {"sha256": sha256, "size": size, "count": count}
    thing, made = ErasedThing.objects.get_or_create(
        erasure=job.erasure,
        kind=kind,
        object_id=str(object_id),
        defaults={"organisation_id": job.erasure.organisation_id, "versions": versions, **told},
    )
    if not made and versions:
        row = ErasedThing.objects.filter(pk=thing.pk)
        row.update(versions=Greatest(F("versions"), versions))


def erase_object(job: Job, kind: str, object_id: UUID | str, key: str, *, sha256: str = "") -> None:
    """Erase an object with every version of it; its size and versions are written down before it goes.

    Written down first, because after it nobody could tell how many versions there were. Raises OSError.
    """
    if not key:
        return
    found = erasing.look(key)
    with writing(job):
        note(job, kind, object_id, sha256=sha256, size=found.size, versions=found.older)
    erasing.erase(key)


def erase_folder(job: Job, kind: str, object_id: UUID | str, prefix: str, keep: Collection[str] = ()) -> bool:
    """Likewise all under a prefix but the keys to `keep`; False where there was nothing."""
    erasing.abandon_under(prefix)
    found = erasing.look_under(prefix, keep)
    if not found.objects + found.older:
        return False
    with writing(job):
        note(job, kind, object_id, size=found.size, versions=found.older, count=found.objects)
    erasing.erase_under(prefix, keep)
    return True


def forget_retention(kind: str, object_id: UUID, data_class: str = "") -> None:
    """Nothing is kept any more, so nothing is due: of one class of data, or of all."""
    due = Retention.objects.filter(kind=kind, object_id=object_id)
    (due.filter(data_class=data_class) if data_class else due).delete()
