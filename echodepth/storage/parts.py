"""Objects that come in parts: the protocol that every kind of storage speaks, and browsers with it.

An object is begun, its parts are sent straight to storage by links that are good for a while, in any order
and again where one broke off, and it is finished: only then does it exist. Both kinds of storage speak it, an
S3-compatible server (`echodepth.storage.s3`) and a local folder (`echodepth.storage.local`), so that pages
and programs have one way in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

MIB = 1024 * 1024
PART_SIZE = 8 * MIB
"""Bytes of a part: what a broken connection loses at most. S3 takes no part under 5 MiB but the last."""
MOST_PARTS = 10_000
"""S3's limit."""
LINK_LIFE = timedelta(hours=1)
"""How long a part may take to begin; a client asks for a new link after it."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part that has come in whole."""

    number: int
    """From 1."""
    size: int
    """Bytes."""
    etag: str
    """The storage's own mark of the content, as S3's ETag: quoted or not, it is only handed back."""


@dataclass(frozen=True, slots=True)
class PartLink:
    """Where a client sends one part with PUT, and the headers it must send."""

    number: int
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An object that was begun, and neither finished nor abandoned."""

    key: str
    parts_id: str
    begun_at: datetime


class PartStore(Protocol):
    """Every function raises OSError when the storage cannot be reached or refuses."""

    def begin(self, key: str, part: int) -> str:
        """Open an object that comes in parts of `part` bytes, the last of what is left; its id there."""

    def link(self, key: str, parts_id: str, number: int, size: int) -> PartLink:
        """Where the part of `size` bytes is sent, for the next `LINK_LIFE`."""

    def received(self, key: str, parts_id: str) -> list[Part]:
        """The parts that are there, by number. Raises FileNotFoundError for what is finished or abandoned."""

    def finish(self, key: str, parts_id: str, parts: Sequence[Part]) -> None:
        """Make the object of these parts: all of them, from 1 on.

        Raises FileNotFoundError as `received` does, and ValueError for parts that are not those that came.
        """

    def abandon(self, key: str, parts_id: str) -> None:
        """Throw away what came; nothing where there is nothing (any more)."""

    def unfinished(self, prefix: str) -> list[Unfinished]:
        """All whose keys begin with the prefix; of a finished one that a crash left behind, its remains."""


def part_size(size: int) -> int:
    """Bytes of each part but the last for an object of `size` bytes, in whole MiB."""
    least = -(-size // MOST_PARTS)
    return max(PART_SIZE, -(-least // MIB) * MIB)


def sizes(size: int, part: int) -> list[int]:
    """Bytes of each part in order, for an object of `size` bytes in parts of `part`."""
    whole, rest = divmod(size, part)
    return [part] * whole + [rest] * bool(rest)
