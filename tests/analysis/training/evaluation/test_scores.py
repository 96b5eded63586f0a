import numpy as np
import pytest

from analysis.training.evaluation.scores import COLUMNS, score, table

TRUTH = np.array([0, 0, 0, 1, 2, 3, 4, 5], np.float32)


def test_a_perfect_estimate_scores_one():
    found = score(TRUTH, TRUTH, np.ones(8, np.float32))

    assert (found.cases, found.present, found.mae) == (8, 4, 0)
    assert [found.icc, found.r, found.f1, found.skew_f1, found.inside, found.inside_present] == [
        pytest.approx(1)
    ] * 6


def test_the_interval_is_looked_at_where_the_unit_is_present():
    timid = score(TRUTH, np.zeros(8, np.float32), np.ones(8, np.float32))

    assert timid.inside == 0.5
    assert timid.inside_present == 0


def test_nothing_seen_scores_nothing():
    none = np.zeros(0, np.float32)

    assert set(score(none, none, none).facts().values()) == {0}


def test_the_table_ends_with_the_mean():
    perfect = score(TRUTH, TRUTH, np.ones(8, np.float32))
    flat = score(TRUTH, np.zeros(8, np.float32), np.ones(8, np.float32))

    lines = table({1: perfect, 12: flat}).splitlines()

    assert len(lines) == 2 + 2 + 1
    assert all(line.count("|") == len(COLUMNS) + 4 for line in lines)
    assert lines[2] == "| 1 | 8 | 4 | 1.00 | 1.00 | 0.00 | 1.00 | 1.00 | 100% | 100% | 3.2 |"
    assert lines[-1].startswith("| mean | | | 0.50 | 0.50 |")
