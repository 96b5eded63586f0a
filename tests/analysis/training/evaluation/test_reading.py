from dataclasses import fields

import numpy as np
import pytest

from analysis.engine.model_card import WEIGHTS
from analysis.engine.quality import THRESHOLDS
from analysis.training.errors import TrainingError
from analysis.training.evaluation import redraw
from analysis.training.evaluation.reading import Circumstances, read
from analysis.training.generator.dataset import Part
from analysis.training.generator.people import EXPRESSION_FRAMES
from tests.support import shards


@pytest.fixture(scope="module")
def reading(tmp_path_factory):
    return read(shards.write(tmp_path_factory.mktemp("data"), shards.TEST), WEIGHTS, Part.TEST, 384)


def test_neutral_frames_and_poses_the_product_leaves_out_are_not_read(reading):
    assert 0 < len(reading.truth) < shards.PEOPLE * EXPRESSION_FRAMES
    assert np.abs(reading.pose[:, 0]).max() <= THRESHOLDS.yaw
    assert np.abs(reading.pose[:, 1]).max() <= THRESHOLDS.pitch


def test_every_row_has_its_persons_look(reading):
    for number in np.unique(reading.person):
        look = redraw.identity(np.random.default_rng([shards.SEED, Part.TEST, number]))[1]
        assert reading.around.tone[reading.person == number] == pytest.approx(look.tone)
        assert (reading.around.glasses[reading.person == number] == (look.glasses > 0)).all()


def test_all_arrays_are_of_the_same_rows(reading):
    count = len(reading.truth)

    assert reading.truth.shape == reading.found.shape == reading.spread.shape == (count, 44, 2)
    assert np.isfinite(reading.found).all()
    assert {len(getattr(reading.around, field.name)) for field in fields(Circumstances)} == {count}


def test_a_set_without_shards_is_named(tmp_path):
    folder = shards.write(tmp_path, shards.TEST)

    with pytest.raises(TrainingError, match="validation set"):
        read(folder, WEIGHTS, Part.VALIDATION, 384)
