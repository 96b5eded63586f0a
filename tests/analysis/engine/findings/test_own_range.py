import dataclasses

import numpy as np
import pytest

from analysis.engine.action_units import AU_COUNT, AU_INDEX
from analysis.engine.finding_types import OwnRange
from analysis.engine.findings import own_range
from tests.support import courses

SMILE, BROWS = AU_INDEX[12], AU_INDEX[4]


def measured(seconds=20, rate=30.0, hidden=None, excluded=None, **shown):
    """A recording in which AU12 rises from 0 to 5 throughout."""
    time = courses.times(seconds, rate)
    series = courses.series(len(time), {12: np.linspace(0, 5, len(time), dtype=np.float32)})
    if hidden is not None:
        series = courses.hide(series, hidden)
    return own_range.of_track(courses.rows(time, excluded=excluded), series, **shown)


def earlier(seconds=60.0, **changes):
    return OwnRange("carried", seconds, np.full(AU_COUNT, 3.0, np.float32), **changes)


def test_the_upper_end_is_the_ninetieth_percentile_of_the_scored_time():
    found = measured()

    assert (found.source, found.seconds) == ("measured", pytest.approx(20))
    assert found.high[SMILE] == pytest.approx(4.5, abs=0.01)
    assert found.high[BROWS] == pytest.approx(0, abs=0.01)


def test_the_frame_rate_does_not_move_it():
    ends = [measured(rate=rate).high[SMILE] for rate in (30, 15, 10)]

    assert ends == pytest.approx([4.5] * 3, abs=0.05)


def test_frames_far_apart_stand_for_more_time():
    """A second of ten frames a second weighs as much as one of thirty."""
    slow, fast = courses.times(9, 10), courses.times(9, 30, start=9)
    time = np.concatenate([slow, fast])
    shown = np.where(time < 9, 4.0, 1.0).astype(np.float32)
    found = own_range.of_track(courses.rows(time), courses.series(len(time), {12: shown}))

    assert found.high[SMILE] == 4.0
    assert np.quantile(shown, 0.7) == 1.0


def test_excluded_rows_do_not_count():
    time = courses.times(20)
    excluded = (time >= 10).astype(np.uint8)

    found = measured(excluded=excluded)

    assert found.seconds == pytest.approx(10)
    assert found.high[SMILE] == pytest.approx(2.25, abs=0.01)


def test_what_was_never_scored_has_no_range():
    assert np.isnan(measured(hidden=slice(None)).high).all()


def test_too_little_face_time_gives_none():
    assert measured(seconds=4) is None


def test_a_carried_range_comes_first():
    found = measured(carried=earlier())

    assert (found.source, found.seconds) == ("carried", 60.0)
    assert found.high[SMILE] == 3.0


def test_a_unit_that_the_earlier_recording_never_scored_has_its_range_here():
    high = np.full(AU_COUNT, 3.0, np.float32)
    high[SMILE] = np.nan
    found = measured(carried=dataclasses.replace(earlier(), high=high))

    assert found.high[SMILE] == pytest.approx(4.5, abs=0.01)
    assert found.high[BROWS] == 3.0


def test_an_earlier_recording_that_shows_too_little_is_left_aside():
    assert measured(carried=earlier(seconds=own_range.CARRIED_FROM - 1)).source == "measured"


def looking(degrees, shut=None, weak=frozenset(), carried=None):
    """Eyes that look to the side by this for the first 15 of 20 seconds, in which they may be shut."""
    time = courses.times(20)
    gaze = np.zeros((len(time), 2))
    gaze[time < 15, 0] = degrees
    series = courses.series(len(time), {45: np.where(time < 15, shut or 0.0, 0.0)})
    found = own_range.of_track(courses.rows(time, gaze=gaze), series, carried, weak)
    return None if found.usual is None else found.usual.tolist()


def test_the_usual_direction_is_that_of_open_eyes():
    assert looking(20) == looking(20, shut=1.0) == [20, 0]
    assert looking(20, shut=4.0) == [0, 0]
    assert looking(20, shut=4.0, weak=frozenset({45})) == [20, 0]


def test_a_carried_direction_comes_first_and_a_missing_one_is_read_here():
    assert looking(20, carried=earlier(usual=np.array([5.0, 1.0]))) == [5, 1]
    assert looking(20, carried=earlier()) == [20, 0]


def test_eyes_that_never_open_have_no_direction():
    found = own_range.of_track(courses.rows(courses.times(20)), courses.series(600, {43: 5.0}))

    assert found.usual is None


def test_a_short_recording_takes_the_carried_range_as_it_is():
    carried = earlier()

    assert measured(seconds=2, carried=carried) is carried
