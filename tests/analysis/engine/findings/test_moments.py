import numpy as np
import pytest

from analysis.engine.findings.moments import MOST, moments
from analysis.engine.findings.signal_table import ComponentRule, Kind
from tests.support import courses

TIME = courses.times(60)
STEP = np.full(len(TIME), 1 / 30)
LOWERS = ComponentRule("x", Kind.STRONGEST, -1, 20, (4,))


def told(level, weight=STEP):
    return moments(LOWERS, np.asarray(level, dtype=np.float32), TIME, weight)


def test_a_moment_is_when_and_by_how_much_at_most():
    (moment,) = told(np.where((TIME >= 10) & (TIME < 12), 0.5, 0))

    assert (moment.start, moment.end) == pytest.approx((10, 12))
    assert moment.moved == pytest.approx(-10)


def test_the_five_that_moved_it_most_in_order_of_time():
    level = np.zeros(len(TIME))
    for place in range(8):
        level[(7 * place <= TIME) & (7 * place + 1 > TIME)] = 0.9 - 0.1 * place

    found = told(level[::-1])

    assert len(found) == MOST
    assert [moment.start for moment in found] == sorted(moment.start for moment in found)
    assert [round(moment.moved) for moment in found] == [-10, -12, -14, -16, -18]


def test_a_long_slight_moment_counts_for_more_than_a_short_strong_one():
    level = np.zeros(len(TIME))
    for start in (0, 5, 10, 15, 20):
        level[(start <= TIME) & (start + 4 > TIME)] = 0.3
    level[(TIME >= 30) & (TIME < 30.5)] = 1.0

    assert max(-moment.moved for moment in told(level)) == pytest.approx(6)


def test_traces_are_no_moments_and_short_breaks_do_not_part_one():
    assert told(np.full(len(TIME), 0.1)) == ()

    level = np.where((TIME >= 10) & (TIME < 14), 0.5, 0)
    level[(TIME >= 12) & (TIME < 12.3)] = 0
    assert len(told(level)) == 1


def test_unscored_time_is_in_no_moment():
    weight = np.where(TIME < 30, 0, STEP)
    (moment,) = told(np.where((TIME >= 28) & (TIME < 32), 0.5, 0), weight)
    assert moment.start == pytest.approx(30)
