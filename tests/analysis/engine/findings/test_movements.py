import numpy as np
import pytest

from analysis.engine.findings.movements import find_movements
from tests.support import courses

TIME = courses.times(20)
NOISE = np.random.default_rng(4).normal(0, 0.3, (len(TIME), 3))


def found(time=TIME, pose=None, gaze=None, valid=None, au=None, weak=frozenset()):
    rows = courses.rows(time, pose=pose, gaze=gaze)
    valid = np.ones(len(time), dtype=bool) if valid is None else valid
    return find_movements(rows, courses.series(len(time), au), valid, weak)


def swing(time, degrees, half, count, start=8.0):
    """`count` ways of `half` seconds, each at rest at its ends, the first and the last half as far."""
    turns = np.array([0, *(degrees / 2 * (-1.0) ** k for k in range(count - 1)), 0])
    at = np.clip((time - start) / half, 0, count)
    begun = np.minimum(at.astype(int), count - 1)
    t = at - begun
    share = t**3 * (10 - 15 * t + 6 * t**2)
    return turns[begun] + share * (turns[begun + 1] - turns[begun])


def posed(time, column, angle):
    pose = np.zeros((len(time), 3))
    pose[:, column] = angle
    return pose


@pytest.mark.parametrize(("column", "kind"), [(1, "nod"), (0, "shake")])
@pytest.mark.parametrize("rate", [12, 30, 60])
def test_nods_and_shakes_have_times_and_size(column, kind, rate):
    time = courses.times(20, rate)
    pose = posed(time, column, swing(time, 10, 0.3, 4) + 3 * np.sin(time / 4))

    (one,) = found(time, pose)

    assert one.kind == kind
    assert (one.start, one.end) == pytest.approx((8.0, 9.2), abs=0.08)
    assert one.size == pytest.approx(10, abs=1)


def test_noise_and_another_direction_make_no_second_movement():
    pose = posed(TIME, 1, swing(TIME, 10, 0.3, 5)) + posed(TIME, 0, swing(TIME, 4, 0.3, 5)) + NOISE

    assert [one.kind for one in found(pose=pose)] == ["nod"]


@pytest.mark.parametrize(
    "angle",
    [
        np.zeros(len(TIME)),
        np.interp(TIME, [8, 8.3], [0, 30]),
        np.interp(TIME, [8, 8.3, 10, 10.3], [0, 30, 30, 0]),
        10 * np.sin(TIME / 2),
        swing(TIME, 10, 1.2, 6, start=5),
        swing(TIME, 2, 0.3, 6),
    ],
    ids=["still", "one turn", "a turn and back", "slow sway", "slow swings", "small swings"],
)
def test_other_movement_is_none(angle):
    movements = found(pose=posed(TIME, 1, angle) + NOISE)

    assert [one for one in movements if one.kind != "gaze_aversion"] == []


def test_a_lost_face_ends_a_movement():
    angle = swing(TIME, 10, 0.3, 4)
    seen = (TIME < 8.35) | (TIME > 12)

    assert found(pose=posed(TIME, 1, angle), valid=seen) == ()


def test_a_gaze_aversion_has_times_and_size():
    gaze = np.zeros((len(TIME), 2))
    gaze[:, 0] = np.interp(TIME, [5, 5.2, 7, 7.2], [0, 24, 24, 0])

    (one,) = found(gaze=gaze)

    assert one.kind == "gaze_aversion"
    assert (one.start, one.end) == pytest.approx((5.08, 7.12), abs=0.02)
    assert one.size == pytest.approx(24)


def test_a_blink_neither_parts_an_aversion_nor_makes_one():
    gaze = np.zeros((len(TIME), 2))
    gaze[150:210, 0] = 24
    blink = np.zeros(len(TIME))
    blink[180:186] = blink[400:406] = 5
    gaze[400:406, 1] = -40

    assert len(found(gaze=gaze, au={45: blink})) == 1


@pytest.mark.parametrize("degrees", [9, 14])
def test_a_glance_near_the_usual_direction_is_none(degrees):
    gaze = np.zeros((len(TIME), 2))
    gaze[150:210, 0] = degrees

    assert found(gaze=gaze) == ()


def test_a_short_glance_is_none():
    gaze = np.zeros((len(TIME), 2))
    gaze[150:155, 0] = 30

    assert found(gaze=gaze) == ()


def test_eyes_that_stay_while_the_head_turns_look_nowhere_else():
    gaze, pose = np.zeros((len(TIME), 2)), np.zeros((len(TIME), 3))
    pose[150:300, 0], gaze[150:300, 0] = 25, -25
    pose[:, 0] += 20

    assert [one.kind for one in found(pose=pose, gaze=gaze)] == []


@pytest.mark.parametrize("count", [0, 1, 3])
def test_few_rows_or_none_seen(count):
    assert found(TIME[:count]) == ()
    assert found(valid=np.zeros(len(TIME), dtype=bool)) == ()


@pytest.mark.parametrize("au", [43, 45])
def test_eyes_shut_by_a_weak_unit_are_seen(au):
    gaze = np.zeros((len(TIME), 2))
    away = (TIME >= 8) & (TIME < 11)
    gaze[away, 0] = 25

    shut = {au: np.where(away, 4.0, 0.0)}

    assert found(gaze=gaze, au=shut) == ()
    (one,) = found(gaze=gaze, au=shut, weak=frozenset({au}))
    assert one.kind == "gaze_aversion"
