"""Events: each activation of an Action Unit, with its onset, apex and offset.

An event begins where the intensity rises over A and ends where it falls under A again, and counts if it
reaches B between. Times of rise and fall are read between the frames, so they hardly depend on the
frame rate.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from analysis.engine.action_units import ACTION_UNITS, PRESENT_FROM
from analysis.engine.finding_types import Event
from analysis.engine.findings.notation import TRACE, lean
from analysis.engine.findings.spans import Course, crossing, flanked, spans
from analysis.engine.types import F32, F64, I32, AUSeries, AUState

FULL_SHARE = 0.9
"""Share of its peak from which an event is at its height. A course hovers around its peak, so rise and fall
are read up to there; the highest frame itself may be anywhere on a plateau."""
BRIEF_SECONDS = 0.5
"""Under which an event is a possible brief display: the longest that is called a micro-expression."""
BRIEF_RATE = 25.0
"""Frames a second under which none is told: 0.2 s must hold five of them. One percent less counts."""
BRIEF_ROWS = 3
"""What is seen in fewer may be noise."""
NEVER_BRIEF = frozenset({25, 26, 43, 45, 46})
"""Speech parts the lips and lids close briefly by themselves."""
_INSTANT = 1e-3
"""Seconds a rise takes at least."""
SIDES = {0: "both", 1: "left", -1: "right"}


def find_events(
    series: AUSeries, time: F64, frame: I32, weak: frozenset[int] = frozenset()
) -> tuple[Event, ...]:
    """Events of all Action Units of a track's n rows, in order of onset, then AU.

    Those of the weak AUs are never marked as brief.
    """
    found: list[Event] = []
    for i, au in enumerate(ACTION_UNITS):
        if (series.state[i] != AUState.SCORED).all():
            continue
        intensity = np.asarray(series.intensity[i])
        if au.sided:
            sides = np.asarray(series.left[i]), np.asarray(series.right[i])
            found += _sided(au.number, intensity, *sides, time, frame)
        else:
            found += _plain(au.number, SIDES[0], intensity, time, frame)
    found = [replace(event, brief=False) if event.au in weak else event for event in found]
    return tuple(sorted(found, key=lambda event: (event.onset, event.au, event.side)))


def _sided(au: int, both: F32, left: F32, right: F32, time: F64, frame: I32) -> Iterator[Event]:
    """Stretches in which either side is active, each read from the course of the side that shows it."""
    for first, last in spans(np.fmax(left, right), time, TRACE, PRESENT_FROM):
        part = slice(max(0, first - 1), last + 2)
        side = int(lean(_mean(left[first : last + 1]), _mean(right[first : last + 1])))
        course = {0: both, 1: left, -1: right}[side]
        yield from _plain(au, SIDES[side], course[part], time[part], frame[part])


def _mean(values: F32) -> F32:
    """Of what was scored, NaN where nothing was."""
    seen = values[np.isfinite(values)]
    return np.asarray(seen.mean() if len(seen) else np.nan, dtype=np.float32)


def _plain(au: int, side: str, course: F32, time: F64, frame: I32) -> Iterator[Event]:
    for first, last in spans(course, time, TRACE, PRESENT_FROM):
        yield _event(au, side, first, last, course, time, frame)


def _event(au: int, side: str, first: int, last: int, course: Course, time: F64, frame: I32) -> Event:
    apex = first + int(np.argmax(course[first : last + 1]))
    peak = float(course[apex])
    onset = crossing(course, time, first, first - 1, TRACE)
    offset = crossing(course, time, last, last + 1, TRACE)
    full_from, full_to = _full(course, time, first, last, FULL_SHARE * peak)
    rising, falling = flanked(course, time, first, first - 1), flanked(course, time, last, last + 1)
    climb = FULL_SHARE * peak - TRACE
    return Event(
        au=au,
        side=side,
        onset=onset,
        apex=float(time[apex]),
        offset=offset,
        peak=peak,
        onset_velocity=climb / max(full_from - onset, _INSTANT) if rising else 0.0,
        offset_velocity=climb / max(offset - full_to, _INSTANT) if falling else 0.0,
        first_frame=int(frame[first]),
        apex_frame=int(frame[apex]),
        last_frame=int(frame[last]),
        brief=rising and falling and au not in NEVER_BRIEF and _brief(offset - onset, first, last, time),
        full_from=full_from,
        full_to=full_to,
    )


def _full(course: Course, time: F64, first: int, last: int, level: float) -> tuple[float, float]:
    """When a stretch first reached and last left a level that it does reach."""
    over = first + np.flatnonzero(course[first : last + 1] >= level)
    begun, ended = int(over[0]), int(over[-1])
    return crossing(course, time, begun, begun - 1, level), crossing(course, time, ended, ended + 1, level)


def _brief(seconds: float, first: int, last: int, time: F64) -> bool:
    """Of a stretch with a row on either side, by the frame rate there."""
    rate = (last - first + 2) / (time[last + 1] - time[first - 1])
    return bool(seconds < BRIEF_SECONDS and last - first + 1 >= BRIEF_ROWS and rate >= BRIEF_RATE * 0.99)
