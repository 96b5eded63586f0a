"""What the head and the eyes do, second by second: nods, shakes, looking away.

All of them are read against the person's own median direction in this track, so that a camera beside the
screen is no finding. The thresholds are the product's own choices.
"""

import numpy as np
from numpy.typing import NDArray

from analysis.engine.action_units import AU_INDEX, PRESENT_FROM
from analysis.engine.types import F32, F64, AUSeries

RATE = 10.0
"""Samples a second the pose is read at; nods and shakes are slower than half of it."""
SWING_SECONDS = 1.0
"""The slow movement taken off is the mean over this long."""
STILL, FULL = 1.5, 4.5
"""Degrees (root mean square) of a swing that counts as none, and as a full one."""
TURNS = 3
"""Changes of direction within two seconds without which a movement is a turn, not a nod or a shake."""
NEAR, AWAY = 10.0, 25.0
"""Degrees from the median direction that still count as looking the usual way, and fully away."""
_LIDS = (43, 45)


def swings(angle: F32, time: F64, valid: np.ndarray) -> F64:
    """0-1 at each of n rows: how much this angle (degrees) swings to and fro around then."""
    if valid.sum() < 3 or time[-1] - time[0] < SWING_SECONDS:
        return np.zeros(len(time))
    grid = np.arange(time[0], time[-1] + 0.5 / RATE, 1 / RATE)
    course = np.interp(grid, time[valid], angle[valid].astype(np.float64))
    swing = course - _mean(course, round(SWING_SECONDS * RATE))
    size = np.sqrt(_mean(swing**2, round(2 * RATE)))
    turns = np.zeros(len(swing))
    turns[1:] = (np.signbit(swing[1:]) != np.signbit(swing[:-1])) & (np.abs(np.diff(swing)) > 0.2)
    often = _mean(turns, round(2 * RATE)) * round(2 * RATE) >= TURNS
    level = np.clip((size - STILL) / (FULL - STILL), 0, 1) * often
    return np.interp(time, grid, level)


def _mean(values: F64, span: int) -> F64:
    """Centred moving mean; at the ends over what there is."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    here = np.arange(len(values))
    low, high = np.maximum(here - span // 2, 0), np.minimum(here + span - span // 2, len(values))
    return np.asarray((sums[high] - sums[low]) / (high - low))


def open_eyes(series: AUSeries, valid: NDArray[np.bool_], weak: frozenset[int]) -> NDArray[np.bool_]:
    """(n,) rows of `valid` in which no AU that shuts the eyes is at B or above; weak ones do not count."""
    seen = valid.copy()
    for au in _LIDS:
        if au not in weak:
            seen &= np.nan_to_num(series.intensity[AU_INDEX[au]]) < PRESENT_FROM
    return np.asarray(seen)


def looking_away(pose: F32, gaze: F32, valid: np.ndarray, usual: F64 | None = None) -> F64:
    """0-1 at each of n rows: how far head and eyes together point from where they mostly do.

    `valid` is `open_eyes`; elsewhere it is 0. `usual` is (2,), as `usual_direction`
    gives it, of a longer stretch than these rows; None: of these rows.
    """
    away = np.zeros(len(pose))
    if valid.any():
        usual = usual_direction(pose, gaze, valid) if usual is None else usual
        distance = np.linalg.norm(direction(pose, gaze)[valid] - usual, axis=1)
        away[valid] = np.clip((distance - NEAR) / (AWAY - NEAR), 0, 1)
    return away


def usual_direction(pose: F32, gaze: F32, valid: np.ndarray) -> F64:
    """(2,) degrees, yaw and pitch that head and eyes together mostly have; at least one row must be valid."""
    return np.asarray(np.median(direction(pose, gaze)[valid], axis=0))


def direction(pose: F32, gaze: F32) -> F64:
    """(n, 2) degrees, yaw and pitch that head and eyes together point in."""
    return np.asarray(pose[:, :2] + gaze, dtype=np.float64)
