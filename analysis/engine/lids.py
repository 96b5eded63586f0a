"""Eyes closed, blink and wink: one closing of the lids, told apart by time and side.

How far an eye is closed is the share of its neutral opening that is gone. A closing of at most
`BLINK_SECONDS` is a blink (AU45); what lasts longer is eyes closed (AU43); a closing of one eye alone is
a wink (AU46), and takes away from the other two what it explains. One eye is often ahead of the other for a
few frames of a blink: that is none. Looking far down lowers the upper lids as well; it stays in the dead
zone or shows as a slight AU43.
"""

from typing import NamedTuple

import numpy as np

from analysis.engine.action_units import PRESENT_FROM
from analysis.engine.temporal import Flags, brief
from analysis.engine.types import F32, F64

OPEN = 0.25
"""Share of the neutral opening that may be gone without counting as closing: what gaze and speech do."""
CLOSED = 0.70
"""Share gone when the lids meet; the landmark network leaves a slit."""
BLINK_SECONDS = 0.5
"""Longest blink, counted where the closing is at B or above. FACS puts the limit at half a second."""
_FLANK_SECONDS = 0.15
"""How far a blink's flanks below B reach."""
_UNEVEN = 2.0
"""Points by which the eyes may differ without it being a wink: what a turned head does."""
WINK_SECONDS = 0.15
"""How long one eye must be ahead for it to be a wink: in a blink the eyes are read as apart for 0.1 s at most
on rendered films."""
SMALLEST_OPENING = 0.03
"""Units of `geometry`; an eye whose neutral opening is smaller is taken to have this one."""


class Lids(NamedTuple):
    """Closings of n rows: each (n, 2), left then right, 0-5."""

    closed: F32
    blink: F32
    wink: F32


def closing(opening: F32, neutral_opening: F32) -> F32:
    """0-5, from (n, 2) eye openings and the (2,) neutral ones."""
    gone = 1 - opening / np.maximum(neutral_opening, SMALLEST_OPENING)
    return np.asarray(5 * np.clip((gone - OPEN) / (CLOSED - OPEN), 0, 1), dtype=np.float32)


def separate(closing_sides: F32, time: F64, valid: Flags) -> Lids:
    """Tell blink, eyes closed and wink apart in (n, 2) closings; looks `BLINK_SECONDS` either way."""
    lead = closing_sides - closing_sides[:, ::-1]
    ahead = np.clip(lead - _UNEVEN, 0, None)
    for side in (0, 1):
        ahead[brief(ahead[:, side] > 0, time, WINK_SECONDS), side] = 0
    wink = np.clip(ahead * (5 / (5 - _UNEVEN)), 0, 5).astype(np.float32)
    both = closing_sides - wink
    level = both.mean(axis=1)
    core = brief((level >= PRESENT_FROM) & valid, time, BLINK_SECONDS)
    blinking = _with_flanks(core, level, time, valid)[:, None]
    return Lids(np.where(blinking, 0, both), np.where(blinking, both, 0), wink)


def _with_flanks(core: Flags, level: F32, time: F64, valid: Flags) -> Flags:
    """The blink's core and the rows below B next to it, as far as a flank reaches."""
    edges = np.diff(np.concatenate(([False], core, [False])).astype(np.int8))
    flank = core.copy()
    for start, end in zip(np.flatnonzero(edges == 1), np.flatnonzero(edges == -1), strict=True):
        low = np.searchsorted(time, time[start] - _FLANK_SECONDS)
        high = np.searchsorted(time, time[end - 1] + _FLANK_SECONDS, side="right")
        flank[low:high] |= (level[low:high] < PRESENT_FROM) & valid[low:high]
    return flank
