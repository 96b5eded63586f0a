import json

import numpy as np
import pytest

from analysis.engine.findings import reliability
from analysis.engine.findings.reliability import Fit, between, bounds, interval, listening
from analysis.engine.types import Interval


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
