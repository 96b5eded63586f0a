import numpy as np
import pytest

from analysis.training.evaluation import metrics


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


def test_an_interval_is_as_wide_as_it_lies_on_the_scale():
    found, spread = np.array([2.5, 0, 5], np.float32), np.array([0.5, 1, 4], np.float32)

    assert metrics.width(found, spread) == pytest.approx((1.96 + 1.96 + 5) / 3, abs=1e-3)


def test_no_cases_score_nothing():
    none = np.zeros(0, np.float32)

    assert metrics.icc(none, none) == metrics.pearson(none, none) == metrics.inside(none, none, none) == 0
    assert metrics.width(none, none) == 0


def test_f1_is_worked_by_hand():
    found = np.array([1, 1, 1, 0, 0, 0, 0, 0, 0, 0], bool)
    truth = np.array([1, 1, 0, 1, 0, 0, 0, 0, 0, 0], bool)

    assert metrics.f1(found, truth) == pytest.approx(2 * 2 / (3 + 3))
    # Two thirds are hit, one in seven is false: with as many positives as negatives precision is 14/17.
    hit, precision = 2 / 3, (2 / 3) / (2 / 3 + 1 / 7)
    assert metrics.skew_f1(found, truth) == pytest.approx(2 * hit * precision / (hit + precision))


def test_skew_f1_does_not_depend_on_how_rare_the_unit_is():
    rng = np.random.default_rng(1)
    figures = {}
    for share in (0.5, 0.05):
        truth = rng.random(200_000) < share
        found = np.where(truth, rng.random(len(truth)) < 0.8, rng.random(len(truth)) < 0.1)
        figures[share] = metrics.skew_f1(found, truth), metrics.f1(found, truth)

    assert figures[0.05][0] == pytest.approx(figures[0.5][0], abs=0.01)
    assert figures[0.05][1] < figures[0.5][1] - 0.2


def test_presence_that_never_varies_has_no_skew_f1():
    truth = np.zeros(4, bool)

    assert metrics.skew_f1(~truth, truth) == metrics.skew_f1(~truth, ~truth) == metrics.f1(truth, truth) == 0
