"""How often a person blinks, and how that stands to what is usual in conversation.

The rate's interval is that of a count of independent events: Byar's approximation of the exact Poisson limits
(Breslow & Day, Statistical Methods in Cancer Research II, 1987). People also blink in bursts: it
is an approximation.
"""

import numpy as np

from analysis.engine.action_units import AU_INDEX
from analysis.engine.finding_types import Blinks, Event
from analysis.engine.findings.quality import durations
from analysis.engine.findings.reliability import Z
from analysis.engine.types import F64, AUSeries, AUState, Interval

BLINK = 45
CONVERSATION = (10.5, 32.5)
"""Blinks a minute in conversation, the 95 % range that a review gives (Doughty 2001). Reading takes fewer,
and so does looking at a screen: outside of it is an observation and no sign of anything by itself."""
ENOUGH_SECONDS = 10.0
"""Seconds the eyes must have been seen for a rate."""
LOWEST_RATE = 15.0
"""Frames a second under which blinks fall between the frames: they last 0.1 to 0.4 s."""


def count_blinks(
    events: tuple[Event, ...], series: AUSeries, time: F64, weak: frozenset[int] = frozenset()
) -> Blinks | None:
    """Of a track's events and its n rows. None where AU45 is weak."""
    if BLINK in weak:
        return None
    count = sum(event.au == BLINK for event in events)
    seen = np.asarray(series.state[AU_INDEX[BLINK]]) == AUState.SCORED
    seconds = float(durations(time)[seen].sum())
    told = seconds >= ENOUGH_SECONDS and seen.sum() / seconds >= LOWEST_RATE * 0.99
    return Blinks(count, _rate(count, seconds / 60) if told else None)


def _rate(count: int, minutes: float) -> Interval:
    """Events a minute."""
    low = count * (1 - 1 / (9 * count) - Z / (3 * count**0.5)) ** 3 if count else 0.0
    more = count + 1
    high = more * (1 - 1 / (9 * more) + Z / (3 * more**0.5)) ** 3
    return Interval(count / minutes, max(low, 0.0) / minutes, high / minutes)
