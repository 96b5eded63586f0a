from dataclasses import replace

import numpy as np
import pytest

from analysis.engine.findings.reliability import ANY, Fit
from analysis.training.evaluation.findings.intervals import Held
from analysis.training.evaluation.findings.reliability_chapter import (
    Reliability,
    bars,
    body,
    chapter,
    lowest,
    pooled,
    table,
)


def held(inside, width=1.0, cases=100, constant=2.0):
    return Held(cases, inside, np.full(cases, width), 0.95, np.full(cases, constant))


def found(**changes):
    """Everything holds, but for what is changed: by kind the quantities."""
    kinds = {
        "au": {"12": held(0.96), "2": held(0.94, cases=300)},
        "emotion": {"fear": held(0.95)},
        "signal": {"trust": held(0.95)},
        "signal_point": {"trust": held(0.5)},
        "episode": {ANY: held(0.5)},
    } | changes
    whole = {(kind, key): one for kind, keys in kinds.items() for key, one in keys.items()}
    return Reliability(20, 0, dict.fromkeys(whole, Fit(0.1, 1.5, 2.5, most=1.0)), whole, ())


def test_a_kind_is_pooled_over_its_cases():
    whole = pooled(found().of("au"))

    assert whole.cases == 400
    assert whole.inside == pytest.approx((0.96 + 3 * 0.94) / 4)
    assert len(whole.widths) == 400
    assert lowest(found().of("au"))[0] == "2"


def test_every_bar_holds_where_intervals_do():
    assert len(bars(found())) == 9
    assert all(bar["holds"] for bar in bars(found()))


@pytest.mark.parametrize(
    ("ones", "which"),
    [
        ({"12": held(0.92), "2": held(0.92)}, "pooled"),
        ({"12": held(0.98), "2": held(0.98)}, "pooled"),
        ({"12": held(0.87), "2": held(0.96, cases=900)}, "fewest inside"),
        ({"12": held(0.95, width=1.9), "2": held(0.95, width=1.9)}, "median width"),
    ],
)
def test_what_is_outside_is_named(ones, which):
    missed = [bar["name"] for bar in bars(found(au=ones)) if not bar["holds"]]

    assert len(missed) == 1
    assert "Action Units" in missed[0]
    assert which in missed[0]


def test_a_kind_that_was_not_fitted_does_not_hold():
    without = found(signal={})

    missed = [bar["name"] for bar in bars(without) if not bar["holds"]]
    assert missed == ["Signals"]
    assert not without.complete
    assert found().complete
    assert "Not judged" not in body(found())
    assert "signal `trust`" in body(replace(without, unfitted=(("signal", "trust"),)))


def test_the_table_has_fits_and_how_they_were_tested():
    made = table(found())

    assert made["fits"]["au"]["12"] == {
        "floor": 0.1,
        "low": 1.5,
        "high": 2.5,
        "own": 1.0,
        "doubt": 0.0,
        "most": 1.0,
    }
    assert made["tested"]["people"] == 20
    assert made["tested"]["kinds"]["au"] == {
        "inside": 0.945,
        "lowest": {"key": "2", "inside": 0.94},
        "width": 1.0,
        "constant_width": 2.0,
    }


def test_the_chapter_names_every_quantity_in_order():
    text = body(found())

    assert text.index("| `2` |") < text.index("| `12` |")
    assert "no face was found" not in text
    assert "In 3 of all no face was found." in body(replace(found(), without_face=3))
    assert chapter(found()).bars == bars(found())
    assert all(len(line) <= 118 for line in text.splitlines() if not line.startswith("|"))
