"""What real recordings do to landmarks and crops, and rendered ones hardly show."""

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis.engine.crops import SIDE, STEPS
from analysis.engine.types import F32

_TURN, _GROW, _SHIFT = 0.03, 0.03, 1.6
"""Standard deviations of what landmark errors do to a crop: radians, natural logarithm, pixels."""
_SOFT = 0.35
"""Share of recordings a half as sharp."""
_PATCHED = 0.15
"""Share of crops that lose a patch."""


def crops(stored: NDArray[np.int8], owner: NDArray[np.int64], rng: np.random.Generator) -> F32:
    """Evened crops (n, 128, 128) a little off, flatter or coarser, with grain, with a patch hidden.

    `owner` (n,) says whose recording each is from: sharpness and grain are a recording's.
    """
    people = int(owner.max()) + 1
    soft = (rng.random(people) < _SOFT)[owner]
    grain = (rng.gamma(1.0, 0.12, people) * STEPS)[owner].astype(np.float32)
    gain = rng.uniform(0.6, 1.25, len(stored)).astype(np.float32)
    places = _placements(len(stored), rng)
    result = rng.standard_normal((len(stored), SIDE, SIDE), np.float32)
    result *= grain[:, None, None]
    for row, crop in enumerate(stored):
        seen = _moved(crop.astype(np.float32), places[row])
        result[row] += gain[row] * (_softened(seen) if soft[row] else seen)
    for patched in np.flatnonzero(rng.random(len(stored)) < _PATCHED):
        top, left = rng.integers(0, SIDE - 16, 2)
        high, wide = rng.integers(12, 48, 2)
        result[patched, top : top + high, left : left + wide] = 0
    return result


def _placements(count: int, rng: np.random.Generator) -> F32:
    """(n, 2, 3) affine maps that leave the middle about where it is."""
    turn, grow = rng.normal(0, _TURN, count), np.exp(rng.normal(0, _GROW, count))
    places = np.zeros((count, 2, 3), np.float32)
    places[:, 0, 0] = places[:, 1, 1] = grow * np.cos(turn)
    places[:, 0, 1], places[:, 1, 0] = -grow * np.sin(turn), grow * np.sin(turn)
    middle = np.array([SIDE / 2, SIDE / 2], np.float32)
    places[:, :, 2] = middle - places[:, :, :2] @ middle + rng.normal(0, _SHIFT, (count, 2))
    return places


def _moved(crop: F32, place: F32) -> F32:
    moved = cv2.warpAffine(crop, place, (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.float32)


def _softened(crop: F32) -> F32:
    small = cv2.resize(crop, (SIDE // 2, SIDE // 2), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(small, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR), np.float32)
