import numpy as np
import pytest

from analysis.engine.action_units import ACTION_UNITS, AU_COUNT, AU_INDEX
from analysis.training import facekit
from analysis.training.rig import Gaze, HeadPose, as_array, rotation_matrix

SIDED = [unit.number for unit in ACTION_UNITS if unit.sided]
ALL = [unit.number for unit in ACTION_UNITS]
MOUTH_MIDDLE = {"upper": 13, "lower": 14}


def moved(rig, face, action_units, **rest):
    return rig.pose(face, action_units, **rest).vertices - face


def travel(shift):
    return float(np.linalg.norm(shift, axis=1).sum())


def half(rig, shift, side):
    x = rig.kit.neutral[:, 0] * (1 if side == "L" else -1)
    return travel(shift[x > 0.8])


def lip_gap(rig, vertices):
    upper, lower = (vertices[rig.kit.landmarks[MOUTH_MIDDLE[lip]], 1] for lip in ("upper", "lower"))
    return float(upper - lower)


@pytest.mark.parametrize("au", ALL)
def test_more_intensity_moves_the_face_farther(rig, mean_face, au):
    travels = [travel(moved(rig, mean_face, {au: level})) for level in (0.0, 1.0, 2.0, 3.0, 4.0, 5.0)]

    assert travels[0] == pytest.approx(0, abs=0.01)
    assert all(np.diff(travels) > 0.5)


@pytest.mark.parametrize("au", SIDED)
def test_each_side_moves_its_half_as_the_other_moves_the_other(rig, mean_face, au):
    left = moved(rig, mean_face, {au: (4.0, 0.0)})
    right = moved(rig, mean_face, {au: (0.0, 4.0)})

    assert travel(right) == pytest.approx(travel(left), rel=0.03)
    assert half(rig, right, "R") == pytest.approx(half(rig, left, "L"), rel=0.05)
    if au not in {30, 35}:  # the jaw moves as a whole, and so do the lips that sucked cheeks draw in
        assert half(rig, left, "L") > 5 * half(rig, left, "R")


@pytest.mark.parametrize("au", [unit.number for unit in ACTION_UNITS if not unit.sided])
def test_what_facs_does_not_side_moves_both_halves(rig, mean_face, au):
    shift = moved(rig, mean_face, {au: (5.0, 0.0)})

    assert half(rig, shift, "L") == pytest.approx(half(rig, shift, "R"), rel=0.05)


def test_a_dropped_jaw_parts_the_lips_only_with_au25(rig, mean_face):
    rest = lip_gap(rig, mean_face)
    dropped = lip_gap(rig, rig.pose(mean_face, {26: 5}).vertices)
    parted = lip_gap(rig, rig.pose(mean_face, {26: 5, 25: 5}).vertices)

    assert dropped - rest < 0.35
    assert parted - rest > 1.0


def test_closed_eyes_close_no_further_together_with_others(rig, mean_face):
    weights = rig.weights(as_array({43: 5, 7: 5, 42: 5, 5: 5}), Gaze())

    assert weights["eyeBlink_L"] == 1
    assert weights.get("eyeWide_L", 0) == 0


def test_identities_differ_and_the_mean_is_the_model(rig, mean_face):
    other = rig.person(np.random.default_rng(3).normal(size=facekit.IDENTITIES))

    assert np.array_equal(mean_face, rig.kit.neutral)
    assert np.abs(other - mean_face).max() > 0.5


def test_the_head_turns_to_the_left_up_and_clockwise():
    assert rotation_matrix(90, 0, 0)[:, 2] == pytest.approx([1, 0, 0], abs=1e-6)
    assert rotation_matrix(0, 90, 0)[:, 2] == pytest.approx([0, 1, 0], abs=1e-6)
    assert rotation_matrix(0, 0, 90)[:, 1] == pytest.approx([1, 0, 0], abs=1e-6)


def test_shoulders_stay_when_the_head_turns(rig, mean_face):
    shift = np.abs(moved(rig, mean_face, {}, head=HeadPose(40, 10, 5))).max(axis=1)
    y = rig.kit.neutral[:, 1]

    assert shift[y < -16].max() == 0
    assert shift[rig.kit.landmarks[1]] > 5


def test_eyes_turn_with_the_gaze_and_keep_their_shape(rig, mean_face):
    posed = rig.pose(mean_face, {43: 5}, gaze=Gaze(20, 0))
    ball = posed.vertices[facekit.EYE_WHITES["L"]] - posed.eye_centres[0]
    before = mean_face[facekit.EYE_WHITES["L"]] - posed.eye_centres[0]

    assert posed.eye_axes[0] == pytest.approx([np.sin(np.radians(20)), 0, np.cos(np.radians(20))], abs=1e-6)
    assert np.linalg.norm(ball, axis=1) == pytest.approx(np.linalg.norm(before, axis=1), abs=1e-4)


def test_the_tongue_wipes_from_corner_to_corner(rig, mean_face):
    left, right = (
        rig.pose(mean_face, {37: 5}, wipe=at).vertices[facekit.TONGUE].mean(axis=0) for at in (1.0, -1.0)
    )

    assert left[0] - right[0] > 0.5


def test_extra_shapes_are_added(rig, mean_face):
    assert travel(moved(rig, mean_face, {}, extra={"mouthFunnel": 0.3})) > 1


def test_intensities_become_an_array_of_sides():
    array = as_array({12: (3, 1), 17: (0, 2), 4: 9})

    assert array.shape == (AU_COUNT, 2)
    assert array[AU_INDEX[12]].tolist() == [3, 1]
    assert array[AU_INDEX[17]].tolist() == [2, 2]
    assert array[AU_INDEX[4]].tolist() == [5, 5]
    assert array.sum() == 18
