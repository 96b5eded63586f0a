import json

import numpy as np
import pytest

from analysis.engine.findings import reliability
from analysis.engine.findings.reliability import Fit, between, bounds, interval, listening
from analysis.engine.types import AUSeries, Interval


@pytest.fixture
def table(tmp_path, monkeypatch):
    """Writes another table of fits."""

    def write(content):
        monkeypatch.setattr(reliability, "FILE", tmp_path / "reliability.json")
        (tmp_path / "reliability.json").write_text(json.dumps(content))
        clear()

    def clear():
        reliability._fitted.cache_clear()
        reliability._table.cache_clear()

    yield write
    monkeypatch.undo()
    clear()


def test_what_was_not_fitted_is_taken_as_normal():
    found = interval("none", "such", 50, 10, 0, 100)

    assert (found.value, found.low, found.high) == (
        50,
        pytest.approx(30.4, abs=0.01),
        pytest.approx(69.6, abs=0.01),
    )


def test_a_fit_moves_each_bound_by_its_own_measure(table):
    table({"fits": {"au": {"12": {"floor": 0.3, "low": 1.0, "high": 2.0}}}})

    assert interval("au", "12", 2, 0.4, 0, 5) == Interval(2, pytest.approx(1.5), pytest.approx(3.0))
    assert interval("au", "4", 2, 0.5, 0, 5).low == pytest.approx(2 - 0.5 * reliability.Z)


def test_bounds_stay_on_the_scale_and_around_the_value():
    low, high = bounds("none", "such", np.array([0.0, 99.0]), np.array([5.0, 5.0]), (0, 100))

    assert low[0] == 0
    assert high[1] == 100
    assert (low <= [0, 99]).all()
    assert (high >= [0, 99]).all()


def test_what_was_not_scored_is_added_to_the_bounds():
    found = interval("none", "such", 50, 0, 0, 100, below=3, above=7)

    assert found == Interval(50, 47, 57)


def test_an_interval_is_as_wide_as_it_must_be():
    low, high = bounds(
        "none", "such", np.array([50.0, 50.0]), np.array([5.0, 5.0]), (0, 100), least=np.array([20.0, 1.0])
    )

    assert (low[0], high[0]) == (30, 70)
    assert high[1] == pytest.approx(50 + 5 * reliability.Z)


def test_whoever_listens_hears_what_was_asked():
    interval("au", "1", 1, 0.2, 0, 5)
    with listening() as heard:
        interval("au", "12", 2, 0.4, 0, 5)
    interval("au", "2", 1, 0.2, 0, 5)

    assert [(one.kind, one.key, one.value.tolist()) for one in heard] == [("au", "12", [2])]
    assert between(heard[0], Fit(0.3, 1, 1), (0, 5))[0] == pytest.approx([1.5])


def test_a_fit_of_all_keys_serves_those_without_their_own():
    found = {("episode", reliability.ANY): Fit(0, 1, 1), ("episode", "fear"): Fit(0, 2, 2)}
    with reliability.using(found):
        assert interval("episode", "anger", 50, 10, 0, 100) == Interval(50, 40, 60)
        assert interval("episode", "fear", 50, 10, 0, 100) == Interval(50, 30, 70)
        assert interval("signal", "trust", 50, 10, 0, 100).high == pytest.approx(50 + 10 * reliability.Z)


def series(spread):
    """AUs (44, n) of which only the spread is looked at."""
    spread = np.asarray(spread, np.float32)
    none = np.zeros_like(spread)
    return AUSeries(none, none, none, spread, none.astype(np.uint8))


def test_doubt_is_what_the_model_is_unsure_of_when_it_is_most_sure():
    spread = np.full((44, 10), 0.9)
    spread[:, :4] = 0.2
    spread[5:, 2] = np.nan
    spread[:, 9] = np.nan

    assert reliability.doubt_of(series(spread)) == pytest.approx(0.2)
    assert reliability.doubt_of(series(np.full((44, 3), np.nan))) == 0
    assert reliability.doubt_of(series(np.zeros((44, 0)))) == 0


def test_intervals_of_a_doubtful_track_are_wider():
    with reliability.using({("au", "12"): Fit(floor=0.1, low=1, high=1, own=0.5, doubt=4)}):
        before = interval("au", "12", 2, 0, 0, 5)
        with reliability.of_track(series(np.full((44, 3), 0.5))):
            found = interval("au", "12", 2, 0, 0, 5)
        after = interval("au", "12", 2, 0.2, 0, 5)

    assert before == Interval(2, pytest.approx(1.9), pytest.approx(2.1))
    assert found == Interval(2, pytest.approx(0.9), pytest.approx(3.1))
    assert after.high == pytest.approx(2 + np.hypot(0.1, 0.1))


def test_more_doubt_than_was_ever_fitted_counts_no_more():
    fit = Fit(floor=0.1, low=1, high=1, doubt=4, most=0.5)
    with reliability.using({("au", "12"): fit}), reliability.of_track(series(np.full((44, 3), 2.0))):
        assert interval("au", "12", 2, 0, 0, 5) == Interval(2, pytest.approx(0.9), pytest.approx(3.1))


def test_other_fits_are_used_for_a_while():
    before = interval("au", "none", 2, 0.5, 0, 5)
    with reliability.using({("au", "none"): Fit(0, 1, 1)}):
        assert interval("au", "none", 2, 0.5, 0, 5) == Interval(2, 1.5, 2.5)
    assert interval("au", "none", 2, 0.5, 0, 5) == before


def test_what_the_test_found_is_told(table):
    table({"tested": {"recordings": 3}})
    assert reliability.tested() == {"recordings": 3}

    table({})
    assert reliability.tested() is None


def test_a_wider_deviation_never_narrows(table):
    table({"fits": {"signal": {"trust": {"floor": 2.0, "low": 1.5, "high": 0.0}}}})

    widths = [
        (found := interval("signal", "trust", 50, deviation, 0, 100)).high - found.low
        for deviation in (0.0, 1.0, 4.0)
    ]

    assert widths == sorted(widths)
    assert widths[0] == pytest.approx(3)


def test_another_fit_has_another_version(table, tmp_path, monkeypatch):
    table({"fits": {}})
    first = reliability.version()
    table({"fits": {"au": {}}})

    assert len(first) == 12
    assert reliability.version() != first
    monkeypatch.setattr(reliability, "FILE", tmp_path / "absent.json")
    assert reliability.version() == "none"
