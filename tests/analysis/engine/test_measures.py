import numpy as np
import pytest

from analysis.engine import measures
from tests.support import synthetic_face as made

INDEX = measures.MEASURE_INDEX


def read(face, **view):
    return measures.read(made.pictured(face, **view)[None])[0]


def test_measures_do_not_change_with_the_view():
    face = made.smiling(made.neutral())

    assert read(face) == pytest.approx(read(face, yaw=30, pitch=-10, roll=15, size=60), abs=2e-4)


def test_a_symmetric_face_measures_alike_on_both_sides():
    left, right = read(made.neutral())
    crosses = [measures.MEASURES[i].key for i in np.flatnonzero(np.abs(left - right) > 1e-3)]

    assert crosses == []


def test_sides_are_the_persons_own():
    left, right = read(made.smiling(made.neutral(), sides=(291,))) - read(made.neutral())

    assert left[INDEX["corner_height"]] == pytest.approx(0.07, abs=1e-3)
    assert left[INDEX["corner_width"]] == pytest.approx(0.06, abs=1e-3)
    assert right[INDEX["corner_height"]] == pytest.approx(0, abs=1e-3)


def test_the_jaw_moves_towards_one_side_and_away_from_the_other():
    face = made.neutral()
    face[[148, 152, 377], 0] += 0.05

    left, right = (read(face) - read(made.neutral()))[:, INDEX["jaw_side"]]
    assert left == pytest.approx(0.05, abs=1e-3)
    assert right == pytest.approx(-0.05, abs=1e-3)


@pytest.mark.parametrize("measure", measures.MEASURES, ids=lambda measure: measure.key)
def test_no_measure_counts_a_landmark_on_both_ends(measure):
    assert not set(measure.left) & set(measure.left_from)
    assert len(measure.left) == len(measure.right) or not measure.sided
