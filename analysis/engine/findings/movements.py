"""What head and eyes do, with times: nods, shakes of the head, gaze aversions.

A nod or a shake is a head that goes to and fro: at least three legs from one turning point to the next, each
of them fast. A gaze aversion is head and eyes together away from where they mostly point in this track, so
that a camera beside the screen is none. The thresholds are the product's own choices.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.engine.finding_types import Movement
from analysis.engine.findings import motion
from analysis.engine.findings.quality import durations
from analysis.engine.findings.spans import LONGEST_GAP, crossing, spans
from analysis.engine.types import F32, F64, AUSeries, Rows

LEG = 2.5
"""Degrees a head must go back for it to have turned round."""
LEG_SECONDS = 0.25
"""The longest a leg may take for the middle half of its way."""
LEG_WHOLE = 0.8
"""Seconds of a longer way that may belong to a nod or shake at either end of it: a head also drifts."""
LEGS = 3
"""Fewer are a turn of the head, or a turn and back."""
AWAY_FROM = 15.0
"""Degrees from the usual direction that a gaze aversion must reach; it begins and ends at `motion.NEAR`."""
AWAY_SECONDS = 0.3
"""How long the eyes must be seen there."""
_AXES = (("nod", 1), ("shake", 0))
"""Kind and the column of the pose it swings in; yaw is 0, pitch 1."""
_MIDDLE = 0.25, 0.75
_SLOW = 1.29
"""Time that either quarter beside the middle half takes, in times of that half, when a movement from rest to
rest has the least jerk (Flash & Hogan, J. Neurosci. 5(7), 1985)."""


class _Leg(NamedTuple):
    """A movement from one turning point to the next."""

    start: float
    end: float
    """Seconds."""
    degrees: float


def find_movements(
    rows: Rows, series: AUSeries, valid: NDArray[np.bool_], weak: frozenset[int] = frozenset()
) -> tuple[Movement, ...]:
    """Of a track's n rows, in order of their starts; `valid` (n,) leaves out excluded rows.

    That eyes are closed is not believed of AUs that are `weak`.
    """
    time, pose = rows.time[valid], rows.pose[valid]
    found = [
        movement for kind, axis in _AXES for movement in _swings(kind, time, pose[:, axis], pose[:, 1 - axis])
    ]
    found += _aversions(rows, motion.open_eyes(series, valid, weak))
    return tuple(sorted(found, key=lambda movement: (movement.start, movement.kind)))


def _swings(kind: str, time: F64, angle: F32, across: F32) -> Iterator[Movement]:
    """Runs of fast legs that are larger than what the head does `across` meanwhile."""
    for part in _unbroken(time):
        for run in _runs(_legs(time[part], angle[part])):
            if len(run) >= LEGS:
                size = max(leg.degrees for leg in run)
                during = (time >= run[0].start) & (time <= run[-1].end)
                if np.ptp(across[during]) < size:
                    yield Movement(kind, run[0].start, run[-1].end, size)


def _unbroken(time: F64) -> list[slice]:
    edges = np.flatnonzero(np.diff(time) > LONGEST_GAP) + 1
    bounds = [0, *edges.tolist(), len(time)]
    return [slice(first, end) for first, end in pairwise(bounds) if end > first]


def _runs(legs: list[_Leg | None]) -> Iterator[list[_Leg]]:
    """Legs that follow each other, as long as they go on."""
    run: list[_Leg] = []
    for leg in [*legs, None]:
        if leg:
            run.append(leg)
        else:
            yield run
            run = []


def _legs(time: F64, angle: F32) -> list[_Leg | None]:
    """In order; None stands between legs of which one does not follow on the other, and for slow ones."""
    found: list[_Leg | None] = []
    for first, last in pairwise(_turning_points(angle.tolist())):
        if time[last] - time[first] <= LEG_WHOLE:
            found.append(_leg(time, angle, first, last))
        else:
            soon = int(np.searchsorted(time, time[first] + LEG_WHOLE, side="right")) - 1
            late = int(np.searchsorted(time, time[last] - LEG_WHOLE))
            found += [_leg(time, angle, first, soon), None, _leg(time, angle, late, last)]
    return found


def _turning_points(angle: list[float]) -> list[int]:
    """Rows from which the course goes back by `LEG`, and where it comes from at first and ends at last."""
    low = high = 0
    turns: list[int] = []
    rising: bool | None = None
    for row, value in enumerate(angle):
        if value > angle[high]:
            high = row
        if value < angle[low]:
            low = row
        if rising is not False and value <= angle[high] - LEG:
            turns.append(high)
            rising, low = False, row
        elif rising is not True and value >= angle[low] + LEG:
            turns.append(low)
            rising, high = True, row
    return turns if rising is None else [*turns, high if rising else low]


def _leg(time: F64, angle: F32, first: int, last: int) -> _Leg | None:
    """None where it is small or slow. The head may drift beside it: its ends are told from its middle."""
    if abs(angle[last] - angle[first]) < LEG:
        return None
    way = (angle[first : last + 1] - angle[first]) / (angle[last] - angle[first])
    during, (low, high) = time[first : last + 1], _MIDDLE
    below = int(np.flatnonzero(way <= low)[-1])
    above = below + int(np.flatnonzero(way[below:] >= high)[0])
    begun = crossing(way, during, below + 1, below, low)
    ended = crossing(way, during, above, above - 1, high)
    if ended - begun > LEG_SECONDS:
        return None
    slow = _SLOW * (ended - begun)
    return _Leg(
        start=max(begun - slow, float(during[0])),
        end=min(ended + slow, float(during[-1])),
        degrees=float(abs(angle[last] - angle[first])),
    )


def _aversions(rows: Rows, seen: NDArray[np.bool_]) -> Iterator[Movement]:
    """Of rows with open eyes; what is hidden by a blink is bridged."""
    if not seen.any():
        return
    time = rows.time[seen]
    usual = motion.usual_direction(rows.pose, rows.gaze, seen)
    apart = np.linalg.norm(motion.direction(rows.pose, rows.gaze)[seen] - usual, axis=1)
    lasted = durations(rows.time)[seen]
    for first, last in spans(apart, time, motion.NEAR, AWAY_FROM):
        if lasted[first : last + 1].sum() >= AWAY_SECONDS:
            start = crossing(apart, time, first, first - 1, motion.NEAR)
            end = crossing(apart, time, last, last + 1, motion.NEAR)
            yield Movement("gaze_aversion", start, end, float(apart[first : last + 1].max()))
