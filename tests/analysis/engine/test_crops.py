import cv2
import numpy as np
import pytest

from analysis.engine import geometry
from analysis.engine.crops import LIMIT, SIDE, STEPS, aligned_crop, evened

SIZE = 400
RNG = np.random.default_rng(0)
FACE = RNG.integers(60, 140, (SIDE, SIDE)).astype(np.uint8)


@pytest.fixture
def points():
    """The reference head's bones at 90 px a unit; all other landmarks at the root of the nose."""
    places = np.tile(np.array([0.0, 0.06, 0.24], np.float32), (478, 1))
    places[list(geometry.REFERENCE.landmarks)] = geometry.REFERENCE.places
    return (places * np.array([1, -1, -1], np.float32) * 90 + np.array([200, 200, 0], np.float32)).astype(
        np.float32
    )


@pytest.fixture
def picture():
    """Soft blotches, another everywhere."""
    rng = np.random.default_rng(2)
    return cv2.resize(
        rng.integers(0, 256, (20, 20, 3), dtype=np.uint8), (SIZE, SIZE), interpolation=cv2.INTER_CUBIC
    )


def turned(picture, points, degrees, scale=1.0, shift=(0, 0)):
    matrix = cv2.getRotationMatrix2D((200, 200), degrees, scale)
    matrix[:, 2] += shift
    moved = points.copy()
    moved[:, :2] = points[:, :2] @ matrix[:, :2].T + matrix[:, 2]
    moved[:, 2] *= scale
    return cv2.warpAffine(picture, matrix, (SIZE, SIZE)), moved.astype(np.float32)


def test_a_crop_is_square_grey_and_holds_the_picture(picture, points):
    crop = aligned_crop(picture, points)

    assert crop.shape == (SIDE, SIDE)
    assert crop.dtype == np.uint8
    assert crop.std() > 20


@pytest.mark.parametrize(
    ("degrees", "scale", "shift"), [(20, 1, (0, 0)), (0, 0.7, (0, 0)), (-15, 1.2, (12, -9))]
)
def test_roll_size_and_place_do_not_matter(picture, points, degrees, scale, shift):
    straight = aligned_crop(picture, points).astype(float)
    other = aligned_crop(*turned(picture, points, degrees, scale, shift)).astype(float)

    assert np.corrcoef(straight.ravel(), other.ravel())[0, 1] > 0.98


def test_a_large_face_is_averaged_not_skipped_through(points):
    checkers = np.indices((SIZE * 4, SIZE * 4)).sum(axis=0) % 2 * 255
    picture = np.repeat(checkers[..., None], 3, axis=2).astype(np.uint8)

    assert aligned_crop(picture, points * 4).std() < 8


def test_a_face_outside_the_picture_still_gives_a_crop(picture, points):
    assert aligned_crop(picture, points + np.array([900, 0, 0], np.float32)).shape == (SIDE, SIDE)


def test_brightness_and_contrast_hardly_matter():
    plain = evened(FACE).astype(float)

    for other in (FACE + 50, FACE // 2 + 20, (FACE * np.linspace(0.6, 1.4, SIDE)).astype(np.uint8)):
        assert np.corrcoef(plain.ravel(), evened(other).ravel().astype(float))[0, 1] > 0.97


def test_a_flat_patch_stays_flat():
    assert not evened(np.full((SIDE, SIDE), 77, np.uint8)).any()


def test_values_are_bounded():
    spot = np.full((SIDE, SIDE), 20, np.uint8)
    spot[40, 40] = 255

    assert np.abs(evened(spot).astype(int)).max() == LIMIT * STEPS
