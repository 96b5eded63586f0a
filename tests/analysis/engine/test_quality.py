import cv2
import numpy as np
import pytest

from analysis.engine.quality import exclusion, measure
from analysis.engine.types import Exclusion
from tests.support import synthetic_face as made

GOOD = {
    "box": np.float32([100, 100, 120, 140]),
    "pose": np.float32([5, 5, 0]),
    "quality": np.float32([200, 120, 1]),
}


def picture(level=120, contrast=60, width=640, height=480):
    grain = np.random.default_rng(0).uniform(-contrast, contrast, (height // 4, width // 4, 1))
    image = cv2.resize(level + grain, (width, height))[:, :, None].repeat(3, axis=2)
    return np.clip(image, 0, 255).astype(np.uint8)


def box_of(points):
    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    return np.concatenate([low, high - low])


def test_blur_lowers_sharpness_and_leaves_luma():
    image, points = picture(), made.pictured(made.neutral())

    sharp = measure(image, points, box_of(points))
    blurred = measure(cv2.GaussianBlur(image, (0, 0), 6), points, box_of(points))

    assert sharp.dtype == np.float32
    assert sharp[0] > 10 * blurred[0]
    assert sharp[1] == pytest.approx(blurred[1], abs=3)
    assert exclusion(**(GOOD | {"quality": blurred})) is Exclusion.BLURRED


def test_luma_is_that_of_the_face():
    image, points = picture(contrast=0), made.pictured(made.neutral())
    image[:100] = 0

    assert measure(image, points, box_of(points))[1] == pytest.approx(120, abs=1)


def test_sharpness_does_not_grow_with_the_picture():
    small = measure(picture(), made.pictured(made.neutral()), GOOD["box"])
    large = measure(
        cv2.resize(picture(), (1280, 960)),
        made.pictured(made.neutral(), size=200, centre=(640, 480)),
        GOOD["box"],
    )

    assert large[0] == pytest.approx(small[0], rel=0.35)


@pytest.mark.parametrize(
    ("box", "share"),
    [
        ((0, 0, 100, 100), 1.0),
        ((-50, 0, 100, 100), 0.5),
        ((600, 440, 80, 80), 0.25),
        ((700, 0, 50, 50), 0.0),
        ((10, 10, 0, 5), 0.0),
    ],
)
def test_share_of_the_box_in_the_picture(box, share):
    found = measure(picture(), made.pictured(made.neutral()), np.float32(box))

    assert found[2] == pytest.approx(share)


def test_a_face_wholly_outside_has_no_sharpness_or_luma():
    points = made.pictured(made.neutral(), centre=(-900, 100))

    assert measure(picture(), points, box_of(points)) == pytest.approx([0, 0, 0])


def test_a_good_face_is_measured():
    assert exclusion(**GOOD) is Exclusion.NONE


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"quality": np.float32([200, 120, 0.7])}, Exclusion.OUT_OF_PICTURE),
        ({"box": np.float32([0, 0, 47, 60])}, Exclusion.FACE_TOO_SMALL),
        ({"pose": np.float32([46, 0, 0])}, Exclusion.TURNED_AWAY),
        ({"pose": np.float32([-46, 0, 0])}, Exclusion.TURNED_AWAY),
        ({"pose": np.float32([0, -36, 0])}, Exclusion.TURNED_AWAY),
        ({"quality": np.float32([200, 20, 1])}, Exclusion.TOO_DARK),
        ({"quality": np.float32([200, 250, 1])}, Exclusion.TOO_BRIGHT),
        ({"quality": np.float32([5, 120, 1])}, Exclusion.BLURRED),
    ],
)
def test_each_reason(change, reason):
    assert exclusion(**(GOOD | change)) is reason


def test_a_tilted_head_is_no_reason():
    assert exclusion(**(GOOD | {"pose": np.float32([0, 0, 80])})) is Exclusion.NONE
