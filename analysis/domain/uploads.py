"""Receiving files: nothing is kept of a file that is refused."""

import hashlib
import unicodedata
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePath
from tempfile import NamedTemporaryFile
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.domain.projects import find_or_add_subject
from accounts.models import Project, Subject, User
from analysis.domain import objects, runs
from analysis.domain.summary import media_facts
from analysis.engine.errors import EngineError
from analysis.engine.probe import Limits, probe
from analysis.engine.types import MediaInfo
from analysis.messages import explain
from analysis.models import Document, Recording
from analysis.validators import document_kind
from echodepth.errors import UserError

NAME_LENGTH = 200


def receive_recording(
    upload: UploadedFile, project: Project, user: User, title: str = "", subject_label: str = ""
) -> Recording:
    """Store a recording and request its analysis, both or neither.

    `subject_label` names a subject of the project, who is made when there is none of that label.
    Raises UserError `too_large`, or the engine's code when the file is not a video it can analyse.
    """
    with _local(upload) as path, ExitStack() as undo:
        info = _probed(path)
        recording = Recording(**_facts(upload, project, user, title), size=info.size, sha256=info.sha256)
        key = objects.recording_key(project.organisation_id, recording.pk)
        recording.storage_key = objects.store(key, path)
        undo.callback(objects.erase, recording.storage_key)
        with transaction.atomic():
            recording.subject = _subject(project, subject_label.strip())
            recording.save()
            runs.request(recording, user, media_facts(info))
        undo.pop_all()
    return recording


def receive_document(upload: UploadedFile, project: Project, user: User, title: str = "") -> Document:
    """Store a document beside the project's recordings.

    Raises UserError `too_large`, `empty_file`, `type_not_allowed` or `content_differs`.
    """
    with _local(upload) as path, ExitStack() as undo:
        if not path.stat().st_size:
            raise UserError("empty_file", str(explain("empty_file")))
        document_kind(file_name(upload), path)
        document = Document(
            **_facts(upload, project, user, title), size=path.stat().st_size, sha256=_sha256(path)
        )
        key = objects.document_key(project.organisation_id, document.pk)
        document.storage_key = objects.store(key, path)
        undo.callback(objects.erase, document.storage_key)
        document.save()
        undo.pop_all()
    return document


def file_name(upload: UploadedFile) -> str:
    """The name the member's device gave the file, without folders and control characters."""
    plain = "".join(sign for sign in str(upload.name or "") if unicodedata.category(sign)[0] != "C")
    name = PurePath(plain.replace("\\", "/")).name.strip()
    suffix = PurePath(name).suffix[:20]
    return name.removesuffix(suffix)[: NAME_LENGTH - len(suffix)] + suffix or gettext("unnamed")


def _facts(upload: UploadedFile, project: Project, user: User, title: str) -> dict[str, Any]:
    name = file_name(upload)
    return {
        "organisation_id": project.organisation_id,
        "project": project,
        "uploaded_by": user,
        "original_name": name,
        "title": title.strip() or PurePath(name).stem,
    }


def _subject(project: Project, label: str) -> Subject | None:
    return find_or_add_subject(project, label) if label else None


def _probed(path: Path) -> MediaInfo:
    try:
        return probe(path, Limits(max_seconds=settings.MAX_SECONDS))
    except EngineError as error:
        raise UserError(error.code, str(explain(error.code, error.facts))) from error


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


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
