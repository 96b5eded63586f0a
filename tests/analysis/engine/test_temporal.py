import numpy as np
import pytest

from analysis.engine.temporal import brief, smooth


def times(n, rate=30.0):
    return np.arange(n) / rate


def test_smoothing_keeps_a_line_and_lowers_noise():
    time = times(4000)
    line = np.stack([time, -2 * time], axis=1).astype(np.float32)
    noise = np.random.default_rng(0).normal(0, 1, line.shape).astype(np.float32)
    valid = np.ones(len(time), dtype=bool)

    assert smooth(line, time, valid)[2:-2] == pytest.approx(line[2:-2], abs=1e-3)
    weights = np.array([1, 2, 3, 2, 1]) / 9
    left = np.sqrt((weights**2).sum())
    assert smooth(noise, time, valid)[2:-2].std() == pytest.approx(left, rel=0.05)


def test_smoothing_does_not_reach_over_gaps_or_invalid_rows():
    time = np.array([0.0, 0.03, 5.0, 5.03, 5.06])
    values = np.array([[0], [0], [1], [9], [1]], dtype=np.float32)
    valid = np.array([True, True, True, False, True])

    smoothed = smooth(values, time, valid)

    assert smoothed[:, 0] == pytest.approx([0, 0, 1, 9, 1])


@pytest.mark.parametrize("rate", [5, 10, 15, 20, 24, 25, 29.97, 30, 60])
def test_rounded_timestamps_do_not_change_what_is_averaged(rate):
    time = times(90, rate)
    values = np.random.default_rng(1).normal(0, 1, (90, 1)).astype(np.float32)
    valid = np.ones(90, dtype=bool)

    assert smooth(values, time.round(3), valid) == pytest.approx(smooth(values, time, valid))
    assert np.allclose(smooth(values, time, valid), values) == (rate <= 10)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_few_rows_pass(n):
    values = np.ones((n, 2), dtype=np.float32)

    assert smooth(values, times(n), np.ones(n, dtype=bool)) == pytest.approx(values)


def test_brief_activity_is_told_from_long():
    active = np.zeros(60, dtype=bool)
    active[5:10] = True
    active[20:50] = True

    assert np.flatnonzero(brief(active, times(60), 0.5)).tolist() == [5, 6, 7, 8, 9]
    assert not brief(active[:0], times(0), 0.5).any()
    assert brief(np.ones(4, dtype=bool), times(4), 0.5).all()
