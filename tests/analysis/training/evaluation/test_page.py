import json
import re

import pytest

from analysis.engine.action_units import ACTION_UNITS
from analysis.engine.model_card import CARD, WEIGHTS, Grade
from analysis.training.evaluation import bars, tables
from analysis.training.evaluation.page import PAGE, page
from reports.management.commands.evaluate import WORDS


@pytest.fixture
def card():
    return json.loads((WEIGHTS / CARD).read_text(encoding="utf-8"))


def rows(table):
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]


def test_the_page_says_what_the_card_says(card):
    assert PAGE.read_text(encoding="utf-8") == page(card, WORDS)


def test_the_page_is_whole(card):
    text = page(card, WORDS)

    assert "$" not in text
    for name in (
        "synthetic",
        "USC Institute for Creative Technologies",
        card["files"]["au_head.onnx"]["sha256"],
    ):
        assert name in text
    # Links inside the page go to headings that it has.
    headings = {
        re.sub(r"[^a-z0-9 -]", "", h.lower()).replace(" ", "-")
        for h in re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= headings


def test_every_unit_has_both_columns_of_evidence(card):
    clips = card["accuracy"]["real"]["clips"]

    found = {int(row[0]): row for row in rows(tables.evidence(card))}

    assert list(found) == [unit.number for unit in ACTION_UNITS]
    assert {au for au, row in found.items() if row[2] == Grade.D} == set(tables.grades(card)[Grade.D])
    assert all(len(row) == 3 + len(clips) for row in found.values())
    # No other system has AU21.
    assert set(found[21][3:]) <= {"none"}


def test_every_unit_has_its_figures(card):
    assert [int(row[0]) for row in rows(tables.action_units(card))] == [unit.number for unit in ACTION_UNITS]
    assert {int(row[0]) for row in rows(tables.sides(card))} < {
        unit.number for unit in ACTION_UNITS if unit.sided
    }


def test_every_unit_of_grade_d_comes_with_its_reason(card):
    card["accuracy"]["synthetic"]["action_units"]["21"]["icc"] = 0.0

    found = {row[0]: row for row in rows(tables.weak(card, WORDS))}

    assert set(found) == {str(au) for au in tables.grades(card)[Grade.D]}
    assert "neck" in found["21"][3]


def test_a_bar_that_does_not_hold_is_named(card):
    card["accuracy"]["bars"] = [{"name": "Size", "bar": "under 8 MB", "measured": "9 MB", "holds": False}]

    text = page(card, WORDS)

    assert "**1 do not hold:** Size." in text
    assert "| Size | under 8 MB | 9 MB | **no** |" in text
    assert "not measured here" in text


def test_real_people_that_were_not_measured_are_not_claimed(card):
    card["accuracy"]["real"] = {"clips": {}}
    card["accuracy"]["bars"] = bars.bars(card)

    text = page(card, WORDS)

    assert "Not measured yet." in text
    assert "not measured yet" in text


def some_twins(ratio, points):
    group = {"frames": 90, "scored_share": 1.0, "error": 0.2, "ratio_low": 0.9, "ratio_high": 1.3}
    signals = {"trust": 50.0, "credibility": 51.0, "resistance": 49.0}
    groups = {"monk_2": group | {"ratio": 1.0, "signals": signals}, "monk_10": group | {"ratio": ratio}}
    groups["monk_10"]["signals"] = signals | {"trust": 50.0 + points}
    apart = {"trust": points, "credibility": 0.0, "resistance": 0.0}
    counts = {"people": 1, "films": 2, "frames": 180, "action_units": 33, "error": 0.2, "signal_table": "2"}
    return counts | {"command": "the command", "kinds": {"skin": {"groups": groups, "apart": apart}}}


def test_twins_outside_the_bars_are_named(card):
    card["accuracy"]["fairness"] = some_twins(1.2, 3.5)
    card["accuracy"]["bars"] = bars.bars(card)

    text = page(card, WORDS)

    row = "| Skin tone, Monk scale | 10 | 90 | 100% | 0.200 | **1.20** (0.90 to 1.30) | 53.5 | 51.0 | 49.0 |"
    assert row in text
    assert "| most apart |  |  |  |  | **3.5** | 0.0 | 0.0 |" in text
    assert "**Outside the bars:** skin: " in text
    assert tables.twins(card, WORDS) in tables.terminal(card, WORDS)


def test_twins_within_the_bars_and_twins_never_measured(card):
    card["accuracy"]["fairness"] = some_twins(1.1, 1.0)
    card["accuracy"]["bars"] = bars.bars(card)
    within = page(card, WORDS)
    card["accuracy"]["fairness"] = {}
    never = page(card, WORDS)

    assert "Every group is within the bars." in within
    assert "Every group" not in never
    assert "Not measured yet." in never


def test_the_terminal_shows_every_table(card):
    text = tables.terminal(card, WORDS)

    for table in (tables.bars(card), tables.sides(card), tables.bands(card, WORDS), tables.timed(card)):
        assert table in text
