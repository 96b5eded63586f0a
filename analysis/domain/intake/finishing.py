"""The end of an upload: the file is checked, and becomes a recording or is refused.

Nothing that was said of the file is believed. One request at a time checks an upload, for a while that it
prolongs; after a crash another begins anew. Who has lost that right neither keeps nor erases anything.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import BoundedSemaphore

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from analysis.domain import objects
from analysis.domain.intake.admission import (
    ANYWHERE,
    Conditions,
    Looked,
    admit,
    look,
    named_in,
    refuse_known,
)
from analysis.domain.intake.incoming import (
    CHECK,
    checking,
    clean,
    parts_of,
    refuse_unless_open,
    still_open,
)
from analysis.domain.intake.outages import storage_reached
from analysis.domain.intake.uploads import Announced, facts_of
from analysis.enums import UploadState
from analysis.models import Recording, Upload
from echodepth.errors import UserError
from echodepth.storage.chosen import object_storage, part_store
from echodepth.storage.parts import Part

logger = logging.getLogger(__name__)

NO_FAULT_OF_THE_FILE = frozenset(
    {
        "content_missing",
        "parts_missing",
        "storage_full",
        "storage_unavailable",
        "upload_checking",
        "upload_gone",
    }
)
"""Codes after which the upload goes on as it is."""
COPIES = BoundedSemaphore(2)
"""Files of a storage server that this process has on its disk, to look at them."""


def finish(upload: Upload, conditions: Conditions = ANYWHERE) -> Recording:
    """The recording that the upload becomes, with its run requested; of one that is done, the same again.

    Raises UserError: `upload_checking` while another request checks it; `checks_busy` while this process has
    no room for one more file; `content_missing` or `parts_missing` before all bytes came; `storage_full`;
    `storage_unavailable`; `upload_finished` where the recording has been deleted since. Every other code is a
    refusal: `size_differs`, `content_differs`, and what `admission.look`, the conditions and
    `admission.admit` raise. Then nothing is kept but the code and sentence.
    """
    if upload.state == UploadState.DONE and upload.recording:
        return upload.recording
    refuse_unless_open(upload)
    with _room():
        held = _claim(upload)
        if held:
            return _checked(held, conditions)
    return finish(_again(upload), conditions)


@dataclass(slots=True)
class _Check:
    """The right to check an upload."""

    upload: Upload
    until: datetime
    """As the row has it: by it this check is told from every other."""
    given: float
    """`time.monotonic()` when it was last prolonged."""

    def prolong(self) -> None:
        """Now and then; raises UserError `upload_checking` when the right is lost."""
        now = time.monotonic()
        if now - self.given < CHECK.total_seconds() / 10:
            return
        until = _until(self.upload)
        if until is None or not self.change(checking_until=until):
            raise checking()
        self.until, self.given = until, now

    def change(self, **fields: object) -> bool:
        """Whether the right still holds; then the row is changed, and the object like it."""
        mine = Upload.objects.filter(pk=self.upload.pk, state=UploadState.CHECKING, checking_until=self.until)
        if not mine.update(**fields):
            return False
        for name, value in fields.items():
            setattr(self.upload, name, value)
        return True


@contextmanager
def _room() -> Iterator[None]:
    """For a copy of the file on this disk, where one is made; raises UserError `checks_busy`."""
    if object_storage() is None:
        yield
        return
    if not COPIES.acquire(blocking=False):
        sentence = _("Other files are being checked at the moment. Nothing is lost: finish this one soon.")
        raise UserError("checks_busy", sentence, status=503, retry_after=5)
    try:
        yield
    finally:
        COPIES.release()


def _checked(held: _Check, conditions: Conditions) -> Recording:
    with _settled(held), storage_reached():
        _assemble(held)
        with TemporaryDirectory(prefix="echodepth-upload-") as folder:
            looked = _looked(held, Path(folder))
            conditions.accept(looked)
        return _become(held, looked, conditions)


def _claim(upload: Upload) -> _Check | None:
    now, until = time.monotonic(), _until(upload)
    free = Upload.objects.filter(still_open(), pk=upload.pk)
    if until is None or not free.update(state=UploadState.CHECKING, checking_until=until):
        return None
    upload.refresh_from_db()
    return _Check(upload, until, now)


def _until(upload: Upload) -> datetime | None:
    """When a right given or prolonged now ends, by the database's clock; None where the row is gone."""
    row = Upload.objects.filter(pk=upload.pk).annotate(now=Now())
    now: datetime | None = row.values_list("now", flat=True).first()
    return now and now + CHECK


def _again(upload: Upload) -> Upload:
    """As the database has it now."""
    found: Upload | None = Upload.objects.select_related("project", "recording").filter(pk=upload.pk).first()
    if found is None:
        raise UserError("upload_gone", _("This upload was given up. Send the file again."), status=409)
    return found


@contextmanager
def _settled(held: _Check) -> Iterator[None]:
    """However the check ends, the row says it."""
    try:
        yield
    except UserError as refusal:
        if refusal.code in NO_FAULT_OF_THE_FILE:
            held.change(state=UploadState.OPEN, checking_until=None)
        else:
            _refuse(held, refusal)
        raise
    except Exception:
        held.change(state=UploadState.OPEN, checking_until=None)
        raise


def _refuse(held: _Check, refusal: UserError) -> None:
    """Keep the reason and nothing else. Of objects that storage does not give up now the sweep takes care."""
    upload = held.upload
    # By its digest the recording of the same content is found again, as long as it is there.
    existing = named_in(refusal)
    fields = {"error_code": refusal.code, "error_sentence": str(refusal.sentence)}
    fields["sha256"] = existing.sha256 if existing else ""
    with transaction.atomic():
        if not held.change(state=UploadState.REFUSED, checking_until=None, **fields):
            return
        record(AuditAction.UPLOAD_REFUSED, upload.project, code=refusal.code, size=upload.size)
    try:
        clean(upload)
    except OSError:
        logger.exception("upload=%s was refused; its bytes are left to the sweep", upload.pk)


def _assemble(held: _Check) -> None:
    """Make one object of the parts, unless an earlier check got so far."""
    upload = held.upload
    if not upload.storage_key:
        raise _missing()
    if upload.parts_id:
        try:
            parts = part_store().received(upload.storage_key, upload.parts_id)
            _check_parts(upload, parts)
            part_store().finish(upload.storage_key, upload.parts_id, parts)
        except FileNotFoundError:
            if not default_storage.exists(upload.storage_key):
                held.change(storage_key="", parts_id="")
                raise _missing() from None
        except ValueError as error:  # one was sent again meanwhile
            raise _parts_missing() from error
        if not held.change(parts_id=""):
            raise checking()


def _check_parts(upload: Upload, parts: list[Part]) -> None:
    """Raises UserError `parts_missing`, or `size_differs` where a part is not as long as it must be."""
    wanted = dict(enumerate(parts_of(upload), start=1))
    if any(wanted.get(part.number) != part.size for part in parts):
        raise _size_differs()
    if len(parts) < len(wanted):
        raise _parts_missing()


def _looked(held: _Check, folder: Path) -> Looked:
    upload = held.upload
    try:
        if default_storage.size(upload.storage_key) != upload.size:
            raise _size_differs()
        path = objects.local_file(upload.storage_key, folder, held.prolong)
    except FileNotFoundError:
        held.change(storage_key="", parts_id="")
        raise _missing() from None
    looked = look(path, held.prolong)
    if looked.size != upload.size:
        raise _size_differs()
    if upload.sha256 and looked.sha256 != upload.sha256:
        sentence = _("The content is not what was announced: its SHA-256 differs. Send the file again.")
        raise UserError("content_differs", sentence)
    refuse_known(looked.sha256, upload.project)
    return looked


def _become(held: _Check, looked: Looked, conditions: Conditions) -> Recording:
    """Make the recording; of two who finish at once, the second finds nothing left to finish."""
    upload = held.upload
    announced = Announced(upload.original_name, upload.title, upload.subject_label)
    recording = Recording(
        pk=upload.pk,
        storage_key=upload.storage_key,
        **facts_of(announced, upload.project, upload.created_by),
    )
    with transaction.atomic():
        if not held.change(state=UploadState.DONE, checking_until=None):
            raise checking()
        admit(recording, looked, upload.subject_label, upload.pk, conditions.claim)
        Upload.objects.filter(pk=upload.pk).update(recording=recording)
    upload.recording = recording
    return recording


def _missing() -> UserError:
    return UserError("content_missing", _("Send the file's content first, then finish."), status=409)


def _parts_missing() -> UserError:
    sentence = _("Some parts of the file are missing. Send them, then finish.")
    return UserError("parts_missing", sentence, status=409)


def _size_differs() -> UserError:
    sentence = _(
        "What came is not as long as the file that was announced. Choose the file and send it again."
    )
    return UserError("size_differs", sentence)
