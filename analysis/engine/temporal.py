"""Filters over a track's rows that look a bounded time ahead and back, and nowhere else.

Rows may be missing or invalid (a lost or excluded face); nothing is carried across them. All of
them work on the rows' own times, so a variable frame rate is no special case.
"""

import numpy as np
from numpy.typing import NDArray

from analysis.engine.types import F32, F64

Flags = NDArray[np.bool_]

_KERNEL = (1.0, 2.0, 3.0, 2.0, 1.0)
SMOOTH_ROWS = len(_KERNEL) // 2
"""Rows on either side that a row is averaged with."""
SMOOTH_SECONDS = 0.09
"""Farthest a row may be from another to be averaged with it: up to 11 frames a second nothing is. At no usual
frame rate are rows just so far apart, so rounded timestamps do not decide."""


def smooth(values: F32, time: F64, valid: Flags) -> F32:
    """Triangular average over five rows of (n, ...) values; invalid rows are left out and as they are."""
    n = len(values)
    mass = np.zeros(n, dtype=np.float32)
    total = np.zeros_like(values)
    for j, weight in enumerate(_KERNEL):
        here, there = _shifted(n, j - SMOOTH_ROWS)
        near = np.abs(time[there] - time[here]) <= SMOOTH_SECONDS
        counted = (weight * (near & valid[there] & valid[here])).astype(np.float32)
        mass[here] += counted
        total[here] += _along(counted, values) * values[there]
    kept = mass > 0
    smoothed = values.copy()
    smoothed[kept] = total[kept] / _along(mass[kept], values)
    return smoothed


def _shifted(n: int, offset: int) -> tuple[slice, slice]:
    """Rows that have another `offset` rows on, and those others."""
    low, high = max(0, -offset), min(n, n - offset)
    return slice(low, max(low, high)), slice(low + offset, max(low, high) + offset)


def _along(weights: F32, values: F32) -> F32:
    return weights.reshape(-1, *(1,) * (values.ndim - 1))


def brief(active: Flags, time: F64, longest: float) -> Flags:
    """Which of the active rows belong to an unbroken activity of at most `longest` seconds.

    An activity lasts from its first active row to the first row after it that is not.
    """
    edges = np.diff(np.concatenate(([False], active, [False])).astype(np.int8))
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    last = np.minimum(ends, len(time) - 1)
    kept = time[last] - time[starts] <= longest if len(starts) else np.zeros(0, dtype=bool)
    marks = np.zeros(len(active) + 1, dtype=np.int8)
    np.add.at(marks, starts[kept], 1)
    np.add.at(marks, ends[kept], -1)
    return np.cumsum(marks[:-1]) > 0
