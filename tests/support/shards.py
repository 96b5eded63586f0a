"""Shards of people nobody rendered: real draws, invented landmarks and crops."""

import numpy as np

from analysis.engine.action_units import AU_COUNT
from analysis.engine.crops import SIDE
from analysis.training.evaluation import redraw
from analysis.training.generator import dataset
from analysis.training.generator.dataset import Order
from analysis.training.generator.people import FRAMES_A_PERSON, NEUTRAL_FRAMES
from tests.support import synthetic_face

PEOPLE = 3
SEED = 8


def write(folder, shard):
    """One shard of `PEOPLE` people, its labels those that the generator draws for them."""
    folder.mkdir(parents=True, exist_ok=True)
    dataset._agree(Order(folder, SEED, 1, folder))
    part, people = dataset.part_of(shard), range(shard * 32, shard * 32 + PEOPLE)
    drawn = [redraw.person(np.random.default_rng([SEED, int(part), number])) for number in people]
    labels = np.stack([frame.labels for person in drawn for frame in person.frames])
    count = len(labels)
    rng = np.random.default_rng([shard])
    np.savez(
        dataset.shard_path(folder, shard),
        landmarks=synthetic_face.neutral()[None] + rng.normal(0, 0.01, (count, 478, 3)),
        crop=rng.integers(0, 256, (count, SIDE, SIDE)).astype(np.uint8),
        pose=rng.normal(0, (25, 10, 5), (count, 3)),
        presence=np.ones(count),
        labels=labels.astype(np.float16),
        visible=rng.random((count, AU_COUNT, 2)),
        neutral=np.tile(np.arange(FRAMES_A_PERSON) < NEUTRAL_FRAMES, PEOPLE),
        person=np.repeat(list(people), FRAMES_A_PERSON),
        kind=np.full(count, "single"),
    )
    return folder


TEST, VALIDATION = 9, 8
"""Shards of these sets."""
