"""Joined models answer with their mean, and with a spread that holds how far they are apart."""

import json
import shutil

import numpy as np
import onnx
import onnxruntime as ort
import pytest
from onnx import numpy_helper

from analysis.engine.model_card import CARD, ENCODER, HEAD, WEIGHTS
from analysis.training.errors import TrainingError
from analysis.training.model.join import join

N = 5
HALF = 4e-3
"""What half precision may change."""


@pytest.fixture
def other(tmp_path):
    """A model like the product's own, with other weights in its head."""
    folder = tmp_path / "other"
    shutil.copytree(WEIGHTS, folder)
    head = onnx.load(folder / HEAD)
    for weight in head.graph.initializer:
        if len(weight.dims) == 2 and weight.dims[0] * weight.dims[1] > 10_000:
            name = weight.name
            weight.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(weight) * np.float16(0.9), name))
    onnx.save(head, folder / HEAD)
    return folder


@pytest.fixture
def joined(tmp_path, other):
    join([WEIGHTS, other], tmp_path / "joined")
    return tmp_path / "joined"


def code_of(folder):
    return int(json.loads((folder / CARD).read_text())["inputs"]["code"])


def answers(folder, codes):
    rng = np.random.default_rng(3)
    face = rng.normal(0, 0.3, (N, 478, 3)).astype(np.float32)
    told = {
        "landmarks": face,
        "neutral_landmarks": face + rng.normal(0, 0.01, face.shape).astype(np.float32),
        "pose": np.zeros((N, 3), np.float32),
        "neutral_pose": np.zeros((N, 3), np.float32),
        "code": codes,
        "neutral_code": codes * np.float32(0.8),
    }
    return ort.InferenceSession(folder / HEAD).run(["intensity", "spread", "visibility"], told)


def codes(folder):
    crops = np.random.default_rng(2).normal(0, 20, (N, 128, 128)).astype(np.float32)
    return ort.InferenceSession(folder / ENCODER).run(None, {"crop": crops})[0]


def test_codes_stand_side_by_side(joined, other):
    both = codes(joined)

    assert both.shape == (N, 2 * code_of(WEIGHTS)) == (N, code_of(joined))
    np.testing.assert_allclose(both, np.concatenate([codes(WEIGHTS), codes(other)], axis=1), atol=HALF)


def test_the_mean_is_answered_and_the_members_distance_widens_the_spread(joined, other):
    members = [answers(folder, codes(folder)) for folder in (WEIGHTS, other)]
    intensity, spread, visibility = answers(joined, codes(joined))

    first, second = (member[0] for member in members)
    assert np.abs(first - second).max() > 0.05
    np.testing.assert_allclose(intensity, (first + second) / 2, atol=HALF)
    np.testing.assert_allclose(visibility, (members[0][2] + members[1][2]) / 2, atol=HALF)
    within = (members[0][1] ** 2 + members[1][1] ** 2) / 2
    np.testing.assert_allclose(spread, np.sqrt(within + ((first - second) / 2) ** 2), atol=HALF)


def test_the_card_says_what_was_joined_and_claims_no_accuracy(joined):
    card = json.loads((joined / CARD).read_text())

    assert len(card["training"]["members"]) == 2
    assert "accuracy" not in card
    assert {name: (joined / name).stat().st_size for name in (ENCODER, HEAD)} == {
        name: file["bytes"] for name, file in card["files"].items()
    }


def test_the_same_members_give_the_same_bytes(joined, other, tmp_path):
    again = join([WEIGHTS, other], tmp_path / "again")

    assert again == json.loads((joined / CARD).read_text())


def test_members_of_other_data_are_refused(other, tmp_path):
    card = json.loads((other / CARD).read_text())
    card["training"]["data"]["seed"] += 1
    (other / CARD).write_text(json.dumps(card))

    with pytest.raises(TrainingError, match="one seed"):
        join([WEIGHTS, other], tmp_path / "joined")
    with pytest.raises(TrainingError, match="Two models"):
        join([WEIGHTS], tmp_path / "joined")
