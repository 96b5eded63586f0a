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


def test_the_terminal_shows_every_table(card):
    text = tables.terminal(card, WORDS)

    for table in (tables.bars(card), tables.sides(card), tables.bands(card, WORDS), tables.timed(card)):
        assert table in text
