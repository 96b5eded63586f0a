"""Receiving files: nothing is kept of a file that is refused."""

import hashlib
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath
from tempfile import NamedTemporaryFile
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.models import Project, User
from analysis.domain import objects, retention
from analysis.domain.intake.admission import ANYWHERE, Conditions, accept_all, admit, look, refuse_known
from analysis.domain.intake.outages import storage_reached
from analysis.domain.intake.usage import claim_room
from analysis.messages import explain
from analysis.models import Document, Recording
from analysis.validators import document_kind
from echodepth.errors import UserError

NAME_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Announced:
    """What the sender says of a file."""

    name: str
    """As `plain_name` gives it."""
    title: str = ""
    """The name without its suffix when empty."""
    subject_label: str = ""


def receive_recording(
    upload: UploadedFile,
    project: Project,
    user: User | None,
    title: str = "",
    subject_label: str = "",
    conditions: Conditions = ANYWHERE,
) -> Recording:
    """Store a recording that came with a form, of somebody without an account too; see `take_recording`.

    Raises UserError `too_large` and `storage_unavailable` too.
    """
    with _noted(project, upload), storage_reached(), _local(upload) as path:
        return take_recording(
            path, Announced(file_name(upload), title, subject_label), project, user, conditions
        )


def take_recording(
    path: Path,
    announced: Announced,
    project: Project,
    user: User | None,
    conditions: Conditions = ANYWHERE,
) -> Recording:
    """Store a local file as a recording and request its analysis, both or neither.

    Raises what `admission.look`, the conditions and `admission.admit` raise.
    """
    looked = look(path)
    conditions.accept(looked)
    refuse_known(looked.sha256, project)
    recording = Recording(**facts_of(announced, project, user))
    with ExitStack() as undo:
        key = objects.recording_key(project.organisation_id, recording.pk)
        recording.storage_key = objects.store(key, path)
        undo.callback(objects.erase, recording.storage_key)
        admit(recording, looked, announced.subject_label, claim=conditions.claim)
        undo.pop_all()
    return recording


def receive_document(
    upload: UploadedFile,
    project: Project,
    user: User | None,
    title: str = "",
    claim: Callable[[Document], None] = accept_all,
) -> Document:
    """Store a document beside the project's recordings; `claim` is called in the transaction that keeps it.

    Raises UserError `too_large`, `empty_file`, `type_not_allowed`, `content_differs`, `quota_bytes` or
    `storage_unavailable`, and what `claim` raises.
    """
    with storage_reached(), _local(upload) as path, ExitStack() as undo:
        if not path.stat().st_size:
            raise UserError("empty_file", str(explain("empty_file")))
        document_kind(file_name(upload), path)
        document = Document(
            **facts_of(Announced(file_name(upload), title), project, user),
            size=path.stat().st_size,
            sha256=_sha256(path),
        )
        key = objects.document_key(project.organisation_id, document.pk)
        document.storage_key = objects.store(key, path)
        undo.callback(objects.erase, document.storage_key)
        with transaction.atomic():
            claim_room(project.organisation_id, document.size, recordings=0)
            document.save()
            retention.keep_document(document)
            claim(document)  # before the trail, which everybody locks last
            record(AuditAction.DOCUMENT_UPLOADED, document, size=document.size)
        undo.pop_all()
    return document


def file_name(upload: UploadedFile) -> str:
    """The name the member's device gave the file, made plain."""
    return plain_name(str(upload.name or ""))


def plain_name(given: str) -> str:
    """A file's name without folders and control characters, of at most 200 characters."""
    plain = "".join(sign for sign in given if unicodedata.category(sign)[0] != "C")
    name = PurePath(plain.replace("\\", "/")).name.strip()
    suffix = PurePath(name).suffix[:20]
    return name.removesuffix(suffix)[: NAME_LENGTH - len(suffix)] + suffix or gettext("unnamed")


def facts_of(announced: Announced, project: Project, user: User | None) -> dict[str, Any]:
    """Fields of a stored file that its sender says."""
    return {
        "organisation_id": project.organisation_id,
        "project": project,
        "uploaded_by": user,
        "original_name": announced.name,
        "title": announced.title.strip() or PurePath(announced.name).stem,
    }


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


@contextmanager
def _noted(project: Project, upload: UploadedFile) -> Iterator[None]:
    """The trail tells what was refused: somebody may be trying."""
    try:
        yield
    except UserError as refusal:
        if refusal.code in {"storage_full", "storage_unavailable"}:
            raise
        record(AuditAction.UPLOAD_REFUSED, project, code=refusal.code, size=upload.size or 0)
        raise


@contextmanager
def _local(upload: UploadedFile) -> Iterator[Path]:
    """The upload as a file on disk, where Django has put a large one already."""
    if (upload.size or 0) > settings.MAX_UPLOAD_BYTES:
        raise UserError("too_large", _("The file is larger than this installation takes."), status=413)
    if isinstance(upload, TemporaryUploadedFile):
        yield Path(upload.temporary_file_path())
        return
    with NamedTemporaryFile(prefix="echodepth-upload-") as handle:
        for chunk in upload.chunks():
            handle.write(chunk)
        handle.flush()
        yield Path(handle.name)
