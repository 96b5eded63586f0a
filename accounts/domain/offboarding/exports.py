"""Putting together all that an organisation has, as zip files of bounded size in its storage.

One wake-up makes one part under a lease, so that a worker that dies costs one part, and the files of an
organisation of any size pass through a disk of bounded size. The first part holds the tables.
"""

import csv
import hashlib
import logging
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from io import StringIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_q.tasks import async_task

from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.domain.offboarding import contents
from accounts.domain.quotas import lock
from accounts.domain.retention import retentions
from accounts.enums import DataClass, OffboardingState
from accounts.models import Offboarding, OffboardingPart, Organisation, User
from echodepth.errors import UserError
from echodepth.storage import erasing
from echodepth.storage.registry import Stored
from echodepth.tenancy import sweeping

logger = logging.getLogger(__name__)

TASK = "accounts.tasks.take_along"
KIND = "offboarding"
"""An export, among kinds of things that are erased and have due dates."""
PART_BYTES = 512 * 1024**2
"""A part is closed behind the file with which it is larger; one larger file is a part of its own."""
ATTEMPTS = 5
LEASE = timedelta(seconds=settings.LEASE_SECONDS)
RENEW_SECONDS = min(20.0, LEASE.total_seconds() / 4)
COPIED = 1024 * 1024
INDEX = ("path", "kind", "id", "bytes", "sha256")
README = """All that this organisation has in EchoDepth.

Results and reports describe displays of the face. No decision about a person may rest on them alone. A
report is a draft unless it names the reviewer who signed it.

tables/*.jsonl holds one line of JSON for each row, in the first of these files. people.jsonl are the members.
The other files hold recordings, results, reports and documents; index.csv in each says what is what: the id
is that of the row in the table of that kind, and sha256 is of the content. A file without sha256 was not
there any more.
What would let somebody in (secrets, and hashes of them) is in none of these files.
"""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to make the next part, until the lease is over."""

    row: Offboarding
    lease: UUID

    @property
    def folder(self) -> str:
        return f"{exports_folder(self.row.organisation_id)}/{self.row.pk}/{self.lease}"


def exports_folder(organisation_id: UUID) -> str:
    """Where an organisation's exports lie in storage."""
    return f"{organisation_id}/offboarding"


def stored() -> Iterator[Stored]:
    """What should lie there, of the organisation in scope."""
    rows = OffboardingPart.objects.order_by("pk").values_list("storage_key", "pk", "size", "sha256")
    for key, part_id, size, sha256 in rows:
        yield Stored(key, part_id, size, sha256)


def current() -> Offboarding | None:
    """Of the organisation in scope."""
    found: Offboarding | None = Offboarding.objects.select_related("erasure", "asked_by").first()
    return found


@transaction.atomic
def begin(organisation: Organisation, user: User) -> Offboarding:
    """Put everything together, anew where it was before. Raises UserError `export_under_way`."""
    lock(organisation.pk)
    earlier = current()
    if earlier and (earlier.state == OffboardingState.EXPORTING or earlier.erasure_id):
        raise UserError(
            "export_under_way",
            _("Everything is being put together already. Wait until it is ready."),
            status=409,
        )
    if earlier:
        _forget(earlier)
    made: Offboarding = Offboarding.objects.create(organisation=organisation, asked_by=user)
    retentions.keep(DataClass.EXPORTS, KIND, made.pk, None, timezone.now())
    _wake(made)
    record(AuditAction.OFFBOARDING_BEGUN, organisation, export=True)
    return made


def _forget(row: Offboarding) -> None:
    """The row now, its objects with the commit: what is left of them where that fails, a sweep finds."""
    keys = list(row.parts.values_list("storage_key", flat=True))
    retentions.forget(KIND, row.pk)
    row.delete()
    transaction.on_commit(lambda: _erase(keys))


def _erase(keys: list[str]) -> None:
    for key in keys:
        erasing.erase(key)


def sweep() -> int:
    """Wake what nobody works on; how many exports that were."""
    idle = Q(lease_until=None, asked_at__lt=Now() - LEASE) | Q(lease_until__lt=Now())
    with sweeping():
        due = list(
            Offboarding.objects.filter(idle, state=OffboardingState.EXPORTING).values_list(
                "organisation_id", "pk"
            )
        )
    for organisation_id, row_id in due:
        async_task(TASK, str(organisation_id), str(row_id), group="offboarding", save=False)
    return len(due)


def _wake(row: Offboarding) -> None:
    async_task(TASK, str(row.organisation_id), str(row.pk), group="offboarding", save=False)


def work(row_id: UUID) -> None:
    """Make the next part and wake for the one behind it; returns at once where another does, or none is left.

    This is a task's outermost border: what goes wrong is logged, and tried again by the sweep.
    """
    held = _claim(row_id)
    if held is None:
        return
    try:
        _next_part(held)
    except Exception as error:
        logger.exception("offboarding %s: a part could not be made", row_id)
        code = "storage_unavailable" if isinstance(error, OSError) else "internal_error"
        _held(held).update(error_code=code)


def _claim(row_id: UUID) -> Claim | None:
    free = Q(lease_until=None) | Q(lease_until__lt=Now()) | Q(lease_until__gt=Now() + 2 * LEASE)
    lease = uuid.uuid4()
    mine = Offboarding.objects.filter(free, pk=row_id, state=OffboardingState.EXPORTING)
    if not mine.update(lease=lease, lease_until=Now() + LEASE, attempts=F("attempts") + 1):
        return None
    row = Offboarding.objects.get(pk=row_id)
    held = Claim(row, lease)
    if row.attempts > ATTEMPTS:
        _held(held).update(state=OffboardingState.FAILED, lease=None, lease_until=None)
        return None
    return held


def _held(held: Claim) -> "QuerySet[Offboarding]":
    return Offboarding.objects.filter(pk=held.row.pk, lease=held.lease, state=OffboardingState.EXPORTING)


@dataclass(slots=True)
class Part:
    """A zip under way."""

    archive: ZipFile
    tick: Callable[[], None]
    entries: int = 0
    written: int = 0
    """Bytes, before they are packed."""
    last: tuple[str, UUID] | None = None
    index: list[tuple[str, ...]] = field(default_factory=list)

    def add(self, name: str, chunks: Iterator[bytes], packing: int) -> tuple[int, str]:
        """Bytes and SHA-256 of what was added."""
        facts = ZipInfo(name, date_time=time.gmtime()[:6])
        facts.compress_type, digest, size = packing, hashlib.sha256(), 0
        with self.archive.open(facts, "w", force_zip64=True) as target:
            for chunk in chunks:
                target.write(chunk)
                digest.update(chunk)
                size += len(chunk)
                self.tick()
        self.entries += 1
        self.written += size
        return size, digest.hexdigest()

    def close(self) -> None:
        text = StringIO()
        csv.writer(text).writerows([INDEX, *self.index])
        if self.index:
            self.add("index.csv", iter([text.getvalue().encode()]), ZIP_DEFLATED)


def _next_part(held: Claim) -> None:
    number = held.row.parts.count() + 1
    with NamedTemporaryFile(prefix="echodepth-offboarding-", suffix=".zip") as made:
        with ZipFile(made, "w") as archive:
            part = Part(archive, _renewing(held))
            (_fill_with_tables if number == 1 else _fill_with_files)(part, held.row)
            part.close()
        made.flush()
        if part.entries:
            _store(held, number, part, Path(made.name))
        else:
            _finish(held)


def _fill_with_tables(part: Part, _row: Offboarding) -> None:
    part.add("README.txt", iter([README.encode()]), ZIP_DEFLATED)
    for name, lines in contents.tables():
        part.add(f"tables/{name}.jsonl", lines, ZIP_DEFLATED)


def _fill_with_files(part: Part, row: Offboarding) -> None:
    for kind, file in contents.files(row.after_kind, row.after_id):
        try:
            with default_storage.open(file.key) as source:
                size, digest = part.add(file.path, _chunks(source), ZIP_STORED)
            told = (str(size), digest)
        except FileNotFoundError:
            told = ("", "")
        part.index.append((file.path, kind, str(file.id), *told))
        part.last = (kind, file.id)
        if part.written >= PART_BYTES:
            return


def _chunks(source: IO[bytes]) -> Iterator[bytes]:
    while chunk := source.read(COPIED):
        yield chunk


def _store(held: Claim, number: int, part: Part, path: Path) -> None:
    with path.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
        handle.seek(0)
        key = str(default_storage.save(f"{held.folder}/part-{number:04}.zip", File(handle)))
    kind, last = part.last or ("", None)
    with transaction.atomic():
        kept = _held(held).update(
            after_kind=kind, after_id=last, attempts=0, error_code="", lease=None, lease_until=None
        )
        if kept:
            OffboardingPart.objects.create(
                organisation_id=held.row.organisation_id,
                offboarding=held.row,
                number=number,
                storage_key=key,
                size=path.stat().st_size,
                sha256=digest,
                entries=part.entries,
            )
            _wake(held.row)
    if not kept:
        erasing.erase(key)


@transaction.atomic
def _finish(held: Claim) -> None:
    done = _held(held).update(
        state=OffboardingState.READY, ready_at=Now(), error_code="", lease=None, lease_until=None
    )
    if done:
        retentions.keep(DataClass.EXPORTS, KIND, held.row.pk, None, timezone.now())


class LostError(Exception):
    """Another worker has the lease."""


def _renewing(held: Claim) -> Callable[[], None]:
    """Renews the lease now and then, when it is called often; raises LostError when it is gone."""
    last = time.monotonic()

    def tick() -> None:
        nonlocal last
        if time.monotonic() - last >= RENEW_SECONDS:
            last = time.monotonic()
            if not _held(held).update(lease_until=Now() + LEASE):
                raise LostError

    return tick


@dataclass(frozen=True, slots=True)
class Made:
    """What the page says of the parts."""

    parts: list[OffboardingPart]
    size: int


def made(row: Offboarding) -> Made:
    parts = list(row.parts.all())
    return Made(parts, row.parts.aggregate(total=Sum("size"))["total"] or 0)
