"""Events: each activation of an Action Unit, with its onset, apex and offset.

An event begins where the intensity rises over A and ends where it falls under A again, and counts if it
reaches B between. Times of rise and fall are read between the frames, so they hardly depend on the
frame rate.
"""

from collections.abc import Iterator

import numpy as np

from analysis.engine.action_units import ACTION_UNITS, PRESENT_FROM
from analysis.engine.finding_types import Event
from analysis.engine.findings.notation import TRACE, lean
from analysis.engine.findings.spans import Course, crossing, spans
from analysis.engine.types import F32, F64, I32, AUSeries, AUState

SIDES = {0: "both", 1: "left", -1: "right"}


def find_events(series: AUSeries, time: F64, frame: I32) -> tuple[Event, ...]:
    """Events of all Action Units of a track's n rows, in order of onset, then AU."""
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
    return tuple(sorted(found, key=lambda event: (event.onset, event.au, event.side)))


def _sided(au: int, both: F32, left: F32, right: F32, time: F64, frame: I32) -> Iterator[Event]:
    """Stretches in which either side is active, each read from the course of the side that shows it."""
    for first, last in spans(np.fmax(left, right), time, TRACE, PRESENT_FROM):
        part = slice(max(0, first - 1), last + 2)
        means = np.nanmean(left[first : last + 1]), np.nanmean(right[first : last + 1])
        side = int(lean(*(np.asarray(mean, dtype=np.float32) for mean in means)))
        course = {0: both, 1: left, -1: right}[side]
        yield from _plain(au, SIDES[side], course[part], time[part], frame[part])


def _plain(au: int, side: str, course: F32, time: F64, frame: I32) -> Iterator[Event]:
    for first, last in spans(course, time, TRACE, PRESENT_FROM):
        yield _event(au, side, first, last, course, time, frame)


def _event(au: int, side: str, first: int, last: int, course: Course, time: F64, frame: I32) -> Event:
    apex = first + int(np.argmax(course[first : last + 1]))
    onset = crossing(course, time, first, first - 1, TRACE)
    offset = crossing(course, time, last, last + 1, TRACE)
    peak, top = float(course[apex]), float(time[apex])
    return Event(
        au=au,
        side=side,
        onset=onset,
        apex=top,
        offset=offset,
        peak=peak,
        onset_velocity=_velocity(peak, top - onset),
        offset_velocity=_velocity(peak, offset - top),
        first_frame=int(frame[first]),
        apex_frame=int(frame[apex]),
        last_frame=int(frame[last]),
    )


def _velocity(peak: float, seconds: float) -> float:
    """Points a second from or to A; 0 where that part of the event was not seen."""
    return (peak - TRACE) / seconds if seconds > 0 else 0.0
