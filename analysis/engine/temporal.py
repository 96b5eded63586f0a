"""Filters over a track's rows that look a bounded time ahead and back, and nowhere else.

Rows may be missing or invalid (a lost or excluded face); nothing is carried across them. All of
them work on the rows' own times, so a variable frame rate is no special case.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.engine.types import F32, F64

Flags = NDArray[np.bool_]

_KERNEL = (1.0, 2.0, 3.0, 2.0, 1.0)
SMOOTH_SECONDS = 0.1
"""Farthest a row may be from another to be averaged with it; under about 10 frames a second nothing is."""
JITTER_ROWS = 32
"""Rows on either side whose jitter counts."""
_JITTER_GAP = 0.25
"""Seconds three rows may span for their second difference to be noise rather than movement."""
PRIOR_JITTER = 0.0015
"""Standard deviation (units of `geometry`) of a measure on a still face 150 pixels wide; it counts as
`_PRIOR_ROWS` rows, so that it speaks only where there are hardly any."""
_PRIOR_ROWS = 8.0
_LARGEST = 0.015
"""A second difference beyond this is movement and counts as this much."""
_SECOND_DIFFERENCE = float(np.sqrt(np.pi / 2) / np.sqrt(6))
"""From the mean absolute second difference of white Gaussian noise to its standard deviation."""


class Smoothed(NamedTuple):
    values: NDArray[np.floating]
    noise: F32
    """(n,) what is left of one row's noise, as a factor of its standard deviation."""


def smooth(values: F32, time: F64, valid: Flags) -> Smoothed:
    """Triangular average over five rows of (n, ...) values; invalid rows are left out and as they are."""
    n = len(values)
    weights = np.zeros((len(_KERNEL), n), dtype=np.float32)
    total = np.zeros_like(values)
    for j, weight in enumerate(_KERNEL):
        here, there = _shifted(n, j - len(_KERNEL) // 2)
        near = np.abs(time[there] - time[here]) <= SMOOTH_SECONDS
        weights[j, here] = weight * (near & valid[there] & valid[here])
        total[here] += _along(weights[j, here], values) * values[there]
    mass = weights.sum(axis=0)
    kept = mass > 0
    noise = np.ones(n, dtype=np.float32)
    noise[kept] = np.sqrt((weights[:, kept] ** 2).sum(axis=0)) / mass[kept]
    smoothed = values.copy()
    smoothed[kept] = total[kept] / _along(mass[kept], values)
    return Smoothed(smoothed, noise)


def _shifted(n: int, offset: int) -> tuple[slice, slice]:
    """Rows that have another `offset` rows on, and those others."""
    low, high = max(0, -offset), min(n, n - offset)
    return slice(low, max(low, high)), slice(low + offset, max(low, high) + offset)


def _along(weights: F32, values: F32) -> F32:
    return weights.reshape(-1, *(1,) * (values.ndim - 1))


def jitter(values: F32, time: F64, valid: Flags) -> F32:
    """Standard deviation of one row's noise around each row, of (n, k) values: (n, k).

    From second differences in time, in which slow movement cancels, over `JITTER_ROWS` rows either way.
    """
    n = len(values)
    size = np.zeros_like(values)
    count = np.zeros((n, 1), dtype=np.float32)
    if n >= 3:
        usable = valid[:-2] & valid[1:-1] & valid[2:] & (time[2:] - time[:-2] <= _JITTER_GAP)
        second = np.abs(values[:-2] - 2 * values[1:-1] + values[2:])
        size[1:-1] = np.where(usable[:, None], np.minimum(second, _LARGEST), 0)
        count[1:-1, 0] = usable
    prior = PRIOR_JITTER * _PRIOR_ROWS
    noise = prior + _around(size) * _SECOND_DIFFERENCE
    return np.asarray(noise / (_PRIOR_ROWS + _around(count)), dtype=np.float32)


def _around(values: F32) -> F32:
    """Sum over 2 * JITTER_ROWS rows around each, by doubling: always added in the same order."""
    padding = ((JITTER_ROWS, JITTER_ROWS - 1), (0, 0))
    total = np.pad(values, padding)
    span = 1
    while span < 2 * JITTER_ROWS:
        total = total[:-span] + total[span:]
        span *= 2
    return total


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
