import numpy as np
import pytest

from analysis.engine.action_units import AU_COUNT, AU_INDEX
from analysis.engine.crops import SIDE, evened
from analysis.training.errors import TrainingError
from analysis.training.generator.dataset import Part
from analysis.training.model.samples import Samples, closures

N = 60


def shard():
    rng = np.random.default_rng(1)
    return {
        "landmarks": np.zeros((N, 478, 3), np.float16),
        "crop": rng.integers(0, 256, (N, SIDE, SIDE)).astype(np.uint8),
        "pose": np.zeros((N, 3), np.float16),
        "presence": np.ones(N, np.float16),
        "labels": rng.uniform(0, 5, (N, AU_COUNT, 2)).astype(np.float16),
        "visible": np.ones((N, AU_COUNT, 2), np.float16),
        "neutral": np.arange(N) % 6 == 0,
        "person": np.arange(N) // 6,
        "kind": np.full(N, "single"),
    }


def test_blinks_and_winks_count_as_closed_eyes():
    labels = np.zeros((2, AU_COUNT, 2), np.float32)
    labels[0, AU_INDEX[45]] = 4
    labels[1, AU_INDEX[46]] = (3, 0)

    closed = closures(labels)

    assert closed[:, AU_INDEX[43]].tolist() == [[4, 4], [3, 0]]
    assert not closed[:, [AU_INDEX[45], AU_INDEX[46]]].any()


def test_people_come_with_their_neutral_frames():
    people = Samples.of(shard()).people()

    assert len(people) == 10
    assert [group.tolist() for group in people[1]] == [[6], [6, 7, 8, 9, 10, 11]]


def test_crops_are_freed_of_light_as_the_product_does_it():
    made = shard()

    assert np.array_equal(Samples.of(made).crop[3], evened(made["crop"][3]))


def test_an_empty_folder_is_named(tmp_path):
    with pytest.raises(TrainingError, match="train"):
        Samples.load(tmp_path, Part.TRAIN)
