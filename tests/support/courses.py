"""Tracks whose Action Units follow known courses."""

import numpy as np

from analysis.engine.action_units import ACTION_UNITS, AU_COUNT, AU_INDEX
from analysis.engine.types import AUSeries, AUState, Rows

SPREAD = 0.4
SCORABLE = frozenset((1, 2, 4, 5, 6, 7, 9, 10, 12, 14, 15, 17, 18, 20, 24, 25, 26, 27, 30, 43, 45, 46))
"""What a model scores that lacks half of the Action Units."""


def times(seconds, rate=30.0, start=0.0):
    return start + np.arange(round(seconds * rate)) / rate


def series(n, courses=None, left=None, right=None, scorable=SCORABLE, spread=SPREAD):
    """Series of n rows: 0 everywhere but for the courses, {AU: (n,) or a number}; sides as the whole
    unless given."""
    empty = [np.full((AU_COUNT, n), np.nan, dtype=np.float32) for _ in range(4)]
    found = AUSeries(*empty, np.full((AU_COUNT, n), AUState.NOT_SCORABLE, dtype=np.uint8))
    for au in ACTION_UNITS:
        if au.number in scorable:
            i, course = AU_INDEX[au.number], (courses or {}).get(au.number, 0.0)
            found.intensity[i], found.spread[i], found.state[i] = course, spread, AUState.SCORED
            if au.sided:
                found.left[i] = (left or {}).get(au.number, course)
                found.right[i] = (right or {}).get(au.number, course)
    return found


def hide(found, rows):
    """Mark rows as not visible, in place."""
    for values in (found.intensity, found.left, found.right, found.spread):
        values[:, rows] = np.nan
    state = found.state[:, rows]
    found.state[:, rows] = np.where(state == AUState.SCORED, AUState.NOT_VISIBLE, state)
    return found


def rows(time, pose=None, gaze=None, excluded=None):
    """Rows without landmarks at the given times."""
    n = len(time)
    return Rows(
        frame=np.arange(n, dtype=np.int32),
        time=np.asarray(time, dtype=np.float64),
        track=np.ones(n, dtype=np.int32),
        box=np.tile(np.float32([10, 10, 120, 140]), (n, 1)),
        confidence=np.ones(n, dtype=np.float32),
        pose=np.zeros((n, 3), np.float32) if pose is None else np.asarray(pose, np.float32),
        gaze=np.zeros((n, 2), np.float32) if gaze is None else np.asarray(gaze, np.float32),
        quality=np.tile(np.float32([300, 120, 1]), (n, 1)),
        excluded=np.zeros(n, np.uint8) if excluded is None else np.asarray(excluded, np.uint8),
        points=np.zeros((n, 0, 3), np.float32),
        code=np.zeros((n, 0), np.float32),
    )


def bump(time, onset, apex, offset, peak):
    """An intensity that rises in a line from 0 at `onset` to the peak, and falls to 0 at `offset`."""
    return np.interp(time, [onset, apex, offset], [0, peak, 0], left=0, right=0).astype(np.float32)
