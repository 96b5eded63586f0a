import numpy as np
import pytest

from analysis.engine.findings import motion
from tests.support import courses

TIME = courses.times(20)
ALL = np.ones(len(TIME), dtype=bool)


def wave(size, hertz, time=TIME):
    return (size * np.sin(2 * np.pi * hertz * (time - 8)) * ((time > 8) & (time < 11))).astype(np.float32)


def test_a_nod_is_seen_when_it_happens():
    found = motion.swings(wave(8, 1.5), TIME, ALL)

    assert found[(TIME > 9) & (TIME < 10)].min() > 0.8
    assert found[(TIME < 6) | (TIME > 13)].max() == 0


@pytest.mark.parametrize(
    "angle",
    [
        np.zeros(len(TIME)),
        np.interp(TIME, [8, 9], [0, 30]),
        10 * np.sin(TIME / 3),
        np.random.default_rng(0).normal(0, 0.7, len(TIME)),
    ],
    ids=["still", "one turn", "slow sway", "jitter"],
)
def test_other_movement_is_none(angle):
    assert motion.swings(angle.astype(np.float32), TIME, ALL).max() < 0.05


@pytest.mark.parametrize("rate", [12, 60])
def test_swings_do_not_depend_on_the_frame_rate(rate):
    time = courses.times(20, rate)

    found = motion.swings(wave(5, 1.2, time), time, np.ones(len(time), dtype=bool))

    assert found.mean() == pytest.approx(motion.swings(wave(5, 1.2), TIME, ALL).mean(), abs=0.01)


def test_looking_away_is_told_from_the_usual_direction():
    pose = np.tile(np.float32([20, -5, 0]), (len(TIME), 1))
    gaze = np.tile(np.float32([-20, 0]), (len(TIME), 1))
    gaze[:100, 0] += 40

    away = motion.looking_away(pose, gaze, ALL)

    assert (away[:100] == 1).all()
    assert (away[100:] == 0).all()


def test_eyes_that_stay_while_the_head_turns_look_nowhere_else():
    pose, gaze = np.zeros((len(TIME), 3), np.float32), np.zeros((len(TIME), 2), np.float32)
    pose[:200, 0], gaze[:200, 0] = 25, -25

    assert motion.looking_away(pose, gaze, ALL).max() == 0


def test_nothing_valid_is_nothing_seen():
    none = ~ALL
    assert motion.swings(wave(8, 1.5), TIME, none).max() == 0
    assert motion.looking_away(np.zeros((600, 3)), np.zeros((600, 2)), none).max() == 0


def test_the_usual_direction_may_come_from_a_longer_stretch():
    pose, gaze = np.zeros((len(TIME), 3), np.float32), np.zeros((len(TIME), 2), np.float32)
    gaze[:400, 0] = 30
    usual = motion.usual_direction(pose, gaze, ALL)

    whole = motion.looking_away(pose, gaze, ALL)
    part = motion.looking_away(pose[400:], gaze[400:], ALL[400:], usual)

    assert usual.tolist() == [30, 0]
    assert (whole[400:] == part).all()
    assert part.min() == 1


def test_eyes_are_open_below_b_unless_their_unit_is_not_believed():
    series = courses.series(4, {43: [0, 1.4, 0, 0], 45: [0, 0, 1.6, 0]})
    series.intensity[:, 3] = np.nan
    valid = np.array([True, True, True, True])

    assert motion.open_eyes(series, valid, frozenset()).tolist() == [True, True, False, True]
    assert motion.open_eyes(series, valid, frozenset({45})).all()
    assert not motion.open_eyes(series, ~valid, frozenset()).any()
