"""How Action Units run in time: onset, apex, offset, and those that FACS defines by their course.

Durations of blinks lie in the range that FACS sets against closed eyes: AU45 opens again within half a
second, AU43 stays closed for longer. The rest is the product's own.
"""

from dataclasses import dataclass

import numpy as np

from analysis.engine.types import F32
from analysis.training.compositions import BY_AU, Course


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds."""

    onset: float
    apex: float
    offset: float

    @property
    def total(self) -> float:
        return self.onset + self.apex + self.offset


BLINK = Timing(0.08, 0.04, 0.16)
WINK = Timing(0.12, 0.18, 0.20)
_BITES_A_SECOND = 1.6
_WIPE_SECONDS = 0.9
"""From one corner of the mouth to the other."""


def timing(au: int, held: Timing) -> Timing:
    """The run of one activation: `held`, unless FACS defines the AU by a short one."""
    return {Course.BLINK: BLINK, Course.WINK: WINK}.get(BY_AU[au].course, held)


def envelope(au: int, seconds: F32, held: Timing) -> F32:
    """Share 0-1 of the apex' intensity at `seconds` (n,) from the onset; 0 before it and after the offset."""
    run = timing(au, held)
    rise = _ease(seconds / run.onset)
    fall = _ease((run.total - seconds) / run.offset)
    share = np.minimum(rise, fall)
    if BY_AU[au].course is Course.BITE:
        share = share * (0.85 + 0.15 * np.cos(2 * np.pi * _BITES_A_SECOND * seconds))
    return np.asarray(share, np.float32)


def wipe(seconds: F32) -> F32:
    """Where the tongue of AU37 is along the lip at `seconds` (n,) from the onset: -1 right corner, 1 left."""
    return np.asarray(-np.cos(np.pi * seconds / _WIPE_SECONDS), np.float32)


def _ease(t: F32) -> F32:
    t = np.clip(t, 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)
