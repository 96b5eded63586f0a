from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from analysis.engine.action_units import AU_INDEX
from analysis.engine.findings import reliability
from analysis.engine.findings.reliability import Fit
from analysis.training.evaluation.findings import intervals, truth
from analysis.training.evaluation.findings.intervals import (
    Cases,
    cases,
    constant,
    fit_of,
    fitted,
    judged,
    pairs,
    values,
)
from analysis.training.evaluation.findings.recordings import Analysed, Recorded
from analysis.training.evaluation.findings.scripts import SECONDS, Set, order


def made(count, seed=1, kind="signal", below=0.0):
    """Cases whose error is skewed and grows with the deviation, under which lies an unknown floor."""
    rng = np.random.default_rng(seed)
    value = rng.uniform(30, 70, count)
    deviation = rng.gamma(1.0, 2.0, count)
    error = np.hypot(1.0, 2 * deviation) * (rng.gamma(4, 0.5, count) - 2)
    none = np.zeros(count)
    return Cases(kind, value, deviation, none + below, none, none, none, value + error)


def inside(one, fit):
    low, high = one.bounds(fit)
    return float(np.mean((low <= one.truth) & (one.truth <= high))), float(np.median(high - low))


def test_a_fit_holds_other_cases_and_is_narrower_than_a_constant_width():
    learned, others = made(400), made(4000, seed=2)

    share, width = inside(others, fit_of(learned))
    flat_share, flat = inside(others.plain(), constant(learned))

    assert 0.93 <= share <= 0.97
    assert 0.93 <= flat_share <= 0.97
    assert width < 0.7 * flat


def test_doubt_of_a_track_widens_where_it_tells():
    rng = np.random.default_rng(1)
    doubt, none = rng.uniform(0.1, 1, 400), np.zeros(400)
    telling = Cases("signal", none + 50, none, none, none, doubt, none, 50 + doubt**2 * rng.normal(0, 3, 400))

    fit = fit_of(telling)
    low, high = telling.bounds(fit)

    assert fit.doubt > 0
    assert np.corrcoef(high - low, doubt)[0, 1] > 0.8
    assert fit_of(made(400)).doubt == 0


def test_each_side_is_fitted_by_itself():
    fit = fit_of(made(400))

    assert fit.high > 1.3 * fit.low > 0


def test_what_was_not_scored_is_not_added_twice():
    """Where bounds are moved down anyway, less is left to the deviation."""
    assert fit_of(made(400, below=6.0)).low < fit_of(made(400)).low


def test_no_bound_crosses_the_value():
    one = made(100)
    always_more = replace(one, truth=one.value + 5.0)

    fit = fit_of(always_more)

    assert fit.low < 1e-3
    assert (always_more.bounds(fit)[0] <= always_more.value).all()


def test_few_cases_are_not_fitted():
    found = {
        ("signal", "trust"): made(intervals.FEWEST),
        ("signal", "resistance"): made(intervals.FEWEST - 1),
    }

    assert list(fitted(found)) == [("signal", "trust")]


def test_a_quantity_that_is_never_wrong_gets_a_narrow_interval():
    nothing = np.zeros(50)
    fit = fit_of(Cases("au", *[nothing] * 7))

    assert 0 < fit.floor < 0.01


def recorded(number):
    """As posed by a script; nothing is rendered."""
    one = order(Set.FIT, number)
    time = one.script.times(one.fps)
    return Recorded(
        one,
        Path("none.mp4"),
        time,
        one.script.truth(time),
        np.zeros((len(time), 3), np.float32),
        np.zeros((len(time), 2), np.float32),
    )


def analysed(one, seed, off=0.3):
    """As measured with an error of each AU that stays the same throughout, and a spread that knows of it."""
    series = truth.series(one)
    error = np.random.default_rng(seed).normal(0, off, (44, 1)).astype(np.float32)
    shifted = {
        name: np.clip(getattr(series, name) + error, 0, 5).astype(np.float32)
        for name in ("intensity", "left", "right")
    }
    spread = np.full_like(series.spread, 2 * off)
    return Analysed(truth.rows(one), replace(series, spread=spread, **shifted), frozenset())


@pytest.fixture(scope="module")
def recordings():
    made = [recorded(number) for number in range(3)]
    return [(one, analysed(one, seed)) for seed, one in enumerate(made)]


def test_every_quantity_is_asked_of_and_has_a_truth(recordings):
    found = cases(recordings)

    assert {kind for kind, _ in found} == {"au", "emotion", "signal", "signal_point", "episode"}
    assert len([key for kind, key in found if kind == "au"]) == 44
    smile = found["au", "12"]
    posed = [truth.series(one).intensity[AU_INDEX[12]].mean() for one, _ in recordings]
    assert smile.truth == pytest.approx(np.array(posed))
    assert smile.value == pytest.approx(smile.truth, abs=1)
    assert (smile.deviation >= 0.3 * 0.99).all()
    assert len(found["signal_point", "trust"].value) == 3 * SECONDS


def test_what_was_posed_is_its_own_truth(recordings):
    exact = [(one, Analysed(truth.rows(one), truth.series(one), frozenset())) for one, _ in recordings]

    for key, one in cases(exact).items():
        assert one.value == pytest.approx(one.truth, abs=1e-3), key


def test_intervals_are_held_against_the_truth(recordings, monkeypatch):
    found = cases(recordings)
    baseline = {key: constant(one) for key, one in found.items()}
    wide = dict.fromkeys(found, Fit(floor=100.0, low=1.0, high=1.0))
    none = dict.fromkeys(found, Fit(floor=0.0, low=0.0, high=0.0))

    monkeypatch.setattr(intervals, "FEWEST", 3)
    sure, unsure = (judged(found, fits, baseline) for fits in (wide, none))

    assert set(sure) == set(found)
    assert all(one.inside == 1 for one in sure.values())
    assert all(one.cases == len(found[key].value) for key, one in sure.items())
    assert np.mean([unsure[key].inside for key in unsure if key[0] == "au"]) < 0.6
    assert sure["au", "12"].widths == pytest.approx(5)
    assert unsure["au", "12"].widths == pytest.approx(0)
    assert sure["au", "12"].constant_widths == pytest.approx(unsure["au", "12"].constant_widths)


def test_what_is_judged_is_what_the_product_prints(recordings):
    found = cases(recordings)
    fits = {key: fit_of(one) for key, one in found.items()}

    for number, (_, seen) in enumerate(recordings):
        with reliability.using(fits):
            printed = values(seen.result)
        for key, one in printed.items():
            low, high = found[key].bounds(fits[key])
            assert (one.low, one.high) == pytest.approx((low[number], high[number])), key


def test_recordings_without_a_face_are_left_out(recordings):
    one, seen = recordings[0]
    nothing = replace(seen, rows=replace(seen.rows, time=seen.rows.time[:0]))

    assert pairs([one, one], [seen, nothing]) == [(one, seen)]
