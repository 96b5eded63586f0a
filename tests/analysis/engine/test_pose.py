import numpy as np
import pytest

from analysis.engine.pose import gaze, head_pose
from tests.support import synthetic_face as made


@pytest.mark.parametrize("angles", [(0, 0, 0), (30, 0, 0), (-30, 0, 0), (0, 20, 0), (0, -20, 0), (0, 0, 15)])
def test_a_turn_about_one_axis_is_read_back(angles):
    found = head_pose(made.pictured(made.neutral(), *angles)[None])[0]

    assert found.dtype == np.float32
    assert found == pytest.approx(angles, abs=2.5)


def test_signs_in_the_picture():
    """Turned to the person's left the nose points to the picture's right; up, to its top; clockwise roll
    lowers the eye on the picture's right."""
    left, up, clockwise = (
        made.pictured(made.neutral(), **turn) for turn in ({"yaw": 30}, {"pitch": 20}, {"roll": 15})
    )
    straight = made.pictured(made.neutral())

    def nose(points):
        return (points[195] - (points[33] + points[263]) / 2)[:2]

    assert nose(left)[0] > nose(straight)[0] + 10
    assert nose(up)[1] < nose(straight)[1] - 5
    assert clockwise[263, 1] > clockwise[33, 1] + 10
    yaw, pitch, roll = head_pose(np.stack([left, up, clockwise])).diagonal()
    assert min(yaw - 25, pitch - 15, roll - 10) > 0


def test_pose_does_not_follow_place_size_or_expression():
    face = made.neutral()
    views = [
        made.pictured(face, 20, 10, 5),
        made.pictured(made.jaw_open(made.smiling(face)), 20, 10, 5, size=40, centre=(0, 0)),
    ]

    first, second = head_pose(np.stack(views))

    assert first == pytest.approx(second, abs=0.1)


@pytest.mark.parametrize(("x", "y", "axis", "sign"), [(0.05, 0, 0, 1), (-0.05, 0, 0, -1), (0, 0.04, 1, 1)])
def test_eyes_that_move_in_the_head_turn_the_gaze_whatever_the_pose(x, y, axis, sign):
    face = made.neutral()
    looking = face.copy()
    looking[[468, 473]] += (x, y, 0)

    for turn in ({}, {"yaw": 25, "roll": 10}):
        before, after = gaze(np.stack([made.pictured(face, **turn), made.pictured(looking, **turn)]))
        assert sign * (after - before)[axis] > 10
        assert abs((after - before)[1 - axis]) < 2


def test_gaze_of_eyes_at_rest_is_near_the_middle():
    assert gaze(made.pictured(made.neutral())[None])[0] == pytest.approx([0, 0], abs=3)
