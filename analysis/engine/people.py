"""Who the faces of a recording are: where each was seen, and which of them are left out.

The engine recognises nobody. It tells when and where in the picture a face track is seen, so that a person
can say who it is, and is told which tracks are the recording's subject's, and which may not be measured.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from analysis.engine.finding_types import Withheld
from analysis.engine.findings.quality import durations
from analysis.engine.spool import SpoolReader
from analysis.engine.types import F64, NO_TRACK, Rows

SUBSTANTIAL_SECONDS = 2.0
SUBSTANTIAL_SHARE = 0.1
"""A face is to be told of when it is seen for so long, or for so much of the time in which any face is."""
GAP_SECONDS = 1.0
"""A face that is away for longer is told of in two stretches."""
MOST_STRETCHES = 20
MOST_BOXES = 5


@dataclass(frozen=True, slots=True)
class Place:
    """Where a face is at one moment, in pixels of the upright picture."""

    time: float
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Seen:
    """When and where a face track is seen; nothing of how the face looks."""

    track: int
    start: float
    end: float
    """Seconds, of the first frame and the last."""
    seconds: float
    """In view."""
    substantial: bool
    stretches: tuple[tuple[float, float], ...]
    """From and to in seconds, in order; of more than `MOST_STRETCHES` the longest."""
    places: tuple[Place, ...]
    """Some of them, in order of time."""

    def to_json(self) -> dict[str, Any]:
        """In JSON's types, to the hundredth of a second and the pixel."""
        return {
            "track": self.track,
            "start": round(self.start, 2),
            "end": round(self.end, 2),
            "seconds": round(self.seconds, 2),
            "substantial": self.substantial,
            "stretches": [[round(start, 2), round(end, 2)] for start, end in self.stretches],
            "places": [
                [round(one.time, 2), round(one.x), round(one.y), round(one.width), round(one.height)]
                for one in self.places
            ],
        }


@dataclass(frozen=True, slots=True)
class People:
    """Who the face tracks are, as far as it matters to what is measured."""

    subject: frozenset[int]
    """Tracks of the person the recording is about, none of them withheld; empty where nothing may be measured
    of that person, or they are not in it."""
    withheld: Mapping[int, Withheld] = field(default_factory=dict)
    """Tracks of which nothing is measured."""

    def facts(self) -> dict[str, str]:
        """As `result.json` states it among what shapes the numbers."""
        return {
            "subject_tracks": _numbers(self.subject),
            "withheld_tracks": _numbers(self.withheld),
        }


def seen(spool: SpoolReader) -> tuple[Seen, ...]:
    """Every face track of the recording, longest seen first."""
    columns = spool.columns()
    faces = columns.track != NO_TRACK
    every = float(durations(np.unique(columns.time[faces])).sum())
    numbers = np.unique(columns.track[faces])
    found = [_seen(int(number), spool.columns(_rows(columns, number)), every) for number in numbers]
    return tuple(sorted(found, key=lambda one: (-one.seconds, one.track)))


def _rows(columns: Rows, track: int) -> np.ndarray:
    return np.flatnonzero(columns.track == track)


def _seen(track: int, rows: Rows, every: float) -> Seen:
    seconds = float(durations(rows.time).sum())
    return Seen(
        track=track,
        start=float(rows.time[0]),
        end=float(rows.time[-1]),
        seconds=seconds,
        substantial=seconds >= min(SUBSTANTIAL_SECONDS, SUBSTANTIAL_SHARE * every),
        stretches=_stretches(rows.time),
        places=_places(rows),
    )


def _stretches(time: F64) -> tuple[tuple[float, float], ...]:
    borders = np.flatnonzero(np.diff(time) > GAP_SECONDS)
    starts, ends = time[np.append(0, borders + 1)], time[np.append(borders, len(time) - 1)]
    found = list(zip(starts.tolist(), ends.tolist(), strict=True))
    longest = sorted(found, key=lambda one: (one[0] - one[1], one[0]))[:MOST_STRETCHES]
    return tuple(sorted(longest))


def _places(rows: Rows) -> tuple[Place, ...]:
    """At moments evenly apart, the middle one of as many parts of the rows."""
    count = min(MOST_BOXES, len(rows.time))
    chosen = (np.arange(count) * 2 + 1) * len(rows.time) // (2 * count)
    return tuple(
        Place(time, *box)
        for time, box in zip(rows.time[chosen].tolist(), rows.box[chosen].tolist(), strict=True)
    )


def _numbers(tracks: Mapping[int, object] | frozenset[int]) -> str:
    return ",".join(str(track) for track in sorted(tracks))
