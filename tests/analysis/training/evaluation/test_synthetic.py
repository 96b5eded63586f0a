import numpy as np
import pytest

from analysis.engine.action_units import ACTION_UNITS, AU_COUNT, AU_INDEX
from analysis.training.evaluation import synthetic
from analysis.training.evaluation.reading import Circumstances, Reading

N = 400
BROW, SMILE, JAW, CHIN = (AU_INDEX[au] for au in (1, 12, 30, 17))


def made(found=None, **changed):
    """People of grade A in everything, unless told otherwise."""
    rng = np.random.default_rng(1)
    truth = (rng.uniform(0, 5, (N, AU_COUNT, 2)) * (rng.random((N, AU_COUNT, 1)) < 0.5)).astype(np.float32)
    for row, unit in enumerate(ACTION_UNITS):
        if not unit.sided:
            truth[:, row, 1] = truth[:, row, 0]
    flags = {name: np.arange(N) % 2 == 0 for name in ("relit", "covered", "glasses", "bearded")}
    values = {
        "tone": np.linspace(1, 10, N),
        "azimuth": np.linspace(-60, 60, N),
        "exposure": np.linspace(0.4, 1, N),
        "age": np.linspace(0, 1, N),
    }
    around = Circumstances(**flags, **{name: value.astype(np.float32) for name, value in values.items()})
    arrays = {
        "truth": truth,
        "found": truth if found is None else found(truth),
        "spread": np.full((N, AU_COUNT, 2), 0.5, np.float32),
        "seen": np.ones((N, AU_COUNT, 2), np.float32),
        "shown": np.ones((N, AU_COUNT, 2), np.float32),
        "pose": np.stack([np.linspace(-44, 44, N), *np.zeros((2, N))], axis=1).astype(np.float32),
        "person": np.arange(N) // 9,
    }
    return Reading(**(arrays | changed), around=around)


def units(reading, factors=None):
    return synthetic.units(synthetic.printed(reading), factors or {})


def noisy(truth):
    return np.clip(truth + np.random.default_rng(2).normal(0, 1, truth.shape), 0, 5).astype(np.float32)


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


def test_the_factor_brings_truths_into_the_interval():
    reading = made(noisy, spread=np.full((N, AU_COUNT, 2), 0.2, np.float32))

    factors = synthetic.spread_factors(reading)

    assert min(factors.values()) > 1
    before, after = units(reading), units(reading, factors)
    assert all(before[au].inside < 0.9 for au in synthetic.STILL)
    assert all(after[au].inside >= 0.94 for au in synthetic.STILL)


def test_an_interval_that_is_wide_enough_stays():
    assert set(synthetic.spread_factors(made()).values()) == {1.0}


def test_sides_are_cases_of_their_own():
    seen = np.ones((N, AU_COUNT, 2), np.float32)
    seen[:100, SMILE, 0] = 0

    found = synthetic.sides(made(seen=seen), {})

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
    found = synthetic.bands(synthetic.printed(reading), reading, {})

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
    found = synthetic.bands(synthetic.printed(reading), reading, {})

    assert "17" not in found["skin"]["1-3"]["action_units"]
    assert "12" in found["skin"]["1-3"]["action_units"]
