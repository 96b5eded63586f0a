import numpy as np
import pytest

from analysis.engine.action_units import AU_COUNT, AU_NUMBERS
from analysis.training.renderer import atlas as maps
from analysis.training.renderer import wrinkles
from analysis.training.renderer.look import Look
from analysis.training.rig import as_array

YOUNG = Look(seed=1, age=0.0)


@pytest.fixture(scope="module")
def patches(rig):
    atlas = maps.build(rig.kit)
    return wrinkles.bake(atlas, wrinkles.place(atlas), YOUNG)


@pytest.mark.parametrize("fold", wrinkles.FOLDS.values(), ids=wrinkles.FOLDS)
def test_folds_are_driven_by_known_units(fold):
    assert set(fold.drivers) <= set(AU_NUMBERS)


def test_a_young_face_at_rest_has_no_folds(patches):
    depths = wrinkles.strengths(patches, np.zeros((AU_COUNT, 2), np.float32), YOUNG)

    assert max(depths) == 0


@pytest.mark.parametrize("au", [1, 2, 4, 6, 9, 10, 11, 12, 17])
def test_folds_deepen_with_their_unit(patches, au):
    height = np.zeros((maps.HEIGHT, maps.WIDTH), np.float32)
    deepest = [
        wrinkles.apply(height, patches, wrinkles.strengths(patches, as_array({au: level}), YOUNG)).min()
        for level in (0, 2, 5)
    ]

    assert deepest[0] == 0
    assert deepest[2] < deepest[1] < -0.005


def test_a_side_folds_alone(patches):
    height = np.zeros((maps.HEIGHT, maps.WIDTH), np.float32)
    left = wrinkles.apply(height, patches, wrinkles.strengths(patches, as_array({6: (5, 0)}), YOUNG))

    assert left[:, : maps.WIDTH // 2].min() == 0
    assert left[:, maps.WIDTH // 2 :].min() < -0.02


def test_age_shows_at_rest(patches):
    depths = wrinkles.strengths(patches, np.zeros((AU_COUNT, 2), np.float32), Look(seed=1, age=1.0))

    assert max(depths) > 0.3
