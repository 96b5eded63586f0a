"""Recordings on their way in: announced, their bytes received in parts or in one piece, given up, swept.

The bytes come to where they stay: the recording that an upload becomes has the upload's id, and the object
lies under it from the beginning. Until it is finished (`analysis.domain.intake.finishing`) an upload is
bytes and an announcement, of which nothing is believed. How long it lives, the database's clock tells:
machines' own clocks may differ, and jump.
"""

import logging
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import IO, Any, cast
from uuid import UUID, uuid4

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.http import UnreadablePostError
from django.utils.translation import gettext_lazy as _

from accounts.models import Project, User
from analysis.domain import objects
from analysis.domain.intake.outages import storage_reached
from analysis.domain.intake.uploads import Announced
from analysis.domain.intake.usage import UNFINISHED, claim_room
from analysis.enums import UploadState
from analysis.models import Recording, Upload
from echodepth.errors import UserError
from echodepth.storage.chosen import part_store
from echodepth.storage.parts import Part, PartLink, part_size, sizes
from echodepth.tenancy import sweeping, tenant

logger = logging.getLogger(__name__)

LIFE = timedelta(hours=24)
"""How long an upload waits for its next part."""
CHECK = timedelta(minutes=5)
"""How long who checks may be silent before another begins anew."""
MOST_OPEN = 100
"""Uploads of an organisation that are announced and not finished."""
MOST_LINKS = 100
"""Parts that links are given for at once."""


@dataclass(frozen=True, slots=True)
class Sent:
    """How far an upload is."""

    parts: list[Part]
    """That came, by number; empty for what came in one piece."""
    whole: bool
    """All of it is there."""
    size: int
    """Bytes."""


def announce(
    user: User | None,
    project: Project,
    announced: Announced,
    size: int,
    *,
    sha256: str = "",
    client_key: str = "",
) -> Upload:
    """A place for `size` bytes; `user` is None for somebody without an account.

    What is announced already counts against the quotas.

    Raises UserError `too_large`, `too_many_uploads`, `quota_recordings` or `quota_bytes`.
    """
    if size > settings.MAX_UPLOAD_BYTES:
        raise UserError("too_large", _("The file is larger than this installation takes."), status=413)
    with transaction.atomic():
        claim_room(project.organisation_id, size)
        # At the sales desk many have no account, each with one at most: nobody keeps the others out.
        if not project.organisation.is_desk and _unfinished().count() >= MOST_OPEN:
            raise _too_many()
        upload: Upload = Upload.objects.create(
            organisation_id=project.organisation_id,
            project=project,
            title=announced.title,
            subject_label=announced.subject_label,
            original_name=announced.name,
            size=size,
            sha256=sha256.lower(),
            client_key=client_key,
            part_size=part_size(size),
            created_by=user,
            expires_at=Now() + LIFE,
        )
        upload.refresh_from_db(fields=["expires_at"])
    return upload


def resumed(
    user: User | None, project: Project, announced: Announced, size: int, client_key: str
) -> Upload | None:
    """The person's unfinished upload of the same file, described anew as it is said now; None without one."""
    if not client_key:
        return None
    same = of_person(user).filter(project=project, size=size, client_key=client_key)
    upload: Upload | None = same.first()
    if upload:
        upload.title, upload.subject_label = announced.title, announced.subject_label
        upload.save(update_fields=["title", "subject_label"])
        _prolong(upload)
    return upload


def of_person(user: User | None) -> "QuerySet[Upload, Any]":
    """What this person announced and did not finish, newest first; None: all who have no account."""
    return _unfinished().filter(created_by=user).select_related("project").order_by("-created_at", "pk")


def state_of(upload: Upload) -> UploadState:
    """Its state; one whose check broke off is open again."""
    state = UploadState(upload.state)
    if state == UploadState.CHECKING and Upload.objects.filter(still_open(), pk=upload.pk).exists():
        return UploadState.OPEN
    return state


def still_open() -> Q:
    """Uploads that take bytes, and that somebody may begin to check."""
    # A right that ends later than any given now was given before the clock jumped back.
    over = Q(checking_until=None) | Q(checking_until__lt=Now()) | Q(checking_until__gt=Now() + 2 * CHECK)
    return Q(state=UploadState.OPEN) | (Q(state=UploadState.CHECKING) & over)


def sent(upload: Upload) -> Sent:
    """What of the upload is in storage. Raises UserError `storage_unavailable`."""
    if upload.state == UploadState.DONE or (upload.storage_key and not upload.parts_id):
        return Sent([], whole=True, size=upload.size)
    if not upload.parts_id:
        return Sent([], whole=False, size=0)
    with storage_reached():
        try:
            parts = part_store().received(upload.storage_key, upload.parts_id)
        except FileNotFoundError:
            # A check that broke off got so far, or the storage threw the parts away.
            whole = default_storage.exists(upload.storage_key)
            return Sent([], whole=whole, size=upload.size if whole else 0)
    size = min(sum(part.size for part in parts), upload.size)
    return Sent(parts, whole=[part.size for part in parts] == parts_of(upload), size=size)


def parts_of(upload: Upload) -> list[int]:
    """Bytes of each of its parts, in order."""
    return sizes(upload.size, part_bytes(upload))


def part_bytes(upload: Upload) -> int:
    """Bytes of each of its parts but the last."""
    return upload.part_size or part_size(upload.size)


def links(upload: Upload, numbers: Sequence[int]) -> list[PartLink]:
    """Where these parts are sent, each of which may have come before.

    Raises UserError `part_unknown` for a number that the upload has not, `storage_unavailable`, and what
    `refuse_unless_open` raises.
    """
    refuse_unless_open(upload)
    wanted = parts_of(upload)
    if not 0 < len(numbers) <= MOST_LINKS or not all(0 < number <= len(wanted) for number in numbers):
        sentence = _("This upload has parts 1 to %(last)d; ask for 1 to %(most)d of them at a time.")
        raise UserError("part_unknown", sentence % {"last": len(wanted), "most": MOST_LINKS})
    with storage_reached():
        key, parts_id = _begun(upload)
        return [part_store().link(key, parts_id, number, wanted[number - 1]) for number in numbers]


def receive(upload: Upload, stream: IO[bytes], length: int) -> None:
    """Put all bytes into storage as they come; received again, they take the place of the earlier ones.

    Raises UserError `size_differs` where `length`, or what then comes, is not what was announced;
    `upload_replaced` where the upload was changed by another request meanwhile; `storage_unavailable`; and
    what `refuse_unless_open` raises.
    """
    refuse_unless_open(upload)
    if length != upload.size:
        raise _size_differs(upload)
    _prolong(upload)
    earlier, earlier_parts = upload.storage_key, upload.parts_id
    key = f"{objects.recording_key(upload.organisation_id, upload.pk)}-{uuid4().hex}"
    with storage_reached():
        with ExitStack() as undo:
            undo.callback(objects.erase, key)
            _keep(upload, _Exactly(stream, upload.size), key)
            undo.pop_all()
        if earlier_parts:
            part_store().abandon(earlier, earlier_parts)
        else:
            objects.erase(earlier)


def abort(upload: Upload) -> None:
    """Forget an upload that is done, or one whose bytes are no longer wanted; its recording stays."""
    with storage_reached():
        forget(upload)
    upload.delete()


def forget(upload: Upload) -> None:
    """Give it up and erase what came for it, but a recording's object; the row stays. Raises OSError."""
    _give_up(upload.pk)
    clean(upload)


def sweep() -> int:
    """Remove what was not finished in time, and the notes of what was, in every organisation; how many.

    Also what a check left that broke off half-way. What storage does not give up now is tried again.
    """
    with sweeping():
        late = Upload.objects.filter(expires_at__lt=Now())
        rows = list(late.order_by().values_list("organisation_id", "pk"))
    return sum(_sweep_one(*row) for row in rows)


def clean(upload: Upload) -> None:
    """Erase all that came for an upload, but the object of its recording where it became one."""
    folder = objects.recording_key(upload.organisation_id, upload.pk).rpartition("/")[0]
    if upload.parts_id:
        part_store().abandon(upload.storage_key, upload.parts_id)
    for left in part_store().unfinished(f"{folder}/"):
        part_store().abandon(left.key, left.parts_id)
    mine = Recording.objects.filter(Q(pk=upload.pk) | Q(storage_key=upload.storage_key))
    kept = set(mine.values_list("storage_key", flat=True))
    objects.erase_folder(folder, kept)
    if upload.storage_key not in kept:
        objects.erase(upload.storage_key)


def refuse_unless_open(upload: Upload) -> None:
    """Raises UserError `upload_finished`, `upload_checking`, or what the upload was refused with."""
    state = state_of(upload)
    if state == UploadState.DONE:
        raise UserError("upload_finished", _("This upload was finished already."), status=409)
    if state == UploadState.CHECKING:
        raise checking()
    if state == UploadState.REFUSED:
        raise UserError(upload.error_code, upload.error_sentence, status=409)


def checking() -> UserError:
    sentence = _("This file is being checked. Wait a moment, then look again what became of it.")
    return UserError("upload_checking", sentence, status=409, retry_after=2)


class _Exactly:
    """At most so many bytes of a stream; `left` is what did not come."""

    def __init__(self, stream: IO[bytes], size: int) -> None:
        self._stream = stream
        self.left = size
        self.name = "content"

    def read(self, size: int = objects.CHUNK) -> bytes:
        most = min(objects.CHUNK if size < 0 else size, self.left)
        try:
            piece = self._stream.read(most) if most else b""
        except UnreadablePostError:  # the client went away
            piece = b""
        self.left -= len(piece)
        return piece


def _keep(upload: Upload, body: _Exactly, key: str) -> None:
    saved = default_storage.save(key, File(cast("IO[bytes]", body)))
    if body.left:
        raise _size_differs(upload)
    if not _change(upload, storage_key=saved, parts_id=""):
        raise _replaced()


def _begun(upload: Upload) -> tuple[str, str]:
    """Key and id of the object that takes the parts, begun anew where storage has none (any more)."""
    if upload.parts_id:
        try:
            part_store().received(upload.storage_key, upload.parts_id)
        except FileNotFoundError:
            pass
        else:
            _prolong(upload)
            return upload.storage_key, upload.parts_id
    if upload.storage_key and default_storage.exists(upload.storage_key):
        sentence = _("All of this file is there. Finish the upload.")
        raise UserError("content_received", sentence, status=409)
    key = objects.recording_key(upload.organisation_id, upload.pk)
    parts_id = part_store().begin(key, part_bytes(upload))
    if not _change(upload, storage_key=key, parts_id=parts_id):
        part_store().abandon(key, parts_id)
        raise _replaced()
    _prolong(upload)
    return key, parts_id


def _change(upload: Upload, **fields: Any) -> bool:
    """Change the row unless somebody else did, or began to check; the object has the new values then."""
    same = Upload.objects.filter(
        still_open(), pk=upload.pk, storage_key=upload.storage_key, parts_id=upload.parts_id
    )
    fields |= {"state": UploadState.OPEN, "checking_until": None}
    if not same.update(**fields):
        return False
    for name, value in fields.items():
        setattr(upload, name, value)
    return True


def _prolong(upload: Upload) -> None:
    row = Upload.objects.filter(pk=upload.pk)
    row.update(expires_at=Now() + LIFE)
    upload.expires_at = row.values_list("expires_at", flat=True).first() or upload.expires_at


def _give_up(upload_id: UUID) -> None:
    """From here on nobody makes a recording of it; one that is made already stays."""
    unfinished = Upload.objects.filter(pk=upload_id, state__in=UNFINISHED)
    sentence = _("This upload was given up. Send the file again.")
    unfinished.update(
        state=UploadState.REFUSED, error_code="upload_aborted", error_sentence=sentence, checking_until=None
    )


def _sweep_one(organisation_id: UUID, upload_id: UUID) -> bool:
    """Whether the upload was removed."""
    with tenant(organisation_id):
        late = Upload.objects.filter(pk=upload_id, expires_at__lt=Now())
        late.filter(still_open()).update(
            state=UploadState.REFUSED, error_code="upload_expired", checking_until=None
        )
        upload = late.exclude(state__in=UNFINISHED).first()
        if upload is None:
            return False
        try:
            clean(upload)
        except OSError:
            logger.exception("upload=%s was not swept", upload_id)
            return False
        upload.delete()
    return True


def _unfinished() -> "QuerySet[Upload, Any]":
    found: QuerySet[Upload, Any] = Upload.objects.filter(state__in=UNFINISHED, expires_at__gt=Now())
    return found


def _too_many() -> UserError:
    sentence = _("Too many uploads are announced and not finished. Finish or abort some of them first.")
    return UserError("too_many_uploads", sentence, status=409)


def _replaced() -> UserError:
    sentence = _("This upload was changed by another request while its content came in.")
    return UserError("upload_replaced", sentence, status=409)


def _size_differs(upload: Upload) -> UserError:
    sentence = _(
        "The content must be exactly the %(size)d bytes that were announced, in one request with a length."
    )
    return UserError("size_differs", sentence % {"size": upload.size})
