import numpy as np
import pytest

from analysis.engine.action_units import ACTION_UNITS, AU_COUNT, AU_INDEX
from analysis.training.compositions import BY_AU
from analysis.training.generator import expressions


@pytest.fixture(scope="module")
def drawn():
    rng = np.random.default_rng(3)
    return [expressions.draw(rng) for _ in range(4000)]


def test_every_au_comes_up_at_many_intensities(drawn):
    stack = np.stack([e.intensities.max(axis=1) for e in drawn])

    assert stack.shape == (4000, AU_COUNT)
    assert stack.min() >= 0
    assert stack.max() <= 5
    present = stack >= 1.5
    assert (present.sum(axis=0) >= 10).all()
    assert (present.mean(axis=0) < 0.5).all()


def test_aus_without_sides_are_alike_on_both(drawn):
    unsided = [not unit.sided for unit in ACTION_UNITS]

    for expression in drawn:
        assert (expression.intensities[unsided, 0] == expression.intensities[unsided, 1]).all()


def test_some_faces_are_lopsided(drawn):
    smiles = np.stack([e.intensities[AU_INDEX[12]] for e in drawn])
    smiles = smiles[smiles.max(axis=1) > 1]
    apart = np.abs(smiles[:, 0] - smiles[:, 1])

    assert 0.1 < (apart > 0.1).mean() < 0.5


def test_what_excludes_each_other_never_shows_together(drawn):
    for group in ((12, 13), (38, 39), (33, 34, 35)):
        rows = [AU_INDEX[au] for au in group]
        for expression in drawn:
            assert (expression.intensities[rows].max(axis=1) > 0).sum() <= 1


def test_what_facs_scores_along_is_there(drawn):
    for expression in drawn:
        for au in (16, 22, 27):
            if expression.kind == "single" and expression.intensities[AU_INDEX[au]].max() > 0:
                for companion in BY_AU[au].companions:
                    assert expression.intensities[AU_INDEX[companion]].max() > 0


def test_crying_is_no_smile(drawn):
    crying = np.stack([e.intensities.max(axis=1) for e in drawn if e.kind == "crying"])

    assert len(crying) > 50
    assert (crying[:, AU_INDEX[4]] > 0.5).mean() > 0.7
    # Speech laid over it may smile, as it may over anything.
    assert (crying[:, AU_INDEX[12]] > 0).mean() < 0.1


def test_a_neutral_frame_shows_traces_alone():
    rng = np.random.default_rng(5)
    shown = [expressions.near_neutral(rng, np.zeros((AU_COUNT, 2), np.float32)) for _ in range(200)]

    assert max(float(e.intensities.max()) for e in shown) < 0.5
    assert any(e.intensities.any() for e in shown)


def test_a_habit_stays_in_the_neutral():
    habit = np.zeros((AU_COUNT, 2), np.float32)
    habit[AU_INDEX[14]] = 1.2

    shown = expressions.near_neutral(np.random.default_rng(1), habit)

    assert shown.intensities[AU_INDEX[14]].tolist() == pytest.approx([1.2, 1.2])
