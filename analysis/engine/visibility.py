"""Which Action Units a covered part of the face hides."""

from collections.abc import Iterable, Iterator

import numpy as np

from analysis.engine.action_units import ACTION_UNITS
from analysis.engine.cover import Region
from analysis.engine.types import U8, AUSeries, AUState

_UPPER, _MID, _LOWER = Region.UPPER, Region.MID, Region.LOWER

_SHOWN: dict[Region, tuple[int, ...]] = {
    _UPPER: (1, 2, 4, 5, 7, 41, 42, 43, 44, 45, 46),
    _UPPER | _MID: (6, 9),
    _MID: (38, 39),
    _MID | _LOWER: (10, 11, 12, 13, 14, 17, 18, 20, 26, 27, 29, 30, 31, 33, 34, 35, 36),
    _LOWER: (8, 15, 16, 19, 21, 22, 23, 24, 25, 28, 32, 37),
}
NEEDED: dict[int, Region] = {au: region for region, units in _SHOWN.items() for au in units}
"""What must be seen of a face for each Action Unit: where the skin that it moves lies. How far the jaw, the
chin and the lips as a whole have moved shows against the nose; what lips do among themselves does not
need it."""
_NEEDED = np.array([NEEDED[au.number] for au in ACTION_UNITS], dtype=np.uint8)


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
