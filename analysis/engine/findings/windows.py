"""Means over the seconds around each second of a track, and over all of it."""

from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from analysis.engine.findings.quality import durations
from analysis.engine.types import F64, Rows

WINDOW = 5
"""Seconds a value is read from."""
COVERED = 0.4
"""Share of a window that must be scored for it to have a value."""


class Windows(NamedTuple):
    """Windows (w) of a track's n rows that are scored for long enough; at least one if any row is valid."""

    time: F64
    """(w,) seconds, middle."""
    weight: F64
    """(n,) seconds that each row stands for, 0 where it was not scored."""
    second: NDArray[np.int64]
    """(n,) whole seconds since the first row."""
    kept: NDArray[np.bool_]
    """(seconds,) which of them a window is told of, w in all."""
    mass: F64
    """(seconds,) scored time in the window around each."""

    @classmethod
    def of(cls, rows: Rows, valid: NDArray[np.bool_]) -> Self:
        weight = durations(rows.time) * valid
        second = (rows.time - rows.time[0]).astype(np.int64)
        mass = _moving(second, weight)
        seconds_in = _moving(np.arange(len(mass)), np.ones(len(mass)))
        kept = mass >= min(COVERED, float((mass / seconds_in).max())) * seconds_in
        return cls(rows.time[0] + np.flatnonzero(kept) + 0.5, weight, second, kept, mass)

    def mean(self, values: NDArray[np.floating] | NDArray[np.bool_]) -> F64:
        """(w + 1,) means of (n,) values over the windows' scored time, and over all scored time."""
        weighted = np.asarray(self.weight * values, dtype=np.float64)
        here = _moving(self.second, weighted)[self.kept] / self.mass[self.kept]
        return np.append(here, weighted.sum() / self.weight.sum())

    def blocks(self, values: F64) -> tuple[F64, F64]:
        """Sums of (n,) values and of scored time, over stretches of one window's length side by side."""
        block = self.second // WINDOW
        sums = np.bincount(block, self.weight * values)
        return sums.astype(np.float64), np.bincount(block, self.weight).astype(np.float64)


def _moving(second: NDArray[np.int64], values: F64) -> F64:
    """Sums of rows' values over the `WINDOW` seconds around each second, fewer at the ends."""
    sums = np.bincount(second, values).astype(np.float64)
    moving = np.convolve(sums, np.ones(WINDOW), mode="full")
    return moving[WINDOW // 2 : WINDOW // 2 + len(sums)]
