import math

import cv2
import numpy as np
import onnx
import pytest
from onnx import numpy_helper
from skimage import data

from analysis.engine.cover import THRESHOLDS
from analysis.engine.faces import FaceDetector
from analysis.engine.landmarks import (
    LEFT_EYE,
    LEFT_IRIS,
    LIPS,
    RIGHT_EYE,
    RIGHT_IRIS,
    FaceLandmarker,
    Roi,
    crop,
    eyes_apart,
    merge,
)
from analysis.engine.runtime import MESH
from analysis.engine.types import Detection, FaceMesh
from tests.analysis.facemodels.reference import REFERENCE
from tests.support.models import FOLDER

FROM_REFERENCE = Detection(REFERENCE["astronaut/box"], 0.9, REFERENCE["astronaut/keypoints"])
POINTS = REFERENCE["astronaut/points"]


@pytest.fixture(scope="module")
def landmarker(models):
    return FaceLandmarker(models)


@pytest.fixture(scope="module")
def astronaut():
    return data.astronaut()


def settled(landmarker, image, roi, rounds=6):
    """The mesh that following ends up with on a still picture."""
    mesh = landmarker.locate(image, roi)
    for _ in range(rounds):
        mesh = landmarker.locate(image, Roi.from_mesh(mesh))
    return mesh


def distances(one, other):
    return np.linalg.norm(one[:, :2] - other[:, :2], axis=1)


def test_from_the_reference_s_detection_the_landmarks_are_the_reference_s(landmarker, astronaut):
    mesh = landmarker.locate(astronaut, Roi.from_detection(FROM_REFERENCE))

    assert mesh.points.shape == (478, 3)
    assert mesh.points.dtype == np.float32
    np.testing.assert_allclose(mesh.points, POINTS, rtol=0, atol=0.05)
    assert mesh.presence > 0.99


def test_from_our_detection_they_are_within_a_pixel(models, landmarker, astronaut):
    face = FaceDetector(models).detect(astronaut)[0]

    away = distances(landmarker.locate(astronaut, Roi.from_detection(face)).points, POINTS)

    assert away.mean() < 1
    assert away.max() < 3


def test_where_there_is_no_face_presence_is_low(landmarker, astronaut):
    assert landmarker.locate(astronaut, Roi(420, 380, 120, 0)).presence < 0.1


@pytest.mark.parametrize("degrees", [-60, 25, 140])
def test_a_turned_picture_gives_turned_landmarks(landmarker, astronaut, degrees):
    upright = settled(landmarker, astronaut, Roi.from_detection(FROM_REFERENCE))
    there = cv2.getRotationMatrix2D((256, 256), -degrees, 1)
    image = cv2.warpAffine(astronaut, there, (512, 512))
    expected = upright.points[:, :2] @ there[:, :2].T + there[:, 2]
    moved = FaceMesh(np.column_stack([expected, upright.points[:, 2]]).astype(np.float32), 1, 0)

    roi = Roi.from_mesh(moved)
    mesh = landmarker.locate(image, roi)

    assert math.degrees(roi.rotation - Roi.from_mesh(upright).rotation) == pytest.approx(degrees, abs=1e-3)
    assert roi.size == pytest.approx(Roi.from_mesh(upright).size, rel=1e-3)
    assert distances(mesh.points, expected).mean() < 0.7


def test_following_on_a_still_picture_comes_to_rest(landmarker, astronaut):
    mesh = settled(landmarker, astronaut, Roi.from_detection(FROM_REFERENCE))

    again = landmarker.locate(astronaut, Roi.from_mesh(mesh))

    assert distances(again.points, mesh.points).mean() < 0.25


def test_a_mirrored_picture_swaps_the_sides(landmarker, astronaut):
    mesh = settled(landmarker, astronaut, Roi.from_detection(FROM_REFERENCE))
    roi = Roi.from_mesh(mesh)
    mirrored = landmarker.locate(
        np.ascontiguousarray(astronaut[:, ::-1]), Roi(511 - roi.x, roi.y, roi.size, -roi.rotation)
    )

    right, left = mesh.points[list(RIGHT_IRIS), 0].mean(), mirrored.points[list(LEFT_IRIS), 0].mean()

    assert left == pytest.approx(511 - right, abs=1)
    assert mesh.points[RIGHT_EYE[0], 0] < mesh.points[LEFT_EYE[0], 0]


@pytest.mark.parametrize("roi", [Roi(0, 0, 200, 0.3), Roi(-900, -900, 100, 0), Roi(2000, 30, 1500, 1)])
def test_a_crop_over_or_beyond_the_edge_goes_on_with_the_edge(astronaut, roi):
    picture = crop(astronaut, roi)

    assert picture.shape == (192, 192, 3)
    assert set(map(tuple, picture.reshape(-1, 3))) - {(0, 0, 0)}


def test_a_large_face_is_averaged_not_picked(landmarker):
    """Noise of single pixels moves the landmarks of a large face far less than picking every fifth would."""
    large = cv2.resize(data.astronaut()[20:260, 100:340], None, fx=5, fy=5, interpolation=cv2.INTER_CUBIC)
    roi = Roi(124 * 5, 105 * 5, 164 * 5, 0.06)
    noisy = [
        np.clip(large + np.random.default_rng(seed).normal(0, 12, large.shape), 0, 255).astype(np.uint8)
        for seed in range(6)
    ]

    averaged = np.std([landmarker.locate(image, roi).points[:, :2] for image in noisy], axis=0).mean() / 5

    assert averaged < 0.09  # picking gave 0.147


def test_shrinking_does_not_move_what_is_seen():
    """A bright square's centre stays put, from every part of the picture that is read."""
    image = np.zeros((1200, 1200, 3), np.uint8)
    image[592:609, 492:509] = 255
    roi = Roi(520, 580, 960, 0.2)

    picture = crop(image, roi)[:, :, 0].astype(float)

    y, x = np.mgrid[:192, :192]
    found = np.array([(picture * x).sum(), (picture * y).sum()]) / picture.sum()
    there = roi.to_picture() @ [*found, 1]
    np.testing.assert_allclose(there, [500, 600], atol=0.5)


def test_refined_points_take_their_places_and_keep_the_surface_s_depth():
    surface = np.zeros((1, 1404), np.float32)
    surface[0, 2::3] = np.arange(468)
    groups = (LIPS, RIGHT_EYE, LEFT_EYE, RIGHT_IRIS, LEFT_IRIS)
    refined = [
        np.full((1, 2 * len(group)), number + 1, np.float32) + np.arange(2 * len(group)) / 1000
        for number, group in enumerate(groups)
    ]

    points = merge(surface, refined)

    for group, values in zip(groups, refined, strict=True):
        np.testing.assert_array_equal(points[list(group), :2], values.reshape(-1, 2).astype(np.float32))
    np.testing.assert_array_equal(points[:468, 2], np.arange(468))
    np.testing.assert_allclose(points[list(RIGHT_IRIS), 2], np.mean(RIGHT_EYE[:16]), rtol=1e-6)
    np.testing.assert_allclose(points[list(LEFT_IRIS), 2], np.mean(LEFT_EYE[:16]), rtol=1e-6)


def test_how_far_apart_the_readings_of_an_eye_are():
    points = np.zeros((478, 3), np.float32)
    points[152, 1] = 200
    surface = points[:468].reshape(1, -1).copy()
    assert eyes_apart(surface, points) == 0

    points[list(RIGHT_EYE[:48]), 0] += 3
    points[list(LEFT_EYE[:48]), 1] += 4

    assert eyes_apart(surface, points) == pytest.approx(100 * 4 / 200)


def test_under_a_hand_the_readings_of_an_eye_fall_apart(landmarker, astronaut):
    roi = Roi.from_detection(FROM_REFERENCE)
    hidden = astronaut.copy()
    hidden[88:190, 200:263] = (235, 195, 175)

    bare, under = (landmarker.locate(image, roi).eyes_apart for image in (astronaut, hidden))

    assert bare < THRESHOLDS.eyes_apart < under


@pytest.mark.usefixtures("models")
def test_the_lists_are_those_the_network_crops_by():
    stored = [numpy_helper.to_array(c) for c in onnx.load(FOLDER / MESH.file_name).graph.initializer]
    carried = {tuple(values.tolist()) for values in stored if values.dtype == np.int64 and values.size > 60}

    assert carried == {LIPS, RIGHT_EYE, LEFT_EYE}
