"""How slowly each event of an Action Unit fades."""

import numpy as np
from numpy.typing import NDArray

from analysis.engine.action_units import PRESENT_FROM
from analysis.engine.findings.notation import TRACE
from analysis.engine.findings.signal_table import FADE_SECONDS
from analysis.engine.findings.spans import LONGEST_GAP, crossing, spans
from analysis.engine.types import F32, F64

HIGH, LOW = 0.75, 0.25
"""Shares of an event's peak between which its last fall is timed: the ends of a fall are the least clear."""


def slowness(course: F32, time: F64) -> tuple[F32, NDArray[np.bool_]]:
    """Of n rows: how slowly the event that a row belongs to fades, 0-1, and whether its end was not seen.

    Both are 0 in rows of no event. `course` is (n,) 0-5, NaN where not scored.
    """
    slow, unseen = np.zeros(len(course), dtype=np.float32), np.zeros(len(course), dtype=bool)
    for first, last in spans(course, time, TRACE, PRESENT_FROM):
        seconds = _fall(course, time, first, last)
        if seconds is None:
            unseen[first : last + 1] = True
        else:
            slow[first : last + 1] = np.clip(
                (seconds - FADE_SECONDS[0]) / (FADE_SECONDS[1] - FADE_SECONDS[0]), 0, 1
            )
    return slow, unseen


def _fall(course: F32, time: F64, first: int, last: int) -> float | None:
    """Seconds from peak to nothing, were the whole fall as steep as its middle; None if it was not seen."""
    after = last + 1
    if after == len(course) or not np.isfinite(course[after]) or time[after] - time[last] > LONGEST_GAP:
        return None
    peak = float(course[first:after].max())
    high, low = HIGH * peak, max(LOW * peak, TRACE)
    top = first + int(np.flatnonzero(course[first:after] >= high)[-1])
    foot = top + 1 + int(np.flatnonzero(course[top + 1 : after + 1] < low)[0])
    started = crossing(course, time, top, top + 1, high)
    ended = crossing(course, time, foot - 1, foot, low)
    return (ended - started) * peak / (high - low)
