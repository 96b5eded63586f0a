"""What should lie in storage: each app announces the objects that its rows point to."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Stored:
    """An object as a row of the organisation in scope knows it."""

    key: str
    row_id: UUID
    size: int | None = None
    """Bytes; None where no row tells."""
    sha256: str = ""
    """Hexadecimal; empty where no row tells."""
    is_whole: Callable[[IO[bytes]], bool] | None = None
    """Where no row tells the checksum: whether what is there looks like what was written."""
    required: bool = True
    """Whether it must be there; False for what is only on its way, or may go any moment."""


Rows = Callable[[], Iterable[Stored]]
"""Called in an organisation's scope."""
Unfinished = Callable[[], Iterable[str]]
"""Called in an organisation's scope: ids in storage of what comes in parts and is waited for."""

_kinds: dict[str, Rows] = {}
_unfinished: list[Unfinished] = []


def register(kind: str, rows: Rows) -> None:
    """Announce a kind of object, by a name for people who run the product."""
    _kinds[kind] = rows


def register_unfinished(ids: Unfinished) -> None:
    """Announce which unfinished objects somebody waits for."""
    _unfinished.append(ids)


def expected() -> Iterator[tuple[str, Stored]]:
    """Every object of the organisation in scope, with its kind; those without a key left out."""
    for kind, rows in sorted(_kinds.items()):
        yield from ((kind, stored) for stored in rows() if stored.key)


def awaited() -> frozenset[str]:
    """The ids of unfinished objects of the organisation in scope that somebody waits for."""
    return frozenset(found for ids in _unfinished for found in ids() if found)
