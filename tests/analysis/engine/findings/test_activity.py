import numpy as np
import pytest

from analysis.engine.action_units import AU_COUNT, AU_INDEX
from analysis.engine.findings.activity import MOST_BINS, activity
from tests.support import courses


@pytest.mark.parametrize(("seconds", "bins"), [(1, 2), (20, 40), (3600, 600)])
def test_bins_are_few_and_cover_the_track(seconds, bins):
    time = courses.times(seconds, 10, start=7)
    found = activity(courses.series(len(time), {25: 2.0}), time)

    assert found.intensity.shape == (AU_COUNT, bins)
    assert bins <= MOST_BINS
    assert found.start == 7
    assert found.start + bins * found.bin_seconds >= time[-1]
    assert found.intensity[AU_INDEX[25]] == pytest.approx(2.0)
    assert np.isnan(found.intensity[AU_INDEX[19]]).all()


def test_a_bin_holds_the_mean_of_its_own_rows():
    time = courses.times(10)
    found = activity(courses.series(len(time), {25: np.where(time < 5, 1.0, 3.0)}), time)

    assert found.intensity[AU_INDEX[25], [0, 9, 10, -1]] == pytest.approx([1, 1, 3, 3])


def test_bins_without_scored_rows_are_empty():
    time = courses.times(10)
    found = activity(courses.hide(courses.series(len(time), {25: 1.0}), slice(60, 120)), time)

    assert np.flatnonzero(np.isnan(found.intensity[AU_INDEX[25]])).tolist() == [4, 5, 6, 7]


def test_no_rows_no_bins():
    assert activity(courses.series(0), courses.times(0)).intensity.shape == (AU_COUNT, 0)
