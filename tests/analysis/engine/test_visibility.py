import numpy as np
import pytest

from analysis.engine import measures, series_store, visibility
from analysis.engine.action_units import ACTION_UNITS, AU_COUNT, AU_INDEX
from analysis.engine.cover import Region
from analysis.engine.scoring import GeometryModel
from analysis.engine.types import AUState


def block(count):
    state = np.where([au.number in GeometryModel.scorable for au in ACTION_UNITS], AUState.SCORED, 2)
    series = series_store.unscored(count, state.astype(np.uint8))
    for values in (series.intensity, series.left, series.right, series.spread):
        values[:] = 1.0
    return series


def hidden(region):
    (series,) = visibility.hide([block(1)], np.array([region], dtype=np.uint8))
    return {au.number for au in ACTION_UNITS if series.state[AU_INDEX[au.number], 0] == AUState.NOT_VISIBLE}


def test_every_measure_has_its_place():
    assert set(visibility.WHERE) == set(measures.MEASURE_INDEX)


def test_every_scorable_unit_needs_something():
    assert set(visibility.NEEDED) == GeometryModel.scorable
    assert all(visibility.NEEDED.values())


def test_what_each_region_hides():
    assert hidden(Region.NONE) == set()
    assert hidden(Region.UPPER) == {1, 2, 4, 5, 6, 7, 9, 43, 45, 46}
    assert {12, 15, 17, 25, 26} <= hidden(Region.LOWER)
    assert not hidden(Region.LOWER) & {1, 2, 4, 5, 6, 7, 43, 45, 46}
    assert {6, 9, 10, 12} <= hidden(Region.MID)
    assert not hidden(Region.MID) & {1, 2, 4, 5, 7, 15, 25, 45}
    assert hidden(Region.UPPER | Region.MID | Region.LOWER) == GeometryModel.scorable


def test_hidden_units_have_no_numbers_and_blocks_may_be_cut_anywhere():
    regions = np.array([0, 0, 4, 4, 0], dtype=np.uint8)
    parts = list(visibility.hide([block(1), block(2), block(2)], regions))
    found = np.concatenate([part.intensity for part in parts], axis=1)
    states = np.concatenate([part.state for part in parts], axis=1)

    assert np.isnan(found[AU_INDEX[12]]).tolist() == [False, False, True, True, False]
    assert not np.isnan(found[AU_INDEX[1]]).any()
    assert states.shape == (AU_COUNT, 5)
    assert (states[AU_INDEX[19]] == AUState.NOT_SCORABLE).all()
    for part, gone in zip(parts, ([False], [False, True], [True, False]), strict=True):
        for values in (part.left, part.right, part.spread):
            assert np.isnan(values[AU_INDEX[12]]).tolist() == gone


@pytest.mark.parametrize(
    ("regions", "gone"),
    [(0, False), (1, False), (2, False), (4, False), (6, False), (3, True), (5, True), (7, True)],
)
def test_eyes_and_something_below_them_are_too_much(regions, gone):
    assert visibility.too_much(np.array([regions], dtype=np.uint8)).tolist() == [gone]
