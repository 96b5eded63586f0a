import cv2
import numpy as np
import pytest
from skimage import data

from analysis.engine.faces import FaceDetector, _Candidates, letterbox, suppress
from tests.analysis.facemodels.reference import REFERENCE

FACE = np.array([175, 66, 105, 115], np.float32)
"""Where the astronaut's face is, read off the picture: x, y, width, height."""


@pytest.fixture(scope="module")
def detector(models):
    return FaceDetector(models)


@pytest.fixture(scope="module")
def astronaut():
    return data.astronaut()


def centre(box):
    return box[:2] + box[2:] / 2


def assert_on_the_face(face, box):
    assert np.abs(centre(face.box) - centre(box)).max() < 0.15 * box[2]
    assert 0.7 * box[2] < face.box[2] < 1.3 * box[2]


def candidates(corners, scores):
    corners = np.array(corners, np.float32)
    keypoints = np.repeat(corners[:, None, :2], 6, axis=1)
    return _Candidates(corners, keypoints, np.array(scores, np.float32))


def test_the_portrait_s_one_face_is_found_where_the_reference_finds_it(detector, astronaut):
    faces = detector.detect(astronaut)

    assert len(faces) == 1
    assert faces[0].score == pytest.approx(float(REFERENCE["astronaut/score"]), abs=0.02)
    np.testing.assert_allclose(faces[0].box, REFERENCE["astronaut/box"], atol=4)
    np.testing.assert_allclose(faces[0].keypoints, REFERENCE["astronaut/keypoints"], atol=8)


def test_keypoints_stand_in_their_order(detector, astronaut):
    right_eye, left_eye, nose, mouth, right_ear, left_ear = detector.detect(astronaut)[0].keypoints

    assert right_ear[0] < right_eye[0] < nose[0] < left_eye[0] < left_ear[0]
    assert max(right_eye[1], left_eye[1]) < nose[1] < mouth[1]


@pytest.mark.parametrize(
    ("height", "width"), [(512, 512), (720, 1280), (1280, 720), (513, 641), (512, 1500), (481, 511)]
)
def test_a_face_is_found_in_a_picture_of_any_size(detector, astronaut, height, width):
    image = np.zeros((height, width, 3), np.uint8)
    part = astronaut[:height, :width]
    image[: part.shape[0], : part.shape[1]] = part

    faces = detector.detect(image)

    assert len(faces) == 1
    assert_on_the_face(faces[0], FACE)


def test_a_small_face_in_a_wide_picture_is_found(detector, astronaut):
    image = np.full((720, 1280, 3), 90, np.uint8)
    image[300:684, 700:1084] = cv2.resize(astronaut, (384, 384), interpolation=cv2.INTER_AREA)

    faces = detector.detect(image)

    assert len(faces) == 1
    assert_on_the_face(faces[0], FACE * 0.75 + np.array([700, 300, 0, 0], np.float32))


def test_two_people_are_two_faces(detector, astronaut):
    faces = detector.detect(np.concatenate([astronaut, astronaut[:, ::-1]], axis=1))

    assert len(faces) == 2
    left, right = sorted(faces, key=lambda face: face.box[0])
    assert_on_the_face(left, FACE)
    assert_on_the_face(right, np.array([1024 - FACE[0] - FACE[2], *FACE[1:]]))


@pytest.mark.parametrize("shape", [(480, 640), (1, 1), (2, 900), (900, 3)])
def test_where_there_is_no_face_none_is_found(detector, shape):
    noise = np.random.default_rng(5).integers(0, 256, (*shape, 3)).astype(np.uint8)

    assert detector.detect(noise) == []


def test_the_same_picture_gives_the_same_bytes(detector, astronaut):
    first, second = detector.detect(astronaut)[0], detector.detect(astronaut)[0]

    assert first.box.tobytes() == second.box.tobytes()
    assert first.keypoints.tobytes() == second.keypoints.tobytes()
    assert first.score == second.score


def test_the_letterbox_keeps_the_shape_and_centres_it_on_black():
    image = np.full((50, 100, 3), 255, np.uint8)

    tensor, scale, offset = letterbox(image, 64)

    assert tensor.shape == (1, 64, 64, 3)
    assert tensor.dtype == np.float32
    np.testing.assert_allclose(tensor[0, 16:48], 1)
    assert (tensor[0, :16] == -1).all()
    assert (tensor[0, 48:] == -1).all()
    assert scale.tolist() == pytest.approx([0.64, 0.64])
    assert offset.tolist() == [0, 16]


def test_boxes_over_the_best_are_averaged_by_their_scores():
    faces = suppress(candidates([[0, 0, 10, 10], [2, 0, 12, 10], [40, 40, 50, 50]], [0.9, 0.6, 0.55]))

    assert [face.score for face in faces] == pytest.approx([0.9, 0.55])
    np.testing.assert_allclose(faces[0].box, [0.8, 0, 10, 10], rtol=1e-6)
    np.testing.assert_allclose(faces[0].keypoints[0], [0.8, 0], rtol=1e-6)
    np.testing.assert_allclose(faces[1].box, [40, 40, 10, 10])


def test_boxes_that_barely_touch_stay_apart():
    # 4 of 16 columns shared: 40 / 160 = 0.25
    faces = suppress(candidates([[0, 0, 10, 10], [6, 0, 16, 10]], [0.9, 0.8]))

    assert [face.box[0] for face in faces] == [0, 6]


def test_a_box_without_area_ends_the_search_all_the_same():
    assert len(suppress(candidates([[5, 5, 5, 5], [0, 0, 10, 10]], [0.9, 0.8]))) == 2
