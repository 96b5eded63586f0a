"""Rows and objects compared both ways.

What rows point to must be there, of the size and checksum they tell; what is there must be pointed to.
Objects are listed before rows are read, and what then seems wrong is looked at again, because work goes on
meanwhile: an object that was erased is no loss, and a young one may have its row still to come.
"""

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.utils import timezone

from echodepth.storage import registry
from echodepth.storage.chosen import object_storage, part_store
from echodepth.storage.local import INCOMING
from echodepth.storage.parts import MIB
from echodepth.storage.registry import Stored
from echodepth.storage.s3 import CHECKED, Listed, NotEncryptedError

LOST = "lost"
"""A row points to it and it is not there."""
DIFFERS = "differs"
"""It is not what the row tells: other bytes, another number of them, or none."""
OPEN = "not encrypted"
ORPHAN = "orphan"
"""It is there and no row points to it."""
UNFINISHED = "unfinished"
"""It came in parts, in part, and no upload waits for it."""
NEEDLESS = frozenset({ORPHAN, UNFINISHED})
"""What may be deleted."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with one object."""

    what: str
    key: str
    kind: str = ""
    """Of a row's object, as it was registered; of unfinished ones their id in storage."""
    row_id: UUID | None = None
    detail: str = ""
    size: int | None = None
    age: timedelta | None = None


@dataclass
class Seen:
    """How much was looked at."""

    rows: int = 0
    objects: int = 0
    size: int = 0


def verify(organisation_id: UUID, older_than: timedelta, *, fast: bool, seen: Seen) -> Iterator[Finding]:
    """What is wrong with the objects of the organisation in scope.

    `fast` reads no object: it compares sizes alone. Only what is older than a while is needless.
    Raises OSError where storage cannot be read.
    """
    prefix = f"{organisation_id}/"
    there = {found.key: found for found in listed(prefix)}
    rows = list(registry.expected())
    seen.rows += len(rows)
    seen.objects += len(there)
    seen.size += sum(found.size for found in there.values())
    suspects = [finding for kind, row in rows for finding in _compared(kind, row, there, fast=fast)]
    known = {row.key for _kind, row in rows}
    suspects += [_orphan(found) for key, found in there.items() if key not in known]
    suspects += _unfinished(prefix)
    yield from _still_so(_of_age(suspects, older_than))


def strays(organisations: Iterable[UUID], older_than: timedelta, seen: Seen) -> Iterator[Finding]:
    """Objects that lie outside of every organisation that there is."""
    known = {str(organisation) for organisation in organisations} | {CHECKED, INCOMING}
    for found in listed(""):
        if found.key.partition("/")[0] not in known:
            seen.objects += 1
            seen.size += found.size
            yield from _of_age([_orphan(found)], older_than)
    every = _unfinished("")
    yield from _of_age([one for one in every if one.key.partition("/")[0] not in known], older_than)


def delete(finding: Finding) -> None:
    """Delete what is needless."""
    if finding.what == UNFINISHED:
        part_store().abandon(finding.key, finding.kind)
    elif finding.what == ORPHAN:
        default_storage.delete(finding.key)


def listed(prefix: str) -> Iterator[Listed]:
    """Every object whose key begins so, but what is only coming in."""
    server = object_storage()
    if server:
        yield from server.listed(prefix)
        return
    root = Path(default_storage.path(""))
    for place, folders, files in os.walk(root / prefix):
        if Path(place) == root and INCOMING in folders:
            folders.remove(INCOMING)
        for name in files:
            path = Path(place) / name
            try:
                facts = path.stat()
            except FileNotFoundError:
                continue  # erased meanwhile
            changed_at = datetime.fromtimestamp(facts.st_mtime, UTC)
            yield Listed(path.relative_to(root).as_posix(), facts.st_size, changed_at)


def _compared(kind: str, row: Stored, there: dict[str, Listed], *, fast: bool) -> Iterator[Finding]:
    found = there.get(row.key)
    about = Finding(DIFFERS, row.key, kind, row.row_id, size=row.size)
    if found is None:
        if row.required:
            yield replace(about, what=LOST)
    elif row.size not in (None, found.size):
        yield replace(about, detail=f"{found.size} bytes, not {row.size}")
    elif not found.size:
        yield replace(about, detail="empty")
    elif not fast:
        yield from _read(about, row)


def _read(about: Finding, row: Stored) -> Iterator[Finding]:
    """Compared byte for byte."""
    try:
        if row.sha256 or row.is_whole:
            with default_storage.open(row.key) as content:
                if row.sha256 and _sha256(content) != row.sha256:
                    yield replace(about, detail="another checksum")
                elif row.is_whole and not row.is_whole(content):
                    yield replace(about, detail="not whole")
        server = object_storage()
        if server:
            server.see_encrypted(server.head(row.key))
    except FileNotFoundError:  # erased since it was listed
        if row.required:
            yield replace(about, what=LOST)
    except NotEncryptedError:
        yield replace(about, what=OPEN)


def _sha256(content: Any) -> str:
    digest = hashlib.sha256()
    for piece in content.chunks(MIB):
        digest.update(piece)
    return digest.hexdigest()


def _orphan(found: Listed) -> Finding:
    return Finding(ORPHAN, found.key, size=found.size, age=timezone.now() - found.changed_at)


def _unfinished(prefix: str) -> list[Finding]:
    now = timezone.now()
    return [
        Finding(UNFINISHED, begun.key, begun.parts_id, age=now - begun.begun_at)
        for begun in part_store().unfinished(prefix)
    ]


def _of_age(findings: Iterable[Finding], older_than: timedelta) -> list[Finding]:
    return [one for one in findings if one.age is None or one.age >= older_than]


def _still_so(findings: list[Finding]) -> Iterator[Finding]:
    """Without what was erased or taken in since it was looked at."""
    if not findings:
        return
    known = {row.key for _kind, row in registry.expected()}
    awaited = registry.awaited()
    for one in findings:
        if one.what == UNFINISHED:
            holds = one.kind not in awaited
        elif one.what == ORPHAN:
            holds = one.key not in known
        else:
            holds = one.key in known and (one.what != LOST or not default_storage.exists(one.key))
        if holds:
            yield one
