"""Agreement of our frame table with another system's on the same clip.

The other system is no truth: it is a second opinion, whose Action Units were trained on human codes.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analysis.engine.action_units import ACTION_UNITS
from analysis.training.evaluation import metrics

Table = Mapping[int, Mapping[int, float]]
"""Frame to AU to intensity 0-5; what is not scored is not there."""
MOVES = 0.15
"""Points of standard deviation from which an AU moves in the other system's table."""
LEAST_FRAMES = 10
_COLUMNS = {unit.code: unit.number for unit in ACTION_UNITS}


@dataclass(frozen=True, slots=True)
class Skip:
    """Frames that are left out for some AUs, both ends included."""

    first: int
    last: int
    units: frozenset[int]

    def covers(self, frame: int, au: int) -> bool:
        return au in self.units and self.first <= frame <= self.last


def read(path: Path) -> Table:
    """A CSV with the columns `frame` and `AU01` ... `AU46`, ours or a reference; of tracks the longest."""
    with path.open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    tracks = Counter(row["track"] for row in rows if row.get("track"))
    if tracks:
        longest = tracks.most_common(1)[0][0]
        rows = [row for row in rows if row["track"] == longest]
    return {
        int(float(row["frame"])): {au: float(row[code]) for code, au in _COLUMNS.items() if row.get(code)}
        for row in rows
    }


def compare(ours: Table, theirs: Table, skips: Iterable[Skip] = ()) -> dict[int, float | None]:
    """Pearson's r of every AU that moves in theirs; None where ours scores it in too few frames.

    Too few is under half of their frames, or under `LEAST_FRAMES`.
    """
    left_out = tuple(skips)
    units = sorted({au for row in theirs.values() for au in row})
    found: dict[int, float | None] = {}
    for au in units:
        frames = [
            frame
            for frame, row in theirs.items()
            if au in row and not any(skip.covers(frame, au) for skip in left_out)
        ]
        if len(frames) >= LEAST_FRAMES and np.std([theirs[frame][au] for frame in frames]) >= MOVES:
            found[au] = _agreement(ours, theirs, au, frames)
    return found


def _agreement(ours: Table, theirs: Table, au: int, frames: list[int]) -> float | None:
    both = [frame for frame in frames if au in ours.get(frame, {})]
    if len(both) < max(LEAST_FRAMES, len(frames) / 2):
        return None
    one, other = (np.array([table[frame][au] for frame in both], np.float32) for table in (ours, theirs))
    return metrics.pearson(one, other)


def mean_over_all(found: Mapping[int, float | None]) -> float:
    """Mean r of all moving AUs, one that ours does not score counting 0; NaN where none moves."""
    return sum(r or 0.0 for r in found.values()) / len(found) if found else float("nan")


def scored_share(ours: Table, frames: Iterable[int]) -> float:
    """Share 0-1 of the frames in which ours scores anything."""
    wanted = list(frames)
    return sum(bool(ours.get(frame)) for frame in wanted) / max(1, len(wanted))
