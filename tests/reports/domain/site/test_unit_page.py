import pytest

from analysis.engine.action_units import ACTION_UNITS, AU_NUMBERS
from reports.domain.model_page import ModelPage
from reports.domain.site import atlas
from reports.domain.site.sources import WORKS
from reports.domain.site.unit_page import PAGE_OF_TABLES, TABULATED, UnitPage, card_groups, lines_of
from tests.support.cards import WEAK, example_card


@pytest.fixture(scope="module")
def model():
    return ModelPage.of(example_card())


@pytest.fixture
def page(model):
    return lambda number: UnitPage.of(number, atlas.shipped(), model)


def test_letters_reach_to_where_the_next_begins(page):
    stages = page(12).stages

    assert [(one.letter, one.low, one.high) for one in stages] == [
        ("A", 0.5, 1.5),
        ("C", 2.5, 3.5),
        ("E", 4.5, None),
    ]
    assert stages[-1].picture == "atlas/au12-e.webp"


def test_combinations_say_what_the_unit_is_in_them(page):
    roles = {one.pattern.key: one.role for one in page(20).patterns}

    assert roles["fear"] == "part"
    assert roles["awed"] == "usual"
    assert roles["hatred"] == "against"
    assert "happiness" not in roles


def test_signals_say_in_which_direction_they_are_moved(page):
    moved = {(one.signal, one.rule.key): one for one in page(12).signals}

    assert moved["trust", "smile"].raises
    assert not moved["resistance", "smile"].raises
    assert moved["resistance", "smile"].source == ""
    assert "Oosterhof" in moved["trust", "smile"].source
    assert page(21).signals == ()
    assert not page(21).used


def test_a_page_knows_where_the_muscle_is_our_reading_and_where_sources_differ(page):
    assert page(21).no_muscle
    assert page(21).facs == PAGE_OF_TABLES
    assert page(42).other_muscle == "Depressor supercilii"
    assert page(42).facs == PAGE_OF_TABLES
    assert not page(12).no_muscle
    assert page(12).other_muscle == ""
    assert page(12).facs == TABULATED
    assert PAGE_OF_TABLES.title == WORKS["kanade2000"].title


def test_only_grade_d_is_weak(page):
    assert {number for number in AU_NUMBERS if page(number).weak} == WEAK


def test_one_leads_to_the_next_from_the_first_to_the_last(page):
    first, last = page(1), page(46)

    assert first.previous is None
    assert first.following == ACTION_UNITS[1]
    assert last.following is None
    assert last.previous.number == 45
    assert page(39).following.number == 41


def test_every_unit_has_its_line_of_the_card(model):
    lines = lines_of(model)

    assert set(lines) == set(AU_NUMBERS)
    assert all(line.evidence.au == number for number, line in lines.items())


def test_cards_show_what_was_found_alone(model):
    groups = card_groups(atlas.shipped(), model, {12, 45})
    shown = {card.entry.unit.number for group in groups for card in group.cards if card.shown}

    assert shown == {12, 45}
    assert [group.group for group in groups if group.shown] == ["mid", "eye"]
    assert sum(len(group.cards) for group in groups) == len(AU_NUMBERS)
