"""What an organisation has stored, and whether its quotas leave room for more."""

from uuid import UUID

from django.db.models import Count, Sum
from django.db.models.functions import Now
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.domain.quotas import Usage, lock
from accounts.models import Organisation
from analysis.doors import usage_of
from analysis.enums import UploadState
from analysis.models import Document, Recording, Upload
from echodepth.errors import UserError

UNFINISHED = (UploadState.OPEN, UploadState.CHECKING)
"""States of an upload whose bytes may still become a recording."""


def stored(organisation_id: UUID) -> Usage:
    """Inside the organisation's scope."""
    recordings = Recording.objects.filter(organisation=organisation_id)
    documents = Document.objects.filter(organisation=organisation_id)
    sizes = (found.aggregate(size=Sum("size"))["size"] or 0 for found in (recordings, documents))
    return Usage(recordings.count(), sum(sizes))


def usages(organisation_ids: list[UUID]) -> dict[UUID, Usage]:
    """Of at most `analysis.doors.MOST` organisations, in no scope."""
    return {organisation_id: Usage(*told) for organisation_id, told in usage_of(organisation_ids).items()}


def announced(organisation_id: UUID, besides: UUID | None = None) -> Usage:
    """What is on its way in, the upload `besides` left aside; inside the organisation's scope."""
    waiting = Upload.objects.filter(organisation=organisation_id, expires_at__gt=Now())
    waiting = waiting.filter(state__in=UNFINISHED)
    if besides:
        waiting = waiting.exclude(pk=besides)
    told = waiting.aggregate(recordings=Count("pk"), size=Sum("size"))
    return Usage(told["recordings"], told["size"] or 0)


def claim_room(organisation_id: UUID, size: int, recordings: int = 1, *, besides: UUID | None = None) -> None:
    """As `check_room`; nobody else may fill the room until the caller's transaction ends."""
    check_room(lock(organisation_id), size, recordings, besides=besides)


def check_room(
    organisation: Organisation, size: int, recordings: int = 1, *, besides: UUID | None = None
) -> None:
    """Whether so many more recordings, and `size` more bytes, may be stored.

    Announced uploads count as what is stored; `besides` is the one that asks for the room it has already.
    Inside the organisation's scope. Raises UserError `quota_recordings` or `quota_bytes`.
    """
    if organisation.quota_recordings is None and organisation.quota_bytes is None:
        return
    held, coming = stored(organisation.pk), announced(organisation.pk, besides)
    note = _(" What is being uploaded at the moment counts too.") if coming.recordings else ""
    held = Usage(held.recordings + coming.recordings, held.size + coming.size)
    _check_recordings(organisation.quota_recordings, held.recordings, recordings, note)
    _check_bytes(organisation.quota_bytes, held.size, size, note)


def _check_recordings(most: int | None, held: int, more: int, note: str) -> None:
    if most is None or not more or held + more <= most:
        return
    sentence = ngettext(
        "This organisation may keep %(most)d recording, and keeps it. Delete a recording that is no longer "
        "needed, or ask us for a larger quota.",
        "This organisation may keep %(most)d recordings, and keeps %(held)d. Delete recordings that are no "
        "longer needed, or ask us for a larger quota.",
        most,
    )
    raise UserError("quota_recordings", sentence % {"most": most, "held": held} + note, status=409)


def _check_bytes(most: int | None, held: int, more: int, note: str) -> None:
    if most is None or held + more <= most:
        return
    sentence = _(
        "This organisation may store %(most)s and stores %(held)s; this file has %(more)s. Delete recordings "
        "or documents that are no longer needed, or ask us for a larger quota."
    )
    facts = {"most": filesizeformat(most), "held": filesizeformat(held), "more": filesizeformat(more)}
    raise UserError("quota_bytes", sentence % facts + note, status=409)
