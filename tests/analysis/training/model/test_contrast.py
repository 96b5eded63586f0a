import numpy as np

from analysis.training.model.contrast import LIMIT, STEPS, evened

RNG = np.random.default_rng(0)
FACE = RNG.integers(60, 140, (96, 96)).astype(np.uint8)


def test_brightness_and_contrast_hardly_matter():
    plain = evened(FACE).astype(float)

    for other in (FACE + 50, FACE // 2 + 20, (FACE * np.linspace(0.6, 1.4, 96)).astype(np.uint8)):
        assert np.corrcoef(plain.ravel(), evened(other).ravel().astype(float))[0, 1] > 0.97


def test_a_flat_patch_stays_flat():
    assert not evened(np.full((96, 96), 77, np.uint8)).any()


def test_values_are_bounded():
    spot = np.full((96, 96), 20, np.uint8)
    spot[40, 40] = 255

    assert np.abs(evened(spot).astype(int)).max() == LIMIT * STEPS
