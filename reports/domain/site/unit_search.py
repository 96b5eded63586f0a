"""Finding Action Units by number, name, muscle, place or what changes; static/js/atlas.js does the same."""

import re
from collections.abc import Iterable

from reports import labels
from reports.domain.site.atlas import Entry

LONGEST = 80
"""Characters of a query that are looked at."""
_NUMBERS = re.compile(r"(?:(?:au)?\s*0*\d+[\s,;+/]*)+", re.IGNORECASE)


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


def matches(entry: Entry, query: str) -> bool:
    """Whether a query names the unit by number (`12`, `AU06`, `1+2`), or every word of it is in the texts."""
    query = query.strip()[:LONGEST]
    if _NUMBERS.fullmatch(query):
        return entry.unit.number in {int(one) for one in re.findall(r"\d+", query)}
    text = haystack(entry)
    return all(word in text for word in query.casefold().split())


def search(entries: Iterable[Entry], query: str) -> tuple[Entry, ...]:
    """In the given order; all of them for an empty query."""
    return tuple(entry for entry in entries if matches(entry, query))
