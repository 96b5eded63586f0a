import numpy as np

from analysis.engine.crops import SIDE, STEPS
from analysis.training.model import augment

OWNER = np.repeat(np.arange(20), 5)


def stored():
    """A bright square in the middle of flat crops."""
    crop = np.zeros((len(OWNER), SIDE, SIDE), np.int8)
    crop[:, 44:84, 44:84] = 100
    return crop


def test_what_a_crop_shows_stays_about_where_it_was():
    varied = augment.crops(stored(), OWNER, np.random.default_rng(1))

    assert varied.shape == (len(OWNER), SIDE, SIDE)
    assert varied.dtype == np.float32
    middle = varied.mean(axis=0)
    assert middle[60:68, 60:68].mean() > 70
    assert abs(middle[:20].mean()) < 3
    assert len({row.tobytes() for row in varied}) == len(OWNER)


def test_grain_is_a_recordings():
    varied = augment.crops(stored(), OWNER, np.random.default_rng(2))

    flat = varied[:, 2:10, 2:120].std(axis=(1, 2)).reshape(20, 5)
    assert np.median(flat.std(axis=1) / flat.mean(axis=1)) < 0.1
    assert flat.mean(axis=1).std() > 0.02 * STEPS


def test_the_same_seed_gives_the_same_crops():
    first, again = (augment.crops(stored(), OWNER, np.random.default_rng(3)) for _ in range(2))

    assert (first == again).all()
