import copy

import pytest

from analysis.engine.action_units import AU_NUMBERS
from analysis.training.evaluation.bars import NOT_MEASURED, bars

GOOD = {
    "files": {"one": {"bytes": 2_000_000}, "other": {"bytes": 5_000_000}},
    "accuracy": {
        "synthetic": {
            "action_units": {
                str(au): {"icc": 0.6 if number < 30 else 0.1} for number, au in enumerate(AU_NUMBERS)
            },
            "calm": {kind: {"false_alarms": {"1": 0.0, "4": 0.05}} for kind in ("light", "turns")},
        },
        "real": {
            "clips": {
                "woman-sad-to-smile": {
                    "mean_r_all_moving": 0.45,
                    "scored_share": 0.8,
                    "action_units": {"1": 0.9, "7": -0.1},
                    "not_smiling": 0.8,
                },
                "single-face": {"mean_r_all_moving": 0.6, "scored_share": 1.0},
                "gaze-and-head-turns": {
                    "mean_r_all_moving": 0.27,
                    "scored_share": 0.9,
                    "false_alarms": {"1": 0.05, "4": 0.0},
                },
            }
        },
    },
}
"""A card that reaches every bar, most of them just so."""
WOMAN, QUIET = "woman-sad-to-smile", "gaze-and-head-turns"


def test_a_model_on_the_bars_holds_them():
    found = bars(GOOD)

    assert len(found) == 13
    assert all(bar["holds"] for bar in found)
    assert {bar["name"] for bar in NOT_MEASURED}.isdisjoint(bar["name"] for bar in found)


WORSE = {
    "mean r": (("accuracy", "real", "clips", WOMAN, "mean_r_all_moving"), 0.449),
    "scored": (("accuracy", "real", "clips", "single-face", "scored_share"), 0.79),
    "one opposite": (("accuracy", "real", "clips", WOMAN, "action_units", "7"), -0.11),
    "a smile in tears": (("accuracy", "real", "clips", WOMAN, "not_smiling"), 0.79),
    "false alarms": (("accuracy", "real", "clips", QUIET, "false_alarms", "4"), 0.051),
    "a lamp": (("accuracy", "synthetic", "calm", "light", "false_alarms", "1"), 0.06),
    "too few good": (("accuracy", "synthetic", "action_units", "1", "icc"), 0.59),
    "too large": (("files", "one", "bytes"), 3_000_000),
}


@pytest.mark.parametrize("case", WORSE)
def test_one_thing_worse_is_one_bar_missed(case):
    (*path, last), value = WORSE[case]
    card = inner = copy.deepcopy(GOOD)
    for name in path:
        inner = inner[name]
    inner[last] = value

    assert [bar["holds"] for bar in bars(card)].count(False) == 1


def test_what_was_not_measured_is_no_bar():
    card = copy.deepcopy(GOOD)
    card["accuracy"]["real"]["clips"] = {}

    assert len(bars(card)) == 4


def with_twins(ratio=1.15, points=2.9):
    card = copy.deepcopy(GOOD)
    groups = {"monk_2": {"ratio": 0.95}, "monk_10": {"ratio": ratio}}
    apart = {"trust": points, "credibility": 1.0, "resistance": 0.0}
    card["accuracy"]["fairness"] = {"kinds": {"skin": {"groups": groups, "apart": apart}}}
    return bars(card)[-2:]


def test_twins_on_the_bars_hold_them():
    error, signals = with_twins()

    assert (error["measured"], error["holds"]) == ("1.15 (monk 10)", True)
    assert (signals["measured"], signals["holds"]) == ("2.9 (trust)", True)


def test_a_group_outside_its_bar_is_named():
    error, _ = with_twins(ratio=1.16)
    _, signals = with_twins(points=3.0)

    assert (error["measured"], error["holds"]) == ("1.16 (monk 10)", False)
    assert (signals["measured"], signals["holds"]) == ("3.0 (trust)", False)


def test_what_misses_its_bar_never_reads_as_the_bar():
    error, _ = with_twins(ratio=1.151)
    _, signals = with_twins(points=2.96)
    card = copy.deepcopy(GOOD)
    woman = card["accuracy"]["real"]["clips"][WOMAN]
    woman |= {"mean_r_all_moving": 0.4496, "scored_share": 0.798, "action_units": {"7": -0.1004}}
    card["accuracy"]["synthetic"]["calm"]["light"]["false_alarms"]["4"] = 0.0502
    measured = [bar["measured"] for bar in bars(card) if not bar["holds"]]

    assert (error["measured"], error["holds"]) == ("1.151 (monk 10)", False)
    assert (signals["measured"], signals["holds"]) == ("2.96 (trust)", True)
    assert measured == ["5.02% (AU4); 1 AUs above the bar", "0.4496", "79.8%", "-0.1004 (AU7)"]
