"""The network learns, repeats itself and survives its export; needs torch, which the product does not."""

import json
from dataclasses import replace

import numpy as np
import pytest

from analysis.engine import geometry, measures
from analysis.engine.action_units import AU_COUNT, AU_INDEX
from analysis.training.model.samples import Samples

PEOPLE, FRAMES = 40, 8


@pytest.fixture(scope="module")
def samples():
    """Symmetric random faces whose mouth corners rise with AU12, and whose crop darkens below with AU17."""
    rng = np.random.default_rng(0)
    half = rng.uniform((0.05, -0.9, -0.5), (0.8, 0.6, 0.5), (239, 3))
    face = np.concatenate([half, half * [-1, 1, 1]]).astype(np.float32)
    count = PEOPLE * FRAMES
    person = np.repeat(np.arange(PEOPLE), FRAMES)
    labels = np.zeros((count, AU_COUNT, 2), np.float32)
    labels[:, [AU_INDEX[12], AU_INDEX[17]]] = rng.uniform(0, 5, (count, 2, 1))
    neutral = np.arange(count) % FRAMES == 0
    labels[neutral] = 0
    own = rng.normal(0, 0.02, (PEOPLE, 478, 3))[person]
    landmarks = (face + own + rng.normal(0, 0.001, (count, 478, 3))).astype(np.float32)
    landmarks[:, :40, 1] += 0.02 * labels[:, AU_INDEX[12], 0, None]
    landmarks[:, 239:279, 1] += 0.02 * labels[:, AU_INDEX[12], 0, None]
    crop = rng.normal(0, 10, (count, 128, 128))
    crop[:, 93:107, 40:88] -= 20 * labels[:, AU_INDEX[17], 0, None, None]
    return Samples(
        landmarks=landmarks,
        crop=np.clip(crop, -120, 120).astype(np.int8),
        pose=np.zeros((count, 3), np.float32),
        labels=labels,
        visible=np.ones((count, AU_COUNT, 2), np.float32),
        neutral=neutral,
        person=person,
        kind=np.full(count, "single"),
    )


@pytest.fixture(scope="module")
def trained(samples, tmp_path_factory):
    from analysis.training.model.export import export
    from analysis.training.model.train import Plan, train

    folder = tmp_path_factory.mktemp("model")
    plan = Plan(epochs=10, people=4, blind=0.1)
    written = export(
        train(samples, plan, [].append), folder, {"plan": "small"}, np.zeros(AU_COUNT, np.float32)
    )
    again = export(train(samples, plan, [].append), folder / "again", {}, np.zeros(AU_COUNT, np.float32))
    return folder, written, again


def test_geometry_and_appearance_are_both_learned(samples, trained):
    from analysis.training.model.predict import Predictor

    found = Predictor(trained[0]).people(samples)
    shown = ~samples.neutral
    for au in (12, 17):
        row = AU_INDEX[au]
        r = np.corrcoef(found.intensity[shown, row, 0], samples.labels[shown, row, 0])[0, 1]
        assert r > 0.6, au
    assert np.abs(found.intensity[:, AU_INDEX[27]]).max() < 1
    assert found.intensity.min() >= 0
    assert found.intensity.max() <= 5
    assert (found.spread > 0).all()


def test_the_same_seed_gives_the_same_weights(trained):
    _, written, again = trained

    assert [file.sha256 for file in written] == [file.sha256 for file in again]


def test_the_files_are_small_and_named_by_their_content(trained):
    folder, written, _ = trained
    card = json.loads((folder / "card.json").read_text())

    assert sum(file.size for file in written) < 8_000_000
    assert card["plan"] == "small"
    assert {name: facts["sha256"] for name, facts in card["files"].items()} == {
        file.name: file.sha256 for file in written
    }


def test_a_frame_scores_alike_alone_and_among_others(samples, trained):
    from analysis.training.model.predict import Predictor

    predictor = Predictor(trained[0])
    code = predictor.codes(samples.crop[:8])
    rest = (samples.landmarks[0], samples.pose[0], code[0])
    together = predictor.against(rest, samples.landmarks[:8], samples.pose[:8], code)
    alone = predictor.against(rest, samples.landmarks[5:6], samples.pose[5:6], code[5:6])

    assert alone.intensity[0] == pytest.approx(together.intensity[5], abs=1e-4)


def test_the_head_measures_as_the_engine_does():
    from analysis.training.model.network import measuring

    points = np.random.default_rng(3).normal(0, 50, (4, 478, 3)).astype(np.float32)

    ours = geometry.canonical(points).reshape(4, -1) @ measuring()

    assert ours == pytest.approx(measures.read(points).reshape(4, -1), abs=1e-4)


def test_people_without_a_neutral_get_no_numbers(samples, trained):
    from analysis.training.model.predict import Predictor

    nobody = replace(samples, neutral=np.zeros_like(samples.neutral))

    assert np.isnan(Predictor(trained[0]).people(nobody).intensity).all()
