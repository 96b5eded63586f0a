"""Which Action Units a covered part of the face hides."""

from collections.abc import Iterable, Iterator

import numpy as np

from analysis.engine.action_units import ACTION_UNITS
from analysis.engine.au_rules import RULES
from analysis.engine.cover import Region
from analysis.engine.types import U8, AUSeries, AUState

_UPPER, _MID, _LOWER = Region.UPPER, Region.MID, Region.LOWER

WHERE: dict[str, Region] = {
    "brow_inner": _UPPER,
    "brow_outer": _UPPER,
    "brow_side": _UPPER,
    "brow_tilt": _UPPER,
    "lid_over_iris": _UPPER,
    "lid_upper": _UPPER,
    "lid_lower": _UPPER,
    "eye_opening": _UPPER,
    "cheek": _MID,
    "nose_wing": _UPPER | _MID,
    "upper_lip_side": _MID | _LOWER,
    "corner_height": _MID | _LOWER,
    "corner_width": _MID | _LOWER,
    "corner_depth": _LOWER,
    "corner_over_lips": _LOWER,
    "lips_over_corners": _LOWER,
    "lower_lip": _MID | _LOWER,
    "lip_gap": _LOWER,
    "upper_lip_red": _LOWER,
    "lower_lip_red": _LOWER,
    "lips_front": _MID | _LOWER,
    "chin_boss": _MID | _LOWER,
    "jaw": _MID | _LOWER,
    "jaw_side": _MID | _LOWER,
}
"""Where a measure's landmarks lie; those of the mouth are measured from the base of the nose."""
MINOR = 0.15
"""A rule's term of at most this weight moves it by less than the rule's own spread; it may be hidden."""


def _needed() -> dict[int, Region]:
    """What must be seen for an Action Unit: wherever a measure of weight is read; for the lids, the eyes."""
    needed = dict.fromkeys((43, 45, 46), Region.UPPER)
    for rule in RULES:
        for term in rule.terms:
            if abs(term.weight) > MINOR:
                needed[rule.au] = needed.get(rule.au, Region.NONE) | WHERE[term.measure]
    return needed


NEEDED = _needed()
_NEEDED = np.array([NEEDED.get(au.number, Region.NONE) for au in ACTION_UNITS], dtype=np.uint8)


def too_much(regions: U8) -> np.ndarray:
    """(n,) bool, from (n,) `Region` flags: eyes and brows and something below them are covered.

    Then the face's own frame, which is fitted to the bone around the eyes, is a guess for the rest as well.
    """
    return ((regions & Region.UPPER) > 0) & ((regions & (Region.MID | Region.LOWER)) > 0)


def hide(blocks: Iterable[AUSeries], regions: U8) -> Iterator[AUSeries]:
    """The blocks of a track's series, with what `regions` (one a row of the track) hides taken out."""
    start = 0
    for series in blocks:
        stop = start + series.state.shape[1]
        hidden = (_NEEDED[:, None] & regions[start:stop]) > 0
        hidden &= series.state == AUState.SCORED
        for values in (series.intensity, series.left, series.right, series.spread):
            values[hidden] = np.nan
        series.state[hidden] = AUState.NOT_VISIBLE
        start = stop
        yield series
