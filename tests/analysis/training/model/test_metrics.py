import numpy as np
import pytest

from analysis.training.model import metrics


def test_icc_is_worked_by_hand():
    # Judges 1 and 2 of Shrout & Fleiss (1979), table 2: between cases 4.6833, error 0.6833.
    one = np.array([9, 6, 8, 7, 10, 6], np.float32)
    other = np.array([2, 1, 4, 1, 5, 2], np.float32)

    assert metrics.icc(one, other) == pytest.approx((4.6833 - 0.6833) / (4.6833 + 0.6833), abs=1e-4)


def test_icc_sees_a_wrong_scale_and_forgives_a_shift():
    truth = np.linspace(0, 5, 50, dtype=np.float32)

    assert metrics.icc(truth + 1, truth) == pytest.approx(1)
    assert metrics.icc(truth / 3, truth) == pytest.approx(0.6, abs=0.01)
    assert metrics.icc(-truth, truth) == pytest.approx(-1)


def test_nothing_that_varies_agrees_with_nothing():
    flat = np.ones(5, np.float32)

    assert metrics.icc(flat, flat) == 0
    assert metrics.pearson(flat, np.arange(5, dtype=np.float32)) == 0


def test_the_share_inside_the_interval():
    found = np.zeros(4, np.float32)

    assert metrics.inside(found, np.ones(4, np.float32), np.array([0, 1.9, 2, -3], np.float32)) == 0.5
