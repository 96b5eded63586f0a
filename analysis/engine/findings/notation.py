"""FACS notation: which Action Units a face shows, with their letters and, where one-sided, the side.

`1B+2B+R12C+25A`: units in rising order, joined by a plus; A to E from `action_units.letter`; nothing under A.
"""

import numpy as np
from numpy.typing import NDArray

from analysis.engine.action_units import AU_NUMBERS, LETTER_THRESHOLDS
from analysis.engine.types import F32, AUSeries

TRACE = 0.5
"""Lower bound of A."""
UNEVEN, WEAKER = 1.5, 1 / 3
"""A display is one-sided where the sides differ by so many points and the weaker shows so little of it,"""
UNEVEN_ALONE = 1.0
"""or where they differ by so many and the weaker side is under A."""

_LETTERS = np.array(["", *(name for name, _ in reversed(LETTER_THRESHOLDS))])
_BOUNDS = np.array([low for _, low in reversed(LETTER_THRESHOLDS)], dtype=np.float32)


def lean(left: F32, right: F32) -> NDArray[np.int8]:
    """Which side shows it: 1 the person's left, -1 the right, 0 both (or no sides); of any shape."""
    difference = np.nan_to_num(left - right, nan=0.0)
    apart, weaker = np.abs(difference), np.nan_to_num(np.minimum(left, right), nan=0.0)
    uneven = (apart >= UNEVEN) & (weaker <= WEAKER * (weaker + apart))
    one_sided = uneven | ((apart >= UNEVEN_ALONE) & (weaker < TRACE))
    return np.asarray(np.sign(difference) * one_sided, dtype=np.int8)


def facs_code(intensity: F32, left: F32, right: F32) -> str:
    """Notation of one face: (44,) intensities and sides, NaN where not scored; empty for nothing shown."""
    return _codes(intensity[:, None], left[:, None], right[:, None])[0]


def facs_codes(series: AUSeries) -> list[str]:
    """Notation of every row of a series."""
    return _codes(series.intensity, series.left, series.right)


def _codes(intensity: F32, left: F32, right: F32) -> list[str]:
    side = lean(left, right)
    level = np.where(side > 0, left, np.where(side < 0, right, intensity))
    rows, units = np.nonzero(level.T >= TRACE)
    letters = _LETTERS[np.searchsorted(_BOUNDS, level[units, rows], side="right")]
    parts: list[list[str]] = [[] for _ in range(intensity.shape[1])]
    for row, unit, name in zip(rows.tolist(), units.tolist(), letters.tolist(), strict=True):
        parts[row].append(f"{_PREFIX[int(side[unit, row])]}{AU_NUMBERS[unit]}{name}")
    return ["+".join(part) for part in parts]


_PREFIX = {0: "", 1: "L", -1: "R"}
