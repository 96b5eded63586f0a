"""Numbered references of one page, in the order in which it names them, with the places that do."""

from dataclasses import dataclass, field
from string import ascii_lowercase
from typing import NamedTuple

from reports.domain.site.sources import WORKS, Work


class Mark(NamedTuple):
    """One place on the page that names a work."""

    number: int
    """Of the work in the page's list, from 1."""
    place: str
    """Id of the mark, which the list leads back to."""
    target: str
    """Id of the entry in the list."""


@dataclass(slots=True)
class Reference:
    number: int
    work: Work
    places: list[str] = field(default_factory=list)

    @property
    def target(self) -> str:
        return f"ref-{self.work.key}"

    @property
    def back(self) -> list[tuple[str, str]]:
        """Places with the letters they are called by in the list."""
        return [(letters(index), place) for index, place in enumerate(self.places)]


class Citations:
    """Filled while a page is written, from its top to the list at its end."""

    def __init__(self) -> None:
        self._found: dict[str, Reference] = {}

    def mark(self, key: str) -> Mark:
        """Name a work here; KeyError where it is not in `WORKS`."""
        found = self._found.setdefault(key, Reference(len(self._found) + 1, WORKS[key]))
        place = f"cite-{key}-{len(found.places) + 1}"
        found.places.append(place)
        return Mark(found.number, place, found.target)

    @property
    def listed(self) -> list[Reference]:
        """What was named so far, in the order of the numbers."""
        return list(self._found.values())


def letters(index: int) -> str:
    """`a` to `z` for 0 to 25, then `aa`, `ab` and so on."""
    rounds, place = divmod(index, len(ascii_lowercase))
    return (letters(rounds - 1) if rounds else "") + ascii_lowercase[place]
