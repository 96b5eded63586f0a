"""Objects that come in parts into a local folder: each part is written where it belongs in one file.

What is on its way lies in a hidden folder inside the storage, so that finishing is a rename and no byte is
copied: `.incoming/<key>/<id>/` with `content`, a `lock`, `send-<number>` for who sends a part now, and
`part-<number>` for a part that came in whole. Whoever writes holds the lock for each piece and sees first
that the part is still its own: of two who send the same part the later one goes on, and nobody writes into
an object that is finished.
"""

import fcntl
import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from django.core import signing
from django.urls import reverse
from django.utils._os import safe_join

from echodepth.storage.durable import keep_names
from echodepth.storage.parts import MIB, MOST_PARTS, Part, PartLink, Unfinished

INCOMING = ".incoming"
"""No organisation's id, so no object's key begins with it."""
SALT = "echodepth.storage.parts"
PIECE = MIB
"""Bytes read and written at a time."""
PARTS_ID = re.compile(r"[0-9a-f]{32}-(?P<part>[1-9][0-9]*)")
"""The last number is the bytes of a part: where a part belongs follows from it."""


class PartBrokenOffError(OSError):
    """Fewer bytes came than were announced."""


class PartReplacedError(OSError):
    """The same part is being sent again, and that goes on."""


class LocalParts:
    """Beside the objects of a `FileSystemStorage` whose `location` is `root`."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def begin(self, key: str, part: int) -> str:
        parts_id = f"{uuid4().hex}-{part}"
        folder = self._folder(key, parts_id)
        _make(folder)
        (folder / "content").touch()
        (folder / "lock").touch()
        return parts_id

    def link(self, key: str, parts_id: str, number: int, size: int) -> PartLink:
        token = signing.dumps([key, parts_id, number, size], salt=SALT)
        return PartLink(number, reverse("part", args=[token]))

    def received(self, key: str, parts_id: str) -> list[Part]:
        folder = self._folder(key, parts_id)
        (folder / "content").stat()
        return _recorded(folder)

    def finish(self, key: str, parts_id: str, parts: Sequence[Part]) -> None:
        folder = self._folder(key, parts_id)
        with _locked(folder):
            _check(parts, _recorded(folder), _part_size(parts_id))
            with (folder / "content").open("r+b") as content:
                content.truncate(sum(part.size for part in parts))
                os.fsync(content.fileno())
            self._put(folder / "content", self._path(key))
            self._clear(folder)

    def abandon(self, key: str, parts_id: str) -> None:
        folder = self._folder(key, parts_id)
        # Without a lock there is nobody to wait for: it is gone, or its making was broken off.
        with suppress(FileNotFoundError), _locked(folder):
            self._clear(folder)
        self._clear(folder)

    def unfinished(self, prefix: str) -> list[Unfinished]:
        incoming = self._root / INCOMING
        found = [Path(place) for place, _folders, _files in os.walk(incoming) if _is_id(Path(place).name)]
        named = [(folder.parent.relative_to(incoming).as_posix(), folder) for folder in sorted(found)]
        return [
            Unfinished(key, folder.name, _begun_at(folder)) for key, folder in named if key.startswith(prefix)
        ]

    def receive(self, key: str, parts_id: str, number: int, size: int, read: Callable[[int], bytes]) -> Part:
        """Write a part of `size` bytes as `read` gives them, and record it once it is whole.

        Raises PartBrokenOffError, PartReplacedError, FileNotFoundError where the object is finished or
        abandoned, OSError when the disk is full or broken. What came before a break is sent again.
        """
        folder, sender = self._folder(key, parts_id), uuid4().hex
        part = _part_size(parts_id)
        if not (0 < number <= MOST_PARTS and 0 < size <= part):
            raise ValueError("no part of this object")
        with _locked(folder):
            (folder / f"part-{number}").unlink(missing_ok=True)
            (folder / f"send-{number}").write_text(sender)
        with (folder / "content").open("r+b", buffering=0) as content:
            mark = _write(folder, number, sender, content.fileno(), (number - 1) * part, size, read)
            os.fsync(content.fileno())
        received = Part(number, size, mark)
        with _sending(folder, number, sender):
            _record(folder, received)
        return received

    def _path(self, key: str) -> Path:
        return Path(safe_join(str(self._root), key))

    def _folder(self, key: str, parts_id: str) -> Path:
        """Raises FileNotFoundError for what is no id of ours."""
        if not _is_id(parts_id):
            raise FileNotFoundError(parts_id)
        return Path(safe_join(str(self._root / INCOMING), key, parts_id))

    def _put(self, content: Path, target: Path) -> None:
        """The object is there, also after a power cut, or it is not."""
        target.parent.mkdir(parents=True, exist_ok=True)
        content.replace(target)
        keep_names(target, self._root)

    def _clear(self, folder: Path) -> None:
        """Throw the folder away, and those above it that held nothing else."""
        shutil.rmtree(folder, ignore_errors=True)
        for parent in folder.parents:
            if parent == self._root:
                return
            try:
                parent.rmdir()
            except FileNotFoundError:
                continue
            except OSError:  # something else is on its way there
                return


def _is_id(text: str) -> bool:
    return PARTS_ID.fullmatch(text) is not None


def _part_size(parts_id: str) -> int:
    return int(parts_id.rpartition("-")[2])


def _make(folder: Path) -> None:
    """Another's clearing up may take the folder above away in between: then once more."""
    for _attempt in range(10):
        with suppress(FileNotFoundError):
            folder.mkdir(parents=True)
            return
    folder.mkdir(parents=True)


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """The object to oneself, among all threads and processes. Raises FileNotFoundError when it is gone."""
    with (folder / "lock").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        (folder / "lock").stat()
        yield


@contextmanager
def _sending(folder: Path, number: int, sender: str) -> Iterator[None]:
    """As `_locked`, and the part is still this sender's; else PartReplacedError."""
    with _locked(folder):
        if (folder / f"send-{number}").read_text() != sender:
            raise PartReplacedError(f"part {number}")
        yield


def _write(
    folder: Path, number: int, sender: str, content: int, offset: int, size: int, read: Callable[[int], bytes]
) -> str:
    """Write exactly `size` bytes; their SHA-256."""
    digest, written = hashlib.sha256(), 0
    while written < size:
        piece = read(min(PIECE, size - written))
        if not piece:
            raise PartBrokenOffError(f"part {number}: {written} of {size} bytes")
        with _sending(folder, number, sender):
            _write_all(content, piece, offset + written)
        digest.update(piece)
        written += len(piece)
    return digest.hexdigest()


def _write_all(content: int, piece: bytes, offset: int) -> None:
    rest = memoryview(piece)
    while rest:
        written = os.pwrite(content, rest, offset)
        rest, offset = rest[written:], offset + written


def _record(folder: Path, part: Part) -> None:
    made = folder / f"made-{part.number}"
    made.write_text(json.dumps([part.size, part.etag]))
    made.replace(folder / f"part-{part.number}")


def _recorded(folder: Path) -> list[Part]:
    found = []
    for path in folder.glob("part-*"):
        with suppress(FileNotFoundError):  # it is being sent again
            size, etag = json.loads(path.read_text())
            found.append(Part(int(path.name.removeprefix("part-")), size, etag))
    return sorted(found, key=lambda part: part.number)


def _check(parts: Sequence[Part], recorded: Sequence[Part], part_size: int) -> None:
    """Raises ValueError for parts that did not come so, and for a gap, which would be zeros in the file."""
    known = {(part.number, part.size, part.etag) for part in recorded}
    named = [(part.number, part.size, part.etag.strip('"')) for part in parts]
    in_order = [number for number, _size, _etag in named] == list(range(1, len(parts) + 1))
    if not parts or not in_order or not known.issuperset(named):
        raise ValueError("not the parts that came")
    if any(part.size != part_size for part in parts[:-1]):
        raise ValueError("a part before the last is short")


def _begun_at(folder: Path) -> datetime:
    lock = folder / "lock"
    return datetime.fromtimestamp((lock if lock.exists() else folder).stat().st_mtime, UTC)
