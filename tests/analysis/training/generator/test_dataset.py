import numpy as np
import pytest

from analysis.training.errors import TrainingError
from analysis.training.generator import dataset
from analysis.training.generator.dataset import Order, Part
from tests.support.models import FOLDER, real_models


@pytest.fixture
def small(rig, tmp_path, monkeypatch):
    real_models()
    monkeypatch.setattr(dataset, "PEOPLE_A_SHARD", 1)
    return Order(tmp_path / "data", seed=4, frames=dataset.FRAMES_A_SHARD + 1, models=FOLDER)


def test_of_ten_shards_eight_are_for_training():
    parts = [dataset.part_of(n) for n in range(20)]

    assert parts.count(Part.TRAIN) == 16
    assert parts[8] is parts[18] is Part.VALIDATION
    assert parts[9] is parts[19] is Part.TEST


def test_what_is_there_is_not_made_again(small):
    assert dataset.generate(small) == 2
    before = dataset.shard_path(small.out, 0).read_bytes()
    dataset.shard_path(small.out, 0).unlink()
    kept = dataset.shard_path(small.out, 1).stat().st_mtime_ns

    assert dataset.generate(small) == 1
    assert dataset.shard_path(small.out, 1).stat().st_mtime_ns == kept
    with (
        np.load(dataset.shard_path(small.out, 0)) as again,
        np.load(dataset.shard_path(small.out, 1)) as other,
    ):
        assert not np.array_equal(again["crop"][0], other["crop"][0])
    # Zip entries carry no clock: the same shard is the same file.
    assert dataset.shard_path(small.out, 0).read_bytes() == before
    assert len(list(dataset.load(small.out, Part.TRAIN))) == 2
    assert not list(dataset.load(small.out, Part.TEST))


def test_single_sets_can_be_made(small):
    whole = Order(small.out, small.seed, 10 * dataset.FRAMES_A_SHARD, small.models)

    assert dataset.generate(whole, parts=(Part.TEST,)) == 1
    assert dataset.finished(small.out) == [9]
    assert len(list(dataset.load(small.out, Part.TEST))) == 1


def test_another_seed_is_refused(small):
    dataset._agree(Order(small.out.parent, 1, 1, FOLDER))

    with pytest.raises(TrainingError, match="another seed"):
        dataset._agree(Order(small.out.parent, 2, 1, FOLDER))
