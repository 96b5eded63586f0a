import numpy as np
import pytest

from analysis.training.compositions import ONE_SIDED
from analysis.training.generator.sequences import Parts, Side
from analysis.training.portraits import COMPANION_INTENSITY, Sitter, View, background, shown, view_of


@pytest.fixture(scope="module")
def sitter(rig, renderer):
    return Sitter(Parts(rig, renderer))


def test_a_unit_is_shown_with_what_facs_scores_along_with_it():
    assert shown(16, 5.0) == {25: COMPANION_INTENSITY, 16: 5.0}
    assert shown(19, 5.0).keys() == {19, 25, 26}
    assert shown(12, 5.0) == {12: 5.0}


def test_a_companion_is_never_stronger_than_the_unit():
    assert shown(16, 1.0) == {25: 1.0, 16: 1.0}


def test_sides_are_the_persons_own():
    assert shown(12, 5.0, Side.LEFT) == {12: (5.0, 0.0)}
    assert shown(12, 5.0, Side.RIGHT) == {12: (0.0, 5.0)}
    for au in ONE_SIDED:
        assert shown(au, 5.0)[au] == (5.0, 0.0)
        assert shown(au, 5.0, Side.RIGHT)[au] == (0.0, 5.0)


def test_only_what_hardly_shows_from_in_front_has_a_view_of_its_own():
    assert view_of(21) is View.NECK
    assert view_of(29) is View.PROFILE
    assert {view_of(au) for au in (1, 12, 27, 30, 36)} == {View.FRONT}


def test_the_wall_is_a_light_blue_grey_brightest_behind_the_head():
    wall = background(40)

    assert wall.shape == (40, 40, 3)
    assert (wall[..., 2] > wall[..., 0]).all()
    assert wall[16, 20].sum() > wall[0, 0].sum() > wall[39, 39].sum()


def test_one_side_of_the_face_moves_and_the_other_stays(sitter):
    calm, left, right = (
        sitter.seen(units, View.FRONT, 120).astype(int)
        for units in ({}, shown(12, 5.0, Side.LEFT), shown(12, 5.0, Side.RIGHT))
    )

    # The person's left is on the right of the picture.
    for picture, moved, still in (
        (left, np.s_[:, 75:], np.s_[:, :45]),
        (right, np.s_[:, :45], np.s_[:, 75:]),
    ):
        changed = np.abs(picture - calm)
        assert changed[moved].mean() > 10 * changed[still].mean()
        assert changed[still].mean() < 0.1


def test_the_neck_and_the_profile_are_seen_from_elsewhere(sitter):
    front, neck, profile = (sitter.seen({}, view, 80).astype(int) for view in View)

    # The collar is in the picture of the neck alone; in profile the wall fills the person's front.
    assert neck[78, 40, 2] > neck[78, 40, 0] + 10
    assert front[78, 40, 0] > front[78, 40, 2]
    assert profile[60, 3, 2] > profile[60, 3, 0]
    assert np.abs(front - profile).mean() > 20
