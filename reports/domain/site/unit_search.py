"""Finding Action Units by number, name, muscle, place or what changes; static/js/atlas.js does the same."""

import re
from collections.abc import Callable, Iterable

from reports import labels
from reports.domain.site.atlas import Entry

LONGEST = 80
"""Characters of a query that are looked at."""
NUMBERS = r"(?:au\s*)?\d+(?:[\s,;+/]+(?:au\s*)?\d+)*[\s,;+/]*"
"""A query that is numbers alone. Something stands between two of them, so that it reads in one way."""
_NUMBERS = re.compile(NUMBERS, re.IGNORECASE)

Fits = Callable[[Entry], bool]


def haystack(entry: Entry) -> str:
    """All that words are looked for in, in small letters."""
    unit = entry.unit
    told = (
        f"au{unit.number}",
        unit.code,
        unit.name,
        unit.muscle,
        labels.words("group", unit.group),
        entry.change,
    )
    return " ".join(told).casefold()


def search(entries: Iterable[Entry], query: str) -> tuple[Entry, ...]:
    """In the given order; all of them for an empty query."""
    fits = _asked(query.strip()[:LONGEST])
    return tuple(entry for entry in entries if fits(entry))


def _asked(query: str) -> Fits:
    """Whether it names the unit by number (`12`, `AU06`, `1+2`), or every word of it is in the texts."""
    if _NUMBERS.fullmatch(query):
        numbers = {int(one) for one in re.findall(r"\d+", query)}
        return lambda entry: entry.unit.number in numbers
    words = query.casefold().split()
    return lambda entry: _has(entry, words)


def _has(entry: Entry, words: Iterable[str]) -> bool:
    text = haystack(entry)
    return all(word in text for word in words)
