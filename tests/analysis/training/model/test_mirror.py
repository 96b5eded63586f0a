import numpy as np
import pytest

from analysis.training.errors import TrainingError
from analysis.training.model import mirror


def symmetric(count=239):
    rng = np.random.default_rng(1)
    half = rng.uniform((0.05, -1, -0.5), (0.8, 0.6, 0.5), (count, 3)).astype(np.float32)
    return np.concatenate([half, half * np.array([-1, 1, 1], np.float32)])


def test_partners_are_mutual_and_mirrored():
    shape = symmetric()
    partner = mirror.partners(shape)

    assert (partner[partner] == np.arange(478)).all()
    assert np.array_equal(shape[partner] * np.array([-1, 1, 1], np.float32), shape)


def test_a_point_on_the_midline_is_its_own_partner():
    shape = symmetric()
    shape[[0, 239], 0] = 0
    shape[239, 1] += 0.5

    partner = mirror.partners(shape)

    assert partner[0] == 0
    assert partner[239] == 239


def test_half_a_face_cannot_be_mirrored():
    with pytest.raises(TrainingError, match="lopsided"):
        mirror.partners(np.abs(symmetric()) + np.float32(0.2))
