import numpy as np
import pytest

from analysis.engine.findings.fading import slowness
from tests.support import courses

TIME = courses.times(6)


def found(course, time=TIME):
    return slowness(np.asarray(course, dtype=np.float32), time)


@pytest.mark.parametrize("rate", [10, 15, 30, 60])
@pytest.mark.parametrize("peak", [2.0, 3.5, 5.0])
def test_a_straight_fall_is_told_by_its_length_at_any_frame_rate(rate, peak):
    time = courses.times(6, rate)
    for seconds, expected in ((0.6, 0.5), (0.8, 0.75), (1.6, 1)):
        slow, unseen = found(courses.bump(time, 0.5, 1.5, 1.5 + seconds, peak), time)
        assert slow.max() == pytest.approx(expected, abs=0.08)
        assert not unseen.any()


def test_only_the_last_fall_of_an_event_counts():
    twice = np.interp(TIME, [0.5, 1, 1.2, 1.6, 2, 3], [0, 4, 2, 2, 4, 0])
    assert found(twice)[0].max() == pytest.approx(1, abs=0.02)
    assert found(twice[::-1])[0].max() < 0.5


def test_rows_outside_events_and_traces_have_none():
    slow, unseen = found(courses.bump(TIME, 1, 2, 4, 1.2))
    assert slow.max() == 0
    assert not unseen.any()

    slow, _ = found(courses.bump(TIME, 1, 2, 4, 3.0))
    assert slow[(TIME < 1) | (TIME > 4)].max() == 0


@pytest.mark.parametrize("ends", ["recording", "not scored", "gap"])
def test_an_end_that_was_not_seen_is_not_guessed(ends):
    course, time = courses.bump(TIME, 1, 2, 7, 4.0), TIME
    if ends == "not scored":
        course[90:] = np.nan
    if ends == "gap":
        course, time = np.delete(course, slice(80, 100)), np.delete(time, slice(80, 100))

    slow, unseen = found(course, time)

    assert slow.max() == 0
    assert unseen.any()
