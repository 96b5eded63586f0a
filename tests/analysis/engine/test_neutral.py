import dataclasses

import numpy as np
import pytest

from analysis.engine import measures, neutral
from analysis.engine.geometry import canonical
from analysis.engine.types import CODE, Exclusion
from tests.support import synthetic_face as made

FACE = made.neutral()


def mixed(share_smiling, n=200):
    smiling = round(share_smiling * n)
    faces = [made.smiling(made.jaw_open(FACE, 0.02), 0.9)] * smiling + [FACE] * (n - smiling)
    order = np.random.default_rng(3).permutation(n)
    return made.track(made.noisy(np.array(faces)[order]))


def off(found):
    """Farthest that a landmark which is read stands from where it is on the neutral face."""
    own = canonical(made.pictured(FACE)[None])[0]
    return np.abs(found.shape - own)[measures.LANDMARKS_USED].max()


@pytest.mark.parametrize("share", [0.0, 0.3, 0.8, 0.9])
def test_a_held_smile_is_not_taken_for_neutral(share):
    found = neutral.estimate(mixed(share))

    assert off(found) < 0.012
    assert found.source == "estimated"


def test_raised_brows_through_most_of_a_recording_are_not_neutral():
    faces = [made.brows_up(FACE, 0.06)] * 160 + [FACE] * 40

    assert off(neutral.estimate(made.track(made.noisy(faces)))) < 0.012


def test_closed_eyes_are_not_neutral():
    faces = [made.closed(FACE)] * 150 + [FACE] * 50

    assert off(neutral.estimate(made.track(made.noisy(faces)))) < 0.012


@pytest.mark.parametrize("n", [1, 2])
def test_one_or_two_frames_do(n):
    found = neutral.estimate(made.track([FACE] * n))

    assert found.frames == n
    assert off(found) < 1e-3


def test_excluded_rows_are_not_looked_at():
    rows = mixed(0.8)
    rows.points[:5] = 0
    rows.excluded[:5] = Exclusion.TURNED_AWAY

    assert off(neutral.estimate(rows)) < 0.012
    rows.excluded[:] = Exclusion.BLURRED
    assert neutral.estimate(rows) is None


def test_frontal_frames_are_preferred():
    turned = made.pictured(made.smiling(FACE, -0.3), yaw=30)
    rows = made.rows([turned] * 50 + [made.pictured(FACE)] * 50, pose=[(30, 0, 0)] * 50 + [(0, 0, 0)] * 50)

    found = neutral.estimate(rows)

    assert found.start == pytest.approx(50 / 30)
    assert off(found) < 1e-3


def test_pose_and_code_are_those_of_the_frames_both_halves_chose():
    """Eyes closed in the first third, a grin in the last: what is left is the neutral."""
    faces = [made.closed(FACE)] * 40 + [FACE] * 40 + [made.smiling(FACE, 1.2)] * 40
    part = np.repeat([0, 1, 2], 40)
    rows = made.track(faces, pose=np.stack([part * 4.0] * 3, axis=1), code=np.stack([part] * CODE, axis=1))

    found = neutral.estimate(rows)

    assert found.pose == pytest.approx([4.0] * 3)
    assert found.code == pytest.approx(np.ones(CODE))


def test_halves_that_agree_on_no_frame_share_all_of_theirs():
    surprise_then_grin = [made.brows_up(FACE, 0.1)] * 30 + [made.smiling(FACE, 1.2)] * 30
    rows = made.track(surprise_then_grin, code=np.repeat([[0.0], [1.0]], 30, axis=0) * np.ones(CODE))

    found = neutral.estimate(rows)

    assert found.frames == 60
    assert found.code == pytest.approx(np.full(CODE, 0.5))


def test_a_marked_neutral_is_the_middle_of_its_rows_whatever_they_show():
    grin = made.smiling(FACE, 1.2)
    rows = made.track([grin] * 9 + [FACE] * 2, code=np.arange(11)[:, None] * np.ones(CODE))

    found = neutral.marked(rows)

    assert (found.source, found.frames) == ("marked", 11)
    assert (found.start, found.end) == pytest.approx((0, 10 / 30))
    assert found.code == pytest.approx(np.full(CODE, 5.0))
    assert np.abs(found.shape - canonical(made.pictured(grin)[None])[0]).max() < 1e-3


def blocks(rows, size):
    return [neutral.take(rows, slice(i, i + size)) for i in range(0, len(rows.frame), size)]


def test_the_sample_is_bounded_even_and_free_of_excluded_rows(monkeypatch):
    monkeypatch.setattr(neutral, "SAMPLE_ROWS", 40)
    rows = mixed(0.5)
    rows.excluded[50:90] = Exclusion.BLURRED

    found = neutral.sample(blocks(rows, 30), 200)

    assert 25 <= len(found.frame) <= 40
    assert not found.excluded.any()
    assert np.diff(found.frame[found.frame < 50]).tolist() == [5] * 9
    for other in (7, 200):
        again = neutral.sample(blocks(rows, other), 200)
        assert np.array_equal(again.frame, found.frame)


def test_the_only_usable_row_is_found():
    rows = mixed(0.0)
    rows.excluded[:] = Exclusion.BLURRED
    assert neutral.sample(blocks(rows, 50), 100_000) is None

    rows.excluded[137] = Exclusion.NONE
    assert neutral.sample(blocks(rows, 50), 100_000).frame.tolist() == [137]


def without_arrays(found):
    return dataclasses.replace(found, shape=0, pose=0, code=0)


def test_the_same_rows_give_the_same_neutral():
    first, second = neutral.estimate(mixed(0.6)), neutral.estimate(mixed(0.6))

    for name in ("shape", "pose", "code"):
        assert np.array_equal(getattr(first, name), getattr(second, name))
    assert without_arrays(first) == without_arrays(second)
