"""The copy of all that is held of a person: a zip of machine-readable files and a readable PDF, in storage.

A worker makes it, so that no browser waits. Asked for again, it is made anew, and the one before it goes.
"""

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, TYPE_CHECKING, Any
from uuid import UUID, uuid4
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django_q.tasks import async_task

from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.domain.retention import retentions
from accounts.domain.rights import exporters, readable, trail
from accounts.domain.rights.exporters import Row
from accounts.domain.rights.requests import KIND, in_trail
from accounts.enums import DataClass
from accounts.models import Retention, RightsRequest, Subject
from echodepth import files
from echodepth.files import StoredFile
from echodepth.storage import erasing
from echodepth.storage.registry import Stored

if TYPE_CHECKING:
    from django.db.models import QuerySet

logger = logging.getLogger(__name__)

TASK = "accounts.tasks.make_copy"
NAME = "copy-of-personal-data.zip"
LINK = "rights.copy"
"""As links to files name it."""


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of what is held: a file in `data/`, and a part of the readable PDF."""

    name: str
    title: str | Promise
    rows: list[Row]


def folder(organisation_id: UUID, request_id: UUID) -> str:
    """Where a request's copies lie in storage."""
    return f"{organisation_id}/rights/{request_id}"


def stored() -> Iterator[Stored]:
    """What should lie there, of the organisation in scope."""
    rows = RightsRequest.objects.order_by("pk").values_list("export_key", "pk", "export_sha256")
    for key, request_id, sha256 in rows:
        yield Stored(key, request_id, sha256=sha256)


def file(request_id: UUID) -> StoredFile:
    """What a link leads to; Http404 where there is no such request."""
    request = RightsRequest.objects.filter(pk=request_id).first()
    if request is None:
        raise Http404
    return StoredFile(request.export_key, NAME, "application/zip")


def link(request: RightsRequest) -> str:
    """Address of the copy for the next minute; raises as `echodepth.files.link` does."""
    address = files.link(LINK, request.pk)
    record(AuditAction.RIGHTS_EXPORTED, in_trail(request.pk), downloaded=True)
    return address


@transaction.atomic
def ask(request: RightsRequest, *, with_media: bool) -> None:
    """Have the copy made; `with_media` with recordings, and reports, which may show others."""
    request.copy_asked_at, request.copy_with_media = timezone.now(), with_media
    request.save(update_fields=["copy_asked_at", "copy_with_media"])
    async_task(TASK, str(request.organisation_id), str(request.pk), group="rights", save=False)


def make(request_id: UUID) -> bool:
    """Answer a wake-up: make the copy that was asked for; False where nothing is asked (any more).

    Two workers at once make two files; the one that ends later erases its own.
    """
    waiting = RightsRequest.objects.exclude(copy_asked_at=None).exclude(subject=None)
    request = waiting.select_related("subject__project__organisation").filter(pk=request_id).first()
    if request is None or request.subject is None:
        return False
    with NamedTemporaryFile(prefix="echodepth-copy-", suffix=".zip") as made:
        write(request.subject, made, with_media=request.copy_with_media)
        if not _wanted(request).exists():  # the person went while their data were read: nothing is stored
            return False
        key, sha256 = _store(request, Path(made.name))
    if _keep(request, key, sha256):
        return True
    erasing.erase(key)
    return False


def _wanted(request: RightsRequest) -> "QuerySet[RightsRequest]":
    mine = RightsRequest.objects.filter(pk=request.pk, copy_asked_at=request.copy_asked_at)
    found: QuerySet[RightsRequest] = mine.exclude(subject=None)
    return found


def _store(request: RightsRequest, path: Path) -> tuple[str, str]:
    key = f"{folder(request.organisation_id, request.pk)}/{uuid4()}.zip"
    with path.open("rb") as content:
        sha256 = hashlib.file_digest(content, "sha256").hexdigest()
        content.seek(0)
        return str(default_storage.save(key, File(content))), sha256


def _keep(request: RightsRequest, key: str, sha256: str) -> bool:
    """Point the row to the new file, and erase the one before it with the commit."""
    with transaction.atomic():
        if not _wanted(request).update(export_key=key, export_sha256=sha256, copy_asked_at=None):
            return False
        project_id = request.subject.project_id if request.subject else None
        retentions.keep(DataClass.EXPORTS, KIND, request.pk, project_id, timezone.now())
        record(AuditAction.RIGHTS_EXPORTED, in_trail(request.pk), with_media=request.copy_with_media)
        if request.export_key:
            transaction.on_commit(lambda: erasing.erase(request.export_key))
    return True


def write(subject: Subject, target: IO[bytes], *, with_media: bool) -> None:
    """Write the zip. Raises OSError where storage does not answer; what is gone there is told as such."""
    parts = list(sections(subject))
    index: list[Row] = []
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for part in parts:
            text = json.dumps(part.rows, ensure_ascii=False, indent=1)
            _add(archive, index, f"data/{part.name}.json", text.encode("utf-8"))
        for file in exporters.files(subject, with_media=with_media):
            _add_file(archive, index, file)
        _add(archive, index, "overview.pdf", readable.pdf(subject, parts, index))
        archive.writestr("index.json", json.dumps(index, indent=1))
        archive.writestr("README.txt", readable.readme(subject))


def sections(subject: Subject) -> Iterator[Section]:
    """Everything but files, kind by kind; kinds of which there is nothing stand there empty."""
    ids: set[str] = set()
    named: set[str] = set()
    for one in exporters.exporters():
        found = [(exporters.copy_of(row), one.others(subject, row)) for row in one.rows(subject)]
        rows = [row | instead for row, instead in found]
        ids |= {str(row["id"]) for row in rows}
        named |= {str(row["id"]) for row, instead in found if not instead}
        name = one.model._meta.label_lower.replace(".", "-")  # noqa: SLF001 - Django's documented API
        yield Section(name, one.title, rows)
    yield Section("what-for", _("What recordings are analysed for"), list(exporters.declarations(subject)))
    yield Section("kept-until", _("How long it is kept"), list(_due(ids)))
    yield Section("who-saw-it", _("Who saw or changed it"), list(trail.of_subject(subject, ids)))
    yield Section("names-in-the-trail", _("Names beside the audit trail"), list(trail.names(named)))


def _due(ids: Iterable[str]) -> Iterator[Row]:
    for row in Retention.objects.filter(object_id__in=list(ids)):
        ends = retentions.ends_at(row)
        told = {"kind": row.kind, "id": str(row.object_id), "data": str(row.get_data_class_display())}
        yield told | {"until": ends.isoformat() if ends else None}


def _add(archive: ZipFile, index: list[Row], name: str, content: bytes) -> None:
    archive.writestr(name, content)
    index.append(_entry(name, len(content), hashlib.sha256(content).hexdigest()))


def _add_file(archive: ZipFile, index: list[Row], file: exporters.CopiedFile) -> None:
    """By way of a local file: what breaks off half-way in storage does not stand half in the zip."""
    with NamedTemporaryFile(prefix="echodepth-copy-") as local:
        try:
            file.write(local)
        except FileNotFoundError:
            index.append(_entry(file.name, None, ""))
            return
        local.flush()
        local.seek(0)
        sha256 = hashlib.file_digest(local, "sha256").hexdigest()
        archive.write(local.name, file.name)
        index.append(_entry(file.name, Path(local.name).stat().st_size, sha256))


def _entry(name: str, size: int | None, sha256: str) -> dict[str, Any]:
    return {"file": name, "bytes": size, "sha256": sha256}
