import pytest

from analysis.engine.action_units import ACTION_UNITS, AU_NUMBERS
from analysis.training.compositions import (
    BY_AU,
    COMPOSITIONS,
    INTENSITY_WEIGHTS,
    ONE_SIDED,
    Source,
    shape_weight,
)
from analysis.training.rig import LIP_PARTERS
from analysis.training.sculpts import SCULPTS


def test_every_action_unit_has_one_composition():
    assert tuple(composition.au for composition in COMPOSITIONS) == tuple(sorted(AU_NUMBERS))
    assert set(BY_AU) == set(AU_NUMBERS)


@pytest.mark.parametrize("composition", COMPOSITIONS, ids=lambda composition: f"AU{composition.au}")
def test_a_composition_is_told_whole(composition):
    assert composition.parts
    assert all(part.weight for part in composition.parts)
    assert composition.change.endswith(".")
    assert composition.confused_with
    assert set(composition.confused_with) | set(composition.companions) <= set(AU_NUMBERS) - {composition.au}


@pytest.mark.parametrize("composition", COMPOSITIONS, ids=lambda composition: f"AU{composition.au}")
def test_the_source_says_whether_it_is_sculpted(composition):
    sculpted = any(part.shape in SCULPTS for part in composition.parts)

    assert sculpted == (composition.source is Source.SCULPT) or composition.au in {9, 10}
    assert composition.source is not Source.SHAPE or len(composition.parts) == 1


def test_one_sided_action_units_have_sides():
    sided = {unit.number for unit in ACTION_UNITS if unit.sided}

    assert set(ONE_SIDED) <= sided
    assert set(LIP_PARTERS) <= set(AU_NUMBERS)


def test_letters_grow_to_the_whole_movement():
    assert [shape_weight(value) for value in range(6)] == list(INTENSITY_WEIGHTS)
    assert shape_weight(-1) == 0
    assert shape_weight(7) == 1
    assert shape_weight(2.5) == pytest.approx(0.425)
