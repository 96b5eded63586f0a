import numpy as np
import pytest

from analysis.training import facekit, sculpts


@pytest.fixture(scope="module")
def shapes(rig):
    return sculpts.build(rig.kit)


def test_every_sculpt_has_two_halves(shapes):
    assert set(shapes) == {f"{name}_{side}" for name in sculpts.SCULPTS for side in "LR"}


@pytest.mark.parametrize("name", sculpts.SCULPTS)
def test_a_half_moves_its_side_alone(rig, shapes, name):
    x = rig.kit.neutral[:, 0]

    assert np.abs(shapes[f"{name}_L"]).max() > 0.02
    assert np.abs(shapes[f"{name}_L"][x < -sculpts.HALF_RAMP]).max() == 0
    assert np.abs(shapes[f"{name}_R"][x > sculpts.HALF_RAMP]).max() == 0


def test_the_tongue_moves_without_the_face(shapes):
    shape = shapes["tongueOut_L"].copy()
    shape[facekit.TONGUE] = 0

    assert not shape.any()


def test_eyes_and_teeth_are_never_sculpted(shapes):
    for shape in shapes.values():
        assert not shape[facekit.TEETH].any()
        assert not shape[facekit.EYES["L"]].any()
