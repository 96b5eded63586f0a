import numpy as np
import pytest

from analysis.engine.action_units import ACTION_UNITS, AU_COUNT, AU_INDEX
from analysis.training.evaluation import synthetic
from tests.support.readings import N, made, noisy

BROW, SMILE, JAW, CHIN = (AU_INDEX[au] for au in (1, 12, 30, 17))


def units(reading):
    return synthetic.units(synthetic.printed(reading))


def test_a_perfect_estimate_scores_one_where_both_sides_are_alike():
    scores = units(made())

    assert set(scores) == {unit.number for unit in ACTION_UNITS} - {43, 45, 46}
    assert scores[17].icc == pytest.approx(1)
    assert scores[30].icc == pytest.approx(1)
    # A side that is turned away counts less in what is printed, and not less in what was posed.
    assert 0.9 < scores[12].icc < 1


def test_what_is_posed_on_one_side_is_half_of_it_on_the_face_and_all_of_it_for_a_jaw():
    reading = made()
    reading.truth[:, [SMILE, JAW], 0], reading.truth[:, [SMILE, JAW], 1] = 4, 0

    shown = synthetic.printed(reading)

    assert (shown.truth[SMILE] == 2).all()
    assert (shown.truth[JAW] == 4).all()


def test_what_the_model_takes_to_be_hidden_is_not_counted():
    seen = np.ones((N, AU_COUNT, 2), np.float32)
    seen[: N // 4, CHIN] = 0.1

    assert units(made(seen=seen))[17].cases == N - N // 4


def test_sides_are_cases_of_their_own():
    seen = np.ones((N, AU_COUNT, 2), np.float32)
    seen[:100, SMILE, 0] = 0

    found = synthetic.sides(made(seen=seen))

    assert found[12].cases == 2 * N - 100
    assert found[12].icc == pytest.approx(1)
    assert 17 not in found


def test_hidden_sides_without_a_number_are_counted():
    shown, seen = np.ones((2, N, AU_COUNT, 2), np.float32)
    shown[:100] = 0
    seen[:60] = 0

    found = synthetic.visibility(made(shown=shown, seen=seen))

    assert found["hidden_not_printed"] == 0.6
    assert found["in_view_not_printed"] == 0
    assert found["hidden"] == 100 * 2 * len(synthetic.STILL)


def test_bands_part_the_frames_and_show_where_it_is_worse():
    def worse_aside(truth):
        spoilt = truth.copy()
        aside = np.abs(np.linspace(-44, 44, N)) >= 30
        spoilt[aside] = noisy(truth[aside] * 0.3)
        return spoilt

    reading = made(worse_aside)
    found = synthetic.bands(synthetic.printed(reading), reading)

    assert set(found) == {"pose", "light", "skin", "occlusion", "looks"}
    for kind in ("pose", "skin", "occlusion"):
        assert sum(band["frames"] for band in found[kind].values()) == N
    assert found["pose"]["30-45"]["icc"] < found["pose"]["0-15"]["icc"] - 0.2


def test_bands_are_of_units_that_are_measured_at_all():
    def lost(truth):
        spoilt = truth.copy()
        spoilt[:, CHIN] = 0
        return spoilt

    reading = made(lost)
    found = synthetic.bands(synthetic.printed(reading), reading)

    assert "17" not in found["skin"]["1-3"]["action_units"]
    assert "12" in found["skin"]["1-3"]["action_units"]
