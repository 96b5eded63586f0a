from dataclasses import replace

import numpy as np
import pytest

from analysis.engine.faces import FaceDetector
from analysis.engine.landmarks import FaceLandmarker, Roi
from analysis.engine.pose import head_pose
from analysis.training.renderer.look import Look
from analysis.training.renderer.scene import Camera, Light, Lighting
from analysis.training.rig import HeadPose
from tests.support.models import real_models

SIZE = 160
BACKGROUND = np.full((SIZE, SIZE, 3), 0.3, np.float32)
CAMERA = Camera(distance=85, focal=3.0)
LOOK = Look(seed=3)


@pytest.fixture(scope="module")
def dressed(renderer):
    return renderer.dress(LOOK)


def picture(rig, renderer, dressed, action_units, background=BACKGROUND, lighting=None, head=None):
    posed = rig.pose(rig.kit.neutral, action_units, head)
    return renderer.render(posed, dressed, CAMERA, lighting or Lighting(), background)


def test_the_same_seed_gives_the_same_picture(rig, renderer):
    looks = [Look.random(np.random.default_rng(5)) for _ in range(2)]
    first, second = (picture(rig, renderer, renderer.dress(look), {12: 4}) for look in looks)

    assert looks[0] == looks[1]
    assert first.dtype == np.uint8
    assert first.shape == (SIZE, SIZE, 3)
    assert np.array_equal(first, second)


def test_another_seed_gives_another_face(rig, renderer, dressed):
    other = renderer.dress(replace(LOOK, seed=4))

    assert (picture(rig, renderer, dressed, {}) != picture(rig, renderer, other, {})).mean() > 0.05


def test_the_background_shows_beside_the_head(rig, renderer, dressed):
    near_black = picture(rig, renderer, dressed, {}, background=np.zeros_like(BACKGROUND))

    assert near_black[2, 2].tolist() == [0, 0, 0]
    assert near_black[SIZE // 2, SIZE // 2].min() > 30


def test_the_light_comes_from_its_side(rig, renderer, dressed):
    left, right = (
        picture(rig, renderer, dressed, {}, lighting=Lighting(lights=(Light(side, 10, (1.5, 1.5, 1.5)),)))
        for side in (70, -70)
    )
    middle = slice(SIZE // 2 - 10, SIZE // 2 + 10)

    assert left[middle, SIZE // 2 + 25].mean() > right[middle, SIZE // 2 + 25].mean() + 20


def test_a_darker_tone_makes_a_darker_face(rig, renderer):
    middle = (slice(SIZE // 2 - 8, SIZE // 2 + 8),) * 2
    faces = [
        picture(rig, renderer, renderer.dress(replace(LOOK, tone=tone)), {})[middle].mean()
        for tone in (1, 4, 7, 10)
    ]

    assert all(np.diff(faces) < -5)


def test_tears_shine_and_redden(rig, renderer, dressed):
    dry, wet = (
        picture(rig, renderer, worn, {}).astype(int)
        for worn in (dressed, renderer.dress(replace(LOOK, tears=1.0)))
    )
    eyes = (slice(SIZE // 2 - 24, SIZE // 2 - 4), slice(SIZE // 2 - 30, SIZE // 2 + 30))

    assert (wet - dry).max() > 15
    assert (wet - dry)[eyes][..., 0].mean() > (wet - dry)[eyes][..., 1].mean() + 1


@pytest.mark.parametrize("style", ["bald", "cropped", "short", "bob", "long", "cap", "scarf"])
def test_every_style_can_be_worn(rig, renderer, style):
    worn = picture(rig, renderer, renderer.dress(replace(LOOK, style=style)), {})

    assert worn.std() > 10


@pytest.mark.parametrize("yaw", [-45, 0, 45])
def test_the_face_networks_find_the_face_and_its_pose(rig, renderer, dressed, yaw):
    models = real_models()
    image = picture(rig, renderer, dressed, {}, head=HeadPose(yaw, 0, 0))

    face = FaceDetector(models).detect(image)[0]
    mesh = FaceLandmarker(models).locate(image, Roi.from_detection(face))

    assert mesh.presence > 0.9
    assert head_pose(mesh.points[None])[0, 0] == pytest.approx(yaw, abs=10)
