from pathlib import Path

import pytest
from django.conf import settings

from analysis.engine.action_units import AU_NUMBERS
from reports.domain.site import atlas
from reports.domain.site.unit_search import LONGEST, NUMBERS, search


def found(query):
    return [entry.unit.number for entry in search(atlas.shipped().entries.values(), query)]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("12", [12]),
        ("AU12", [12]),
        ("au 06", [6]),
        ("1+2", [1, 2]),
        ("6, 12", [6, 12]),
        ("au1 AU 2; 04 ", [1, 2, 4]),
        ("Zygomaticus", [11, 12]),
        ("lip corner depressor", [15]),
        ("CORDS", [21]),
        ("tongue wipe", [37]),
        ("  blink ", [45]),
    ],
)
def test_units_are_found_by_number_name_muscle_and_change(query, numbers):
    assert found(query) == numbers


def test_a_number_is_not_looked_for_in_other_numbers():
    assert found("1") == [1]
    assert found("3") == []


def test_a_part_of_the_face_finds_its_group():
    assert set(found("eye region")) == {41, 42, 43, 44, 45, 46}


@pytest.mark.parametrize("query", ["51", "nostrum", "brow tongue", "<b>"])
def test_what_is_not_there_is_not_found(query):
    assert found(query) == []


def test_nothing_asked_finds_all():
    assert found("  ") == list(AU_NUMBERS)


@pytest.mark.parametrize(
    ("query", "words"),
    [("1" * (LONGEST - 1) + "x", "nostrum"), ("1  " * 26 + "x", "1 x"), ("2 " * 39 + "au", "2")],
)
def test_what_is_almost_a_number_is_looked_for_as_words(query, words):
    """An expression that could read it in many ways would not return."""
    assert len(query) <= LONGEST
    assert found(query) == found(f"{words} au")


def test_the_script_reads_numbers_by_the_same_expression():
    script = (Path(settings.BASE_DIR) / "static" / "js" / "atlas.js").read_text(encoding="utf-8")

    assert f"const NUMBERS = /^{NUMBERS}$/i;" in script
