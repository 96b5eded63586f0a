from reports.domain.fairness import Fairness

SIGNALS = {"trust": 51.0, "credibility": 55.5, "resistance": 40.0}


def group(ratio):
    error = {"error": 0.2 * ratio, "ratio": ratio, "ratio_low": ratio - 0.1, "ratio_high": ratio + 0.1}
    return {"frames": 640, "scored_share": 0.98, "signals": SIGNALS} | error


FAIRNESS = {
    "people": 12,
    "frames": 17664,
    "error": 0.2,
    "kinds": {
        "skin": {
            "groups": {"monk_2": group(0.95), "monk_10": group(1.21)},
            "apart": {"trust": 1.2, "credibility": 3.4, "resistance": 0.4},
        },
        "glasses": {
            "groups": {"no_glasses": group(0.99), "thick_glasses": group(1.05)},
            "apart": {"trust": 0.2, "credibility": 0.4, "resistance": 0.1},
        },
    },
}
BARS = [
    {"name": "twins, skin: AU error", "bar": "at most 1.15", "measured": "1.21 (monk 10)", "holds": False},
    {"name": "twins, glasses: AU error", "bar": "at most 1.15", "measured": "1.05", "holds": True},
    {"name": "AUs at A or B", "bar": "30", "measured": "12", "holds": False},
]


def test_the_worst_group_and_the_missed_demands_are_named():
    fairness = Fairness.of({"fairness": FAIRNESS, "bars": BARS})
    kind, worst = fairness.worst

    assert (kind, worst.group, worst.ratio.value) == ("skin", "monk_10", 1.21)
    assert fairness.widest == 3.4
    assert fairness.missed == ("twins, skin: AU error, at most 1.15: 1.21 (monk 10)",)
    assert [table.kind for table in fairness.kinds] == ["skin", "glasses"]


def test_a_card_without_twins_tells_nothing():
    assert Fairness.of({"fairness": {}, "bars": BARS}) is None
    assert Fairness.of({"bars": BARS}) is None
