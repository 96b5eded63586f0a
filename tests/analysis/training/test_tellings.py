import re

import pytest

from analysis.engine.action_units import AU_NUMBERS
from analysis.training.compositions import COMPOSITIONS
from analysis.training.tellings import TELLINGS, confused_with, tell

NAMED = {(min(row.au, other), max(row.au, other)) for row in COMPOSITIONS for other in row.confused_with}


def test_there_is_a_text_for_every_pair_that_is_taken_for_each_other_and_no_other():
    assert set(TELLINGS) == NAMED
    assert all(one < other for one, other in TELLINGS)


@pytest.mark.parametrize(("pair", "text"), TELLINGS.items(), ids=lambda value: str(value)[:12])
def test_a_text_names_both_units_and_no_third(pair, text):
    assert {int(number) for number in re.findall(r"AU(\d+)", text)} == set(pair)
    assert text.endswith(".")
    assert 1 <= len(re.findall(r"[.](?: |$)", text)) <= 3
    assert len(text) < 240


def test_no_text_is_said_twice():
    assert len(set(TELLINGS.values())) == len(TELLINGS)


def test_who_is_named_by_another_shows_it_too():
    # AU1 names 2 and 4; AU5 names AU1.
    assert confused_with(1) == (2, 4, 5)
    for au in AU_NUMBERS:
        assert all(au in confused_with(other) for other in confused_with(au))
        assert au not in confused_with(au)


def test_either_order_gives_the_same_text_and_a_pair_that_nobody_confuses_none():
    assert tell(12, 6) == tell(6, 12) == TELLINGS[6, 12]
    with pytest.raises(KeyError):
        tell(1, 27)
