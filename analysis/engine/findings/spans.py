"""Unbroken stretches of a course, by hysteresis."""

import numpy as np
from numpy.typing import NDArray

from analysis.engine.types import F64

LONGEST_GAP = 0.5
"""Seconds between two rows beyond which a stretch does not go on: the face was lost."""

Course = NDArray[np.floating]


def spans(course: Course, time: F64, low: float, high: float) -> list[tuple[int, int]]:
    """First and last row (inclusive) of every stretch at `low` or above that reaches `high`.

    `course` and `time` are (n,); NaN ends a stretch.
    """
    over = course >= low
    if not over.any():
        return []
    broken = np.diff(time) > LONGEST_GAP
    starts = over.copy()
    starts[1:] &= ~over[:-1] | broken
    ends = over.copy()
    ends[:-1] &= ~over[1:] | broken
    firsts, lasts = np.flatnonzero(starts), np.flatnonzero(ends)
    peaks = [course[first : last + 1].max() for first, last in zip(firsts, lasts, strict=True)]
    found = zip(firsts.tolist(), lasts.tolist(), peaks, strict=True)
    return [(first, last) for first, last, peak in found if peak >= high]


def flanked(course: Course, time: F64, inside: int, outside: int) -> bool:
    """Whether the row next to a stretch was scored, so that its rise or fall there was seen."""
    if not 0 <= outside < len(course) or not np.isfinite(course[outside]):
        return False
    return bool(abs(time[outside] - time[inside]) <= LONGEST_GAP)


def crossing(course: Course, time: F64, inside: int, outside: int, level: float) -> float:
    """When the course crossed `level` between a row of a stretch and its neighbour outside it.

    The row's own time where there is no neighbour, or it was not scored, or too long ago.
    """
    if not flanked(course, time, inside, outside) or course[inside] <= course[outside]:
        return float(time[inside])
    share = (level - course[outside]) / (course[inside] - course[outside])
    return float(time[outside] + np.clip(share, 0, 1) * (time[inside] - time[outside]))
