import numpy as np
import pytest

from analysis.engine.findings.blinks import CONVERSATION, count_blinks
from analysis.engine.findings.events import find_events
from tests.support import courses


def shown(seconds, every, rate=30.0):
    """A blink of 0.2 s each `every` seconds."""
    time = courses.times(seconds, rate)
    return time, courses.series(len(time), {45: np.where(np.mod(time, every) > every - 0.2, 5.0, 0.0)})


def blinks(time, found, weak=frozenset()):
    return count_blinks(find_events(found, time, np.arange(len(time), dtype=np.int32)), found, time, weak)


@pytest.mark.parametrize(("every", "count", "rate"), [(2, 30, 30), (4, 15, 15), (6, 10, 10)])
def test_blinks_are_counted_by_the_minute(every, count, rate):
    found = blinks(*shown(60, every))

    assert found.count == count
    assert found.per_minute.value == pytest.approx(rate)
    assert found.per_minute.low < rate < found.per_minute.high


@pytest.mark.parametrize(
    ("count", "low", "high"), [(1, 0.025, 5.572), (10, 4.795, 18.390), (30, 20.241, 42.827)]
)
def test_the_interval_is_close_to_the_exact_one_of_a_count(count, low, high):
    """Exact: halved quantiles of the chi-squared distribution with 2n and 2n + 2 degrees of freedom."""
    found = blinks(*shown(60, 60 / count)).per_minute

    assert (found.low, found.high) == pytest.approx((low, high), abs=0.03)


def test_a_longer_recording_tells_more():
    short, long = (blinks(*shown(seconds, 3)).per_minute for seconds in (30, 300))

    assert short.value == pytest.approx(long.value)
    assert long.high - long.low < (short.high - short.low) / 2


def test_no_blink_is_told_with_what_may_have_been_missed():
    time = courses.times(60)

    found = blinks(time, courses.series(len(time)))

    assert (found.count, found.per_minute.value, found.per_minute.low) == (0, 0, 0)
    assert found.per_minute.high == pytest.approx(3.689, abs=0.03)
    assert found.per_minute.high < CONVERSATION[0]


def test_only_time_in_which_the_eyes_were_seen_counts():
    time, found = shown(60, 3)
    courses.hide(found, slice(0, 900))

    assert blinks(time, found).per_minute.value == pytest.approx(20)


@pytest.mark.parametrize(
    ("seconds", "rate", "told"), [(60, 30, True), (60, 15, True), (60, 12, False), (8, 30, False)]
)
def test_a_rate_needs_time_and_frames(seconds, rate, told):
    found = blinks(*shown(seconds, 2, rate))

    assert found.count > 0
    assert (found.per_minute is not None) is told


def test_nothing_is_counted_where_blinks_are_measured_badly():
    assert blinks(*shown(60, 3), weak=frozenset({45})) is None
