import numpy as np
import pytest

from analysis.training.evaluation import redraw
from analysis.training.evaluation.composition import composition
from analysis.training.generator.dataset import Part


@pytest.fixture(scope="module")
def found():
    return composition(3, 400)


def test_every_person_is_counted_once(found):
    assert found["people"] == sum(found["tone"].values()) == 400
    for name in ("lines", "head", "eyes"):
        assert sum(found[name].values()) == pytest.approx(1, abs=0.001)


def test_all_tones_come_up(found):
    assert list(found["tone"]) == sorted(found["tone"], key=int)
    assert set(found["tone"]) == {str(tone) for tone in range(1, 11)}


def test_people_are_those_of_the_training_shards():
    """The 257th is the first of the eleventh shard: the ninth and tenth belong to the other sets."""
    looks = [redraw.identity(np.random.default_rng([3, Part.TRAIN, n]))[1] for n in (*range(256), 320)]
    glasses = np.mean([look.glasses > 0 for look in looks])

    assert composition(3, 257)["worn"]["glasses"] == pytest.approx(glasses, abs=1e-4)
