import numpy as np
import pytest

from analysis.engine.action_units import AU_INDEX
from analysis.engine.landmarks import FaceLandmarker
from analysis.training.generator.people import FRAMES_A_PERSON, NEUTRAL_FRAMES, Studio, stacked
from analysis.training.generator.visibility import Visibility
from analysis.training.rig import HeadPose
from tests.support.models import real_models


@pytest.fixture(scope="module")
def studio(rig):
    return Studio(FaceLandmarker(real_models()), rig)


@pytest.fixture(scope="module")
def person(studio):
    return studio.person(np.random.default_rng([1, 0, 0]))


def test_a_person_comes_with_a_neutral_and_expressions(person):
    assert FRAMES_A_PERSON - 2 <= len(person) <= FRAMES_A_PERSON
    assert sum(sample.neutral for sample in person) == NEUTRAL_FRAMES
    calm = np.mean([s.labels.max() for s in person if s.neutral])
    assert calm < np.mean([s.labels.max() for s in person if not s.neutral])


def test_landmarks_are_where_the_rig_put_them(studio):
    rng = np.random.default_rng([1, 0, 3])
    shot, _ = studio.shots(rng)[0]
    sample = studio._read(shot, True, rng)

    assert sample.presence > 0.5
    assert np.abs(sample.landmarks[:, :2]).max() < 1.5


def test_the_same_seed_gives_the_same_samples(studio, person):
    again = stacked(studio.person(np.random.default_rng([1, 0, 0])))
    first = stacked(person)

    assert {name: array.tobytes() for name, array in again.items()} == {
        name: array.tobytes() for name, array in first.items()
    }


def test_the_far_side_of_a_turned_face_is_not_seen(rig, mean_face):
    visibility = Visibility(rig.kit)
    screen = np.zeros((478, 2), np.float32)
    shares = {
        yaw: visibility.shares(rig.pose(mean_face, {}, HeadPose(yaw=yaw)).vertices, screen, 80.0, None)
        for yaw in (0, 70)
    }
    cheek = AU_INDEX[6]

    assert shares[0][cheek].tolist() == [1, 1]
    # Turned to the person's left, the left cheek is away from the camera.
    assert shares[70][cheek, 0] < 0.3
    assert shares[70][cheek, 1] == 1


def test_what_is_covered_is_not_seen(rig, mean_face):
    screen = np.full((478, 2), 10.0, np.float32)
    mask = np.ones((20, 20), np.uint8)

    shares = Visibility(rig.kit).shares(rig.pose(mean_face, {}).vertices, screen, 80.0, mask)

    assert shares.max() == 0
