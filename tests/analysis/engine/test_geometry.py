import numpy as np
import pytest

from analysis.engine.geometry import REFERENCE, canonical, fit
from tests.support import synthetic_face as made


def test_where_the_head_is_how_it_is_turned_and_how_large_it_looks_is_taken_out():
    face = made.smiling(made.neutral())
    views = [
        made.pictured(face),
        made.pictured(face, yaw=35, pitch=-15, roll=20, size=240, centre=(900, 40)),
        made.pictured(face, yaw=-40, pitch=25, roll=-60, size=55, centre=(10, 700)),
    ]

    shapes = canonical(np.stack(views))

    assert shapes.dtype == np.float32
    assert np.abs(shapes - shapes[0]).max() < 1e-4


def test_axes_and_unit_are_the_persons():
    shape = canonical(made.pictured(made.neutral(), yaw=10, roll=5)[None])[0]

    left_eye, right_eye, chin, nose = shape[263], shape[33], shape[152], shape[195]
    assert left_eye[0] - right_eye[0] == pytest.approx(1.0, abs=0.02)
    assert np.abs((left_eye + right_eye) / 2).max() < 0.02
    assert chin[1] < -1
    assert nose[2] > 0.3


def test_an_expression_keeps_its_size_in_the_frame():
    face = made.neutral()
    smile = made.smiling(face)

    before, after = canonical(np.stack([made.pictured(face), made.pictured(smile, yaw=25)]))

    assert (after - before)[291] == pytest.approx([0.06, 0.07, 0.0], abs=1e-3)


def test_selected_landmarks_come_in_the_order_asked_for():
    points = made.pictured(made.neutral())[None]

    assert np.array_equal(canonical(points, [291, 2]), canonical(points)[:, [291, 2]])


def test_a_mirrored_face_is_not_turned_inside_out():
    points = made.pictured(made.neutral())[None] * np.float32([-1, 1, 1])

    assert np.linalg.det(fit(points).rotation)[0] == pytest.approx(1.0, abs=1e-4)


def test_landmarks_on_one_point_give_finite_numbers():
    assert np.isfinite(canonical(np.full((2, 478, 3), 7, dtype=np.float32))).all()


def test_the_reference_is_symmetric_and_its_weights_sum_to_one():
    assert REFERENCE.weights.sum() == pytest.approx(1.0, abs=1e-6)
    assert (REFERENCE.weights @ REFERENCE.places)[0] == pytest.approx(0.0, abs=1e-6)
