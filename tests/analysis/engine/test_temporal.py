import numpy as np
import pytest

from analysis.engine.temporal import JITTER_ROWS, PRIOR_JITTER, brief, jitter, smooth


def times(n, rate=30.0):
    return np.arange(n) / rate


def test_smoothing_keeps_a_line_and_lowers_noise_by_what_it_states():
    time = times(4000)
    line = np.stack([time, -2 * time], axis=1).astype(np.float32)
    noise = np.random.default_rng(0).normal(0, 1, line.shape).astype(np.float32)
    valid = np.ones(len(time), dtype=bool)

    assert smooth(line, time, valid).values[2:-2] == pytest.approx(line[2:-2], abs=1e-3)
    smoothed = smooth(noise, time, valid)
    assert smoothed.values[2:-2].std() == pytest.approx(smoothed.noise[10], rel=0.05)
    assert smoothed.noise[10] < 0.5


def test_smoothing_does_not_reach_over_gaps_or_invalid_rows():
    time = np.array([0.0, 0.03, 5.0, 5.03, 5.06])
    values = np.array([[0], [0], [1], [9], [1]], dtype=np.float32)
    valid = np.array([True, True, True, False, True])

    smoothed = smooth(values, time, valid)

    assert smoothed.values[:, 0] == pytest.approx([0, 0, 1, 9, 1])
    assert smoothed.noise[3] == 1


@pytest.mark.parametrize("n", [1, 2, 3])
def test_few_rows_pass(n):
    values = np.ones((n, 2), dtype=np.float32)

    assert smooth(values, times(n), np.ones(n, dtype=bool)).values == pytest.approx(values)
    assert jitter(values, times(n), np.ones(n, dtype=bool)) == pytest.approx(PRIOR_JITTER, rel=0.3)


@pytest.mark.parametrize("deviation", [0.0005, 0.002])
def test_jitter_is_measured_and_slow_movement_is_not_jitter(deviation):
    time = times(900)
    movement = 0.05 * np.sin(2 * np.pi * 0.4 * time)
    noise = np.random.default_rng(1).normal(0, deviation, len(time))
    found = jitter((movement + noise)[:, None].astype(np.float32), time, np.ones(len(time), dtype=bool))

    assert np.median(found) == pytest.approx(deviation, rel=0.3)


def test_jitter_is_local():
    quiet = np.zeros((400, 1), dtype=np.float32)
    disturbed = quiet.copy()
    disturbed[300:] = 0.01 * (-1.0) ** np.arange(100)[:, None]
    valid = np.ones(400, dtype=bool)

    before, after = (jitter(course, times(400), valid) for course in (quiet, disturbed))

    reach = 300 - JITTER_ROWS - 2
    assert np.array_equal(before[:reach], after[:reach])
    assert after[350] > 3 * before[350]


def test_brief_activity_is_told_from_long():
    active = np.zeros(60, dtype=bool)
    active[5:10] = True
    active[20:50] = True

    assert np.flatnonzero(brief(active, times(60), 0.5)).tolist() == [5, 6, 7, 8, 9]
    assert not brief(active[:0], times(0), 0.5).any()
    assert brief(np.ones(4, dtype=bool), times(4), 0.5).all()
