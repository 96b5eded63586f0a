import numpy as np
import pytest

from analysis.engine.findings.events import find_events
from tests.support import courses

TIME = courses.times(10)


def events(found, time=TIME, weak=frozenset()):
    return find_events(found, time, np.arange(len(time), dtype=np.int32), weak)


def test_onset_apex_offset_and_velocities_of_a_known_course():
    course = courses.bump(TIME, 2.0, 3.0, 5.0, 4.0)

    (event,) = events(courses.series(len(TIME), {25: course}))

    assert (event.au, event.side) == (25, "both")
    assert (event.onset, event.apex, event.offset) == pytest.approx((2.125, 3.0, 4.75), abs=0.01)
    assert event.peak == pytest.approx(4.0)
    assert (event.onset_velocity, event.offset_velocity) == pytest.approx((4.0, 2.0), rel=0.02)
    assert (event.first_frame, event.apex_frame, event.last_frame) == (64, 90, 142)


def test_a_plateau_does_not_slow_the_rise_down():
    """Up from 2 to 2.5 s, held with a late highest frame, down from 5 to 6 s."""
    course = np.interp(TIME, [2, 2.5, 4.8, 5, 6], [0, 3.9, 4, 3.9, 0]).astype(np.float32)

    (event,) = events(courses.series(len(TIME), {25: course}))

    assert event.apex == pytest.approx(4.8)
    assert (event.full_from, event.full_to) == pytest.approx((2.46, 5.08), abs=0.02)
    assert (event.onset_velocity, event.offset_velocity) == pytest.approx((7.8, 3.9), rel=0.02)


def test_what_was_not_seen_has_no_velocity():
    course = courses.bump(TIME, -1, 1, 3, 4)
    cut = courses.hide(courses.series(len(TIME), {25: course}), slice(60, None))

    (event,) = events(cut)

    assert (event.onset_velocity, event.offset_velocity) == (0, 0)
    assert (event.onset, event.offset) == (TIME[0], TIME[59])
    assert event.full_from <= event.apex <= event.full_to


@pytest.mark.parametrize(
    ("rate", "seconds", "au", "marked"),
    [
        (30, 0.45, 4, True),
        (25, 0.45, 4, True),
        (25 / 1.001, 0.45, 4, True),
        (24, 0.45, 4, False),
        (12, 0.45, 4, False),
        (30, 0.8, 4, False),
        (30, 0.3, 45, False),
        (30, 0.3, 25, False),
    ],
)
def test_brief_displays_are_marked_where_the_frame_rate_can_tell(rate, seconds, au, marked):
    time = courses.times(10, rate).round(3)
    course = courses.bump(time, 4, 4 + seconds / 2, 4 + seconds, 4)

    (event,) = events(courses.series(len(time), {au: course}), time)

    assert event.brief is marked
    assert not events(courses.series(len(time), {au: course}), time, weak=frozenset({au}))[0].brief


def test_a_display_cut_short_by_a_lost_face_is_not_brief():
    found = courses.series(len(TIME), {4: courses.bump(TIME, 4, 4.2, 7, 4)})
    courses.hide(found, slice(130, 150))

    first, second = events(found)

    assert first.offset - first.onset < 0.5
    assert not first.brief
    assert not second.brief


@pytest.mark.parametrize("rate", [12, 25, 60])
def test_times_hardly_depend_on_the_frame_rate(rate):
    time = courses.times(10, rate)

    (event,) = events(courses.series(len(time), {25: courses.bump(time, 2, 3, 5, 4)}), time)

    assert (event.onset, event.offset) == pytest.approx((2.125, 4.75), abs=0.01)


def test_what_does_not_reach_b_is_no_event():
    assert events(courses.series(len(TIME), {25: courses.bump(TIME, 2, 3, 5, 1.4)})) == ()


def test_a_dip_that_stays_above_a_does_not_part_an_event():
    two = np.maximum(courses.bump(TIME, 1, 2, 4, 3), courses.bump(TIME, 2.5, 4, 6, 3))

    assert len(events(courses.series(len(TIME), {25: two}))) == 1
    apart = courses.bump(TIME, 1, 2, 3, 3) + courses.bump(TIME, 4, 5, 6, 3)
    assert len(events(courses.series(len(TIME), {25: apart}))) == 2


def test_a_lost_face_ends_an_event():
    found = courses.series(len(TIME), {25: 3.0})
    courses.hide(found, slice(100, 110))

    first, second = events(found)

    assert (first.last_frame, second.first_frame) == (99, 110)
    assert first.offset == pytest.approx(TIME[99])
    assert second.onset_velocity == 0 or second.apex == second.onset


def test_a_gap_in_time_ends_an_event():
    time = np.concatenate([courses.times(2), courses.times(2, start=8)])

    assert len(events(courses.series(len(time), {25: 3.0}), time)) == 2


@pytest.mark.parametrize("side", ["left", "right"])
def test_one_sided_displays_are_one_sided_events(side):
    course = courses.bump(TIME, 2, 3, 5, 4)
    other = {"left": "right", "right": "left"}[side]
    found = courses.series(len(TIME), {12: course / 2}, **{side: {12: course}, other: {12: 0 * course}})

    (event,) = events(found)

    assert event.side == side
    assert event.peak == pytest.approx(4.0)


def test_slightly_uneven_displays_are_of_both_sides():
    course = courses.bump(TIME, 2, 3, 5, 4)

    (event,) = events(
        courses.series(len(TIME), {12: course * 0.9}, left={12: course}, right={12: course * 0.8})
    )

    assert event.side == "both"
    assert event.peak == pytest.approx(3.6)


def test_events_come_in_order_and_have_order_inside():
    rng = np.random.default_rng(5)
    noise = {au: np.clip(rng.normal(1, 1.2, len(TIME)), 0, 5).astype(np.float32) for au in (1, 12, 25, 45)}

    found = events(courses.series(len(TIME), noise))

    assert len(found) > 20
    assert [event.onset for event in found] == sorted(event.onset for event in found)
    assert all(event.onset <= event.full_from <= event.apex for event in found)
    assert all(event.apex <= event.full_to <= event.offset for event in found)
    assert all(event.peak >= 1.5 for event in found)


def test_no_rows_no_events():
    assert events(courses.series(0), TIME[:0]) == ()
