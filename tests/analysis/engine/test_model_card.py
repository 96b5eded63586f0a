import hashlib
import json

import pytest

from analysis.engine.action_units import AU_NUMBERS
from analysis.engine.errors import ModelMismatchError, ModelsMissingError
from analysis.engine.model_card import CARD, ENCODER, HEAD, REASONS, Grade, ModelCard, Reason, grade

FIGURES = {
    "cases": 10,
    "present": 5,
    "icc": 0.8,
    "r": 0.8,
    "mae": 0.2,
    "f1": 0.7,
    "skew_f1": 0.9,
    "inside": 0.95,
}


def facts():
    files = {name: hashlib.sha256(name.encode()).hexdigest() for name in (ENCODER, HEAD)}
    return {
        "format": 1,
        "name": "echodepth-au",
        "version": "1",
        "files": {name: {"sha256": sha256} for name, sha256 in files.items()},
        "accuracy": {
            "synthetic": {"action_units": {str(au): dict(FIGURES) for au in AU_NUMBERS}},
            "real": {"clips": {"one": {"action_units": {"12": 0.5}}}},
        },
    }


@pytest.fixture
def model(tmp_path):
    """Write a model of two files that hold their own names, and a card; gives (folder, write)."""
    for name in (ENCODER, HEAD):
        (tmp_path / name).write_text(name)

    def write(content):
        (tmp_path / CARD).write_text(json.dumps(content))
        return tmp_path

    return write


@pytest.mark.parametrize(
    ("icc", "expected"), [(0.75, Grade.A), (0.749, Grade.B), (0.6, Grade.B), (0.4, Grade.C), (0.39, Grade.D)]
)
def test_grades_begin_at_their_bounds(icc, expected):
    assert grade(icc) is expected


def test_a_card_tells_every_units_evidence(model):
    content = facts()
    content["accuracy"]["synthetic"]["action_units"]["21"]["icc"] = 0.1

    card = ModelCard.load(model(content))

    assert sorted(card.evidence) == sorted(AU_NUMBERS)
    assert card.weak == {21}
    assert card.evidence[12].grade is Grade.A
    assert card.evidence[12].real == {"one": 0.5}
    assert card.evidence[1].real == {}


def test_a_card_may_say_what_the_networks_spread_is_worth(model):
    told = {str(au): [au, 0, 0, 0, 0] for au in AU_NUMBERS}
    assert ModelCard.load(model(facts())).spread_terms is None

    terms = ModelCard.load(model(facts() | {"spread_terms": told})).spread_terms

    assert terms.shape == (44, 5)
    assert [*terms[:, 0]] == [*AU_NUMBERS]


def test_a_file_that_is_not_the_cards_is_refused(model):
    folder = model(facts())
    (folder / HEAD).write_text("another")

    with pytest.raises(ModelMismatchError):
        ModelCard.load(folder)


@pytest.mark.parametrize("absent", [CARD, ENCODER])
def test_a_missing_file_is_named(model, absent):
    folder = model(facts())
    (folder / absent).unlink()

    with pytest.raises(ModelsMissingError):
        ModelCard.load(folder)


def test_a_card_without_measured_accuracy_is_refused(model):
    content = facts()
    del content["accuracy"]

    with pytest.raises(ModelMismatchError):
        ModelCard.load(model(content))


def test_every_unit_has_a_reason_and_every_reason_a_unit():
    assert set(REASONS) == set(AU_NUMBERS)
    assert set(REASONS.values()) == set(Reason)
