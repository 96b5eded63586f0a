import numpy as np
import pytest

from analysis.engine.findings.levels import valid_rows
from analysis.engine.findings.windows import WINDOW, Windows
from analysis.engine.types import Exclusion
from tests.support import courses


def windows(time, excluded=None):
    rows = courses.rows(time, excluded=excluded)
    return Windows.of(rows, valid_rows(rows))


def test_means_of_the_seconds_around_each_second_and_last_of_all():
    time = courses.times(20, start=100.0)
    found = windows(time)

    means = found.mean(np.floor(time - 100))

    assert found.time == pytest.approx(100.5 + np.arange(20))
    assert means[:-1] == pytest.approx([1, 1.5, *range(2, 18), 17.5, 18])
    assert means[-1] == pytest.approx(9.5)


def test_time_that_was_not_scored_counts_for_nothing():
    time = courses.times(20)
    excluded = np.where((time >= 6) & (time < 14), Exclusion.TURNED_AWAY, 0)
    found = windows(time, excluded)

    values = np.where((time >= 6) & (time < 14), 1000.0, np.floor(time))

    assert not ((found.time > 7) & (found.time < 13)).any()
    assert found.mean(values).max() < 20
    assert found.mean(values)[-1] == pytest.approx(np.mean([*range(6), *range(14, 20)]))


def test_rows_count_by_the_time_they_stand_for():
    time = np.concatenate([np.arange(0, 10, 0.1), np.arange(10, 20, 0.02)])
    assert windows(time).mean(np.where(time < 10, 0.0, 1.0))[-1] == pytest.approx(0.5, abs=0.01)


def test_blocks_lie_side_by_side():
    time = courses.times(12)
    sums, seconds = windows(time).blocks(np.ones(len(time)))

    assert seconds == pytest.approx([WINDOW, WINDOW, 2])
    assert sums == pytest.approx(seconds)
