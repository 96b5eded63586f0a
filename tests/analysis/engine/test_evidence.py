import dataclasses
import json

import pytest

from analysis.engine.action_units import AU_NUMBERS
from analysis.engine.evidence import evidence_of
from analysis.engine.model_card import REASONS
from analysis.engine.result import from_json, to_json
from tests.support import cards
from tests.support.results import example_result


@pytest.fixture
def card(tmp_path):
    return cards.model_card(tmp_path)


def test_it_says_of_every_unit_what_the_card_says(card):
    evidence = evidence_of(card)

    assert [one.au for one in evidence.action_units] == list(AU_NUMBERS)
    assert {one.au for one in evidence.action_units if one.grade == "D"} == card.weak == cards.WEAK
    by_unit = {one.au: one for one in evidence.action_units}
    assert (by_unit[5].grade, by_unit[5].icc) == ("B", 0.65)
    assert by_unit[12].real == {"single-face": 0.6, "woman-sad-to-smile": 0.84}
    assert by_unit[2].real == {}
    assert by_unit[21].reason == REASONS[21]


def test_it_says_of_which_model_and_measurement(card):
    evidence = evidence_of(card)

    assert (evidence.name, evidence.version, evidence.card_sha256) == ("echodepth-au", "7", card.sha256)
    assert (evidence.measured, evidence.people, evidence.frames) == ("2026-01-31", 320, 38400)
    assert evidence.clips == {"single-face": 0.63, "woman-sad-to-smile": 0.52}


def test_a_result_carries_it_and_an_earlier_one_does_without(card):
    result = dataclasses.replace(example_result(), evidence=evidence_of(card))
    text = to_json(result)
    earlier = json.loads(text)
    del earlier["evidence"]

    assert from_json(text).evidence == result.evidence
    assert from_json(json.dumps(earlier)).evidence is None
