import numpy as np
import pytest

from analysis.engine import series_store, visibility
from analysis.engine.action_units import ACTION_UNITS, AU_COUNT, AU_INDEX, AU_NUMBERS
from analysis.engine.cover import Region
from analysis.engine.types import AUState


def block(count):
    series = series_store.unscored(count, np.full(AU_COUNT, AUState.SCORED, dtype=np.uint8))
    for values in (series.intensity, series.left, series.right, series.spread):
        values[:] = 1.0
    return series


def hidden(region):
    (series,) = visibility.hide([block(1)], np.array([region], dtype=np.uint8))
    return {au.number for au in ACTION_UNITS if series.state[AU_INDEX[au.number], 0] == AUState.NOT_VISIBLE}


def test_every_unit_needs_something():
    assert set(visibility.NEEDED) == set(AU_NUMBERS)
    assert all(visibility.NEEDED.values())


def test_what_each_region_hides():
    assert hidden(Region.NONE) == set()
    assert hidden(Region.UPPER) == {1, 2, 4, 5, 6, 7, 9, 41, 42, 43, 44, 45, 46}
    assert {12, 15, 17, 19, 23, 24, 25, 26, 28} <= hidden(Region.LOWER)
    assert not hidden(Region.LOWER) & {1, 2, 4, 5, 6, 7, 43, 45, 46}
    assert {6, 9, 10, 11, 12, 38, 39} <= hidden(Region.MID)
    assert not hidden(Region.MID) & {1, 2, 4, 5, 7, 15, 25, 45}
    assert hidden(Region.UPPER | Region.MID | Region.LOWER) == set(AU_NUMBERS)


def test_hidden_units_have_no_numbers_and_blocks_may_be_cut_anywhere():
    regions = np.array([0, 0, 4, 4, 0], dtype=np.uint8)
    parts = list(visibility.hide([block(1), block(2), block(2)], regions))
    found = np.concatenate([part.intensity for part in parts], axis=1)
    states = np.concatenate([part.state for part in parts], axis=1)

    assert np.isnan(found[AU_INDEX[12]]).tolist() == [False, False, True, True, False]
    assert not np.isnan(found[AU_INDEX[1]]).any()
    assert states.shape == (AU_COUNT, 5)
    for part, gone in zip(parts, ([False], [False, True], [True, False]), strict=True):
        for values in (part.left, part.right, part.spread):
            assert np.isnan(values[AU_INDEX[12]]).tolist() == gone


@pytest.mark.parametrize(
    ("regions", "gone"),
    [(0, False), (1, False), (2, False), (4, False), (6, False), (3, True), (5, True), (7, True)],
)
def test_eyes_and_something_below_them_are_too_much(regions, gone):
    assert visibility.too_much(np.array([regions], dtype=np.uint8)).tolist() == [gone]
