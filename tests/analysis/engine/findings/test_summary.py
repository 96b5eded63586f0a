import numpy as np
import pytest

from analysis.engine.action_units import AU_INDEX, AU_NUMBERS
from analysis.engine.findings.summary import summarise
from tests.support import courses

TIME = courses.times(60)


def one(au, found, time=TIME):
    return summarise(found, time)[AU_INDEX[au]]


def test_all_44_in_order_with_numbers_only_where_scored():
    found = summarise(courses.series(len(TIME)), TIME)

    assert tuple(summary.au for summary in found) == AU_NUMBERS
    tongue, smile, jaw = (found[AU_INDEX[au]] for au in (19, 12, 26))
    assert (tongue.state, tongue.scored_frames, tongue.mean, tongue.p95) == ("not_scorable", 0, None, None)
    assert (smile.state, smile.scored_frames) == ("scored", len(TIME))
    assert smile.left_mean == 0
    assert jaw.left_mean is None


def test_numbers_of_a_known_course():
    course = np.where(TIME < 15, 4.0, 0.0).astype(np.float32)
    summary = one(25, courses.series(len(TIME), {25: course}))

    assert summary.mean.value == pytest.approx(1.0)
    assert summary.mean.low < 1.0 < summary.mean.high
    assert (summary.p95, summary.maximum, summary.present_share) == pytest.approx((4, 4, 0.25))


def test_hidden_rows_do_not_count():
    found = courses.hide(courses.series(len(TIME), {25: 2.0}), slice(0, 900))

    assert one(25, found).scored_frames == 900
    assert one(25, found).mean.value == pytest.approx(2.0)
    assert one(25, courses.hide(found, slice(None))).state == "not_visible"


def test_more_spread_and_more_change_widen_the_interval():
    def width(course, spread):
        mean = one(25, courses.series(len(TIME), {25: course}, spread=spread)).mean
        return mean.high - mean.low

    steady = np.full(len(TIME), 2.5, dtype=np.float32)
    waves = (2.5 + 2 * np.sign(np.sin(TIME / 4))).astype(np.float32)
    assert width(steady, 0.8) > width(steady, 0.2) > 0
    assert width(waves, 0.2) > width(steady, 0.2)


def test_a_longer_recording_of_the_same_is_known_better():
    def width(seconds):
        time = courses.times(seconds)
        course = np.random.default_rng(0).uniform(0, 5, seconds).repeat(30).astype(np.float32)
        mean = one(25, courses.series(len(time), {25: course}, spread=0.01), time).mean
        return mean.high - mean.low

    assert width(400) < 0.6 * width(40)


def test_the_interval_holds_the_mean_of_the_whole_that_was_sampled_from():
    """Of a long random course, the interval read from a tenth holds the whole's mean nine times in ten."""
    rng = np.random.default_rng(11)
    held = 0
    for _ in range(60):
        long = np.clip(rng.normal(2, 1, 300), 0, 5)
        part = long[:60].repeat(10).astype(np.float32)
        time = courses.times(60, 10)
        mean = one(25, courses.series(len(time), {25: part}, spread=0.0), time).mean
        held += mean.low <= 2.0 <= mean.high
    assert held >= 52


def test_few_rows_and_the_same_answer_twice():
    for n in (0, 1, 2):
        found = summarise(courses.series(n, {25: 2.0}), TIME[:n])
        assert found[AU_INDEX[25]].scored_frames == n
    found = courses.series(len(TIME), {25: courses.bump(TIME, 2, 3, 5, 4)})
    assert summarise(found, TIME) == summarise(found, TIME)
