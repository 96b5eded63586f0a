import json
import shutil
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from analysis.engine.action_units import AU_NUMBERS
from analysis.engine.errors import ModelsMissingError
from analysis.engine.model_card import CARD, ENCODER, HEAD, WEIGHTS, ModelCard
from analysis.training.errors import TrainingError
from analysis.training.evaluation import accuracy, calm, timed
from analysis.training.evaluation.accuracy import Asked, measured, write
from analysis.training.evaluation.fairness import groups, twins
from analysis.training.generator import dataset
from tests.support import shards
from tests.support.models import FOLDER, real_models

SYNTHETIC, REAL, FAIRNESS = frozenset({"synthetic"}), frozenset({"real"}), frozenset({"fairness"})


@pytest.fixture
def asked(tmp_path):
    """The built-in model, copied, and a dataset of a few people nobody rendered."""
    weights = tmp_path / "weights"
    shutil.copytree(WEIGHTS, weights)
    data = shards.write(tmp_path / "data", shards.TEST)
    shards.write(data, shards.VALIDATION)
    nowhere = tmp_path / "nowhere"
    said = []
    return Asked(weights, FOLDER, data, 384, 0, nowhere, nowhere, "the command", said.append)


def bare(asked):
    """The model as training leaves it."""
    card = accuracy.card_of(asked.weights)
    write(asked.weights, {name: card[name] for name in card if name not in {"accuracy", "spread_terms"}})


def test_a_model_without_a_card_is_missing(tmp_path):
    with pytest.raises(ModelsMissingError):
        accuracy.card_of(tmp_path)


def test_a_new_model_is_measured_and_the_product_reads_its_card(asked, rig, monkeypatch):
    real_models()
    # Half as many frames: the test is of the whole chain, not of the figures.
    monkeypatch.setattr(timed, "FPS", Fraction(15))
    monkeypatch.setattr(calm, "FPS", Fraction(8))
    bare(asked)

    write(asked.weights, measured(replace(asked, films=1), SYNTHETIC))

    card = ModelCard.load(asked.weights)
    synthetic = card.facts["accuracy"]["synthetic"]
    assert set(synthetic["action_units"]) == {str(au) for au in AU_NUMBERS}
    assert synthetic["people"] == shards.PEOPLE
    # The one person filmed blinks twice and keeps the eyes shut once.
    assert synthetic["timed"]["events"]["43"] == {"shown": 1, "found": 1}
    assert synthetic["action_units"]["43"]["icc"] > 0.5
    assert card.facts["accuracy"]["real"]["clips"] == {}
    assert card.facts["accuracy"]["files"] == {
        name: card.facts["files"][name]["sha256"] for name in (ENCODER, HEAD)
    }
    assert card.spread_terms is not None
    assert np.isfinite(card.spread_terms).all()
    assert synthetic["calm"]["light"]["people"] == 1
    assert len(card.facts["accuracy"]["bars"]) == 4


def test_a_dataset_that_is_missing_is_made_with_the_seed_of_the_training_data(asked, tmp_path):
    """Up to the networks that would read it, which are nowhere."""
    wanting = replace(asked, data=tmp_path / "new", networks=tmp_path)

    with pytest.raises(ModelsMissingError):
        measured(wanting, SYNTHETIC)

    trained = accuracy.card_of(asked.weights)["training"]["data"]["seed"]
    assert dataset.manifest(tmp_path / "new")["seed"] == trained


def test_figures_of_other_weights_are_not_kept(asked):
    card = accuracy.card_of(asked.weights)
    card["files"][HEAD]["sha256"] = "another"
    write(asked.weights, card)

    with pytest.raises(TrainingError, match="Rendered people come first"):
        measured(asked, REAL)


def test_figures_of_the_same_weights_stay(asked):
    before = accuracy.card_of(asked.weights)

    after = measured(asked, frozenset())

    assert after["accuracy"]["synthetic"] == before["accuracy"]["synthetic"]
    assert after["accuracy"]["real"] == before["accuracy"]["real"]
    assert after["accuracy"]["command"] == "the command"


def test_twins_are_measured_beside_what_is_known(asked, rig, monkeypatch):
    real_models()
    # Two films of a few frames: the test is of the whole chain, not of the figures.
    monkeypatch.setattr(twins, "SECONDS", 6.0)
    monkeypatch.setattr(twins, "FPS", Fraction(2))
    monkeypatch.setattr(groups, "KINDS", {"light": ("even", "dim")})
    monkeypatch.setattr(groups, "person", lambda number: twins.person(number)[:1] + _dim(number))

    found = measured(replace(asked, twins=1), FAIRNESS)["accuracy"]

    assert found["synthetic"] == accuracy.card_of(asked.weights)["accuracy"]["synthetic"]
    assert (found["fairness"]["people"], found["fairness"]["films"]) == (1, 2)
    assert found["fairness"]["frames"] == 24
    light = found["fairness"]["kinds"]["light"]["groups"]
    assert 0 < light["even"]["error"] < 1
    assert light["even"]["scored_share"] == light["dim"]["scored_share"] == 1
    assert sum(bar["name"].startswith("twins, light") for bar in found["bars"]) == 2


def _dim(number):
    return [twin for twin in twins.person(number) if twin.group == "dim"]


def test_twins_come_after_grades(asked):
    bare(asked)

    with pytest.raises(TrainingError, match="Rendered people come first"):
        measured(asked, FAIRNESS)


def test_without_the_clips_the_first_one_is_named(asked):
    real_models()

    with pytest.raises(TrainingError, match="woman-sad-to-smile"):
        measured(asked, REAL)


def test_the_card_is_json_that_reads_back(asked):
    card = accuracy.card_of(asked.weights) | {"note": "Ångström"}

    write(asked.weights, card)

    assert json.loads((asked.weights / CARD).read_text(encoding="utf-8")) == card
    assert np.isfinite(card["accuracy"]["synthetic"]["people"])
