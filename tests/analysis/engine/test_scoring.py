import numpy as np
import pytest

from analysis.engine import neutral
from analysis.engine.action_units import ACTION_UNITS, AU_COUNT, AU_INDEX
from analysis.engine.au_network import Estimate
from analysis.engine.scoring import VISIBLE_FROM, concatenate, score, score_track
from analysis.engine.types import AUState, Exclusion, Neutral
from tests.support import synthetic_face as made

FACE = made.neutral()
NEUTRAL = Neutral("estimated", 1, 0.0, 0.0, FACE.astype(np.float32))
RATE = 30.0


class Scripted:
    """A network that says of a row what stands in a script for its time, and faces that close their eyes."""

    def __init__(self, n):
        self.intensity = np.zeros((n, AU_COUNT, 2), np.float32)
        self.spread = np.full((n, AU_COUNT, 2), 0.5, np.float32)
        self.visibility = np.ones((n, AU_COUNT, 2), np.float32)
        self.closed = np.zeros((n, 2), dtype=bool)
        self.asked = 0

    def shows(self, au, course, side=slice(None)):
        self.intensity[:, AU_INDEX[au], side] = np.reshape(course, (-1, 1)) if side == slice(None) else course
        return self

    def compare(self, rows, neutral_face):
        assert neutral_face is NEUTRAL
        here = np.rint(rows.time * RATE).astype(int)
        self.asked += len(here)
        return Estimate(self.intensity[here], self.spread[here], self.visibility[here])

    def rows(self, **keywords):
        faces = [made.closed(FACE, left=left, right=right) for left, right in self.closed.tolist()]
        return made.track(faces, rate=RATE, **keywords)

    def score(self, **keywords):
        return score(self.rows(**keywords), NEUTRAL, self)


def value(series, au, row=10, field="intensity"):
    return float(getattr(series, field)[AU_INDEX[au], row])


def test_an_intensity_is_the_mean_of_both_sides_and_the_sides_are_the_persons_own():
    series = Scripted(21).shows(12, 4.0, 0).shows(12, 1.0, 1).score()

    found = [value(series, 12, field=name) for name in ("left", "right", "intensity")]
    assert found == pytest.approx([4.0, 1.0, 2.5])


@pytest.mark.parametrize(("yaw", "least", "most"), [(40, 1.0, 1.8), (-40, 3.2, 4.0), (8, 2.5, 2.5)])
def test_the_side_turned_away_counts_less(yaw, least, most):
    script = Scripted(9).shows(12, 4.0, 0).shows(12, 1.0, 1)

    assert least <= value(script.score(pose=[(yaw, 0, 0)] * 9), 12, 4) <= most


@pytest.mark.parametrize("au", [30, 36, 46])
def test_what_is_one_sided_by_definition_is_as_strong_as_its_side(au):
    script = Scripted(60).shows(30, 4.0, 1).shows(36, 4.0, 1)
    script.closed[:, 1] = True
    series = script.score()

    assert value(series, au, 30) == value(series, au, 30, "right") >= 4
    assert value(series, au, 30, "left") == 0


def test_only_units_with_sides_have_sides():
    series = Scripted(5).score()

    for i, au in enumerate(ACTION_UNITS):
        assert np.isfinite(series.left[i]).all() == au.sided
        assert np.isfinite(series.right[i]).all() == au.sided


def test_a_hidden_side_has_no_number_and_does_not_count():
    script = Scripted(9).shows(12, 4.0, 0).shows(12, 1.0, 1)
    script.visibility[:, AU_INDEX[12], 0] = VISIBLE_FROM - 0.01
    script.spread[:, AU_INDEX[12]] = 3.0, 0.25
    series = script.score()

    assert np.isnan(value(series, 12, 4, "left"))
    assert value(series, 12, 4) == value(series, 12, 4, "right") == 1.0
    assert value(series, 12, 4, "spread") == 0.25
    assert series.state[AU_INDEX[12], 4] == AUState.SCORED


def test_what_is_hidden_on_both_sides_is_not_visible():
    script = Scripted(9).shows(12, 4.0)
    script.visibility[4:6, AU_INDEX[12]] = VISIBLE_FROM - 0.01
    series = script.score()

    gone = np.array([False] * 4 + [True] * 2 + [False] * 3)
    assert ((series.state[AU_INDEX[12]] == AUState.NOT_VISIBLE) == gone).all()
    for values in (series.intensity, series.left, series.right, series.spread):
        assert (np.isnan(values[AU_INDEX[12]]) == gone).all()
    assert (series.state[AU_INDEX[1]] == AUState.SCORED).all()


def lids(series, row):
    return [value(series, au, row) for au in (43, 45, 46)]


def test_blink_eyes_closed_and_wink_are_told_apart_by_the_lids_landmarks():
    script = Scripted(120).shows(43, 1.0).shows(45, 3.0).shows(46, 3.0)
    script.closed[20:26] = script.closed[50:80] = True
    script.closed[95:110, 0] = True
    series = script.score()

    assert lids(series, 10) == [0, 0, 0]
    assert lids(series, 22) == pytest.approx([0, 5, 0], abs=0.1)
    assert lids(series, 65) == pytest.approx([5, 0, 0], abs=0.1)
    assert lids(series, 100)[2] == value(series, 46, 100, "left") > 4.5
    assert value(series, 46, 100, "right") == 0


@pytest.mark.parametrize("au", [5, 7])
def test_lids_that_stay_shut_show_neither_raised_nor_tightened_lids(au):
    script = Scripted(90).shows(au, 2.0)
    script.closed[10:15] = script.closed[40:80] = True
    series = script.score()

    state, here = series.state[AU_INDEX[au]], np.array([2, 12, 30, 85])
    assert (state[here] == AUState.SCORED).all()
    assert (state[45:75] == AUState.NOT_VISIBLE).all()
    assert np.isnan(series.intensity[AU_INDEX[au], 45:75]).all()


def test_a_hidden_eye_neither_winks_nor_keeps_the_other_from_blinking():
    script = Scripted(60)
    script.closed[20:26, 0] = True
    script.visibility[:, AU_INDEX[43], 1] = 0
    series = script.score()

    assert (value(series, 45, 22), value(series, 43, 22)) == pytest.approx((5, 0), abs=0.1)
    assert np.isnan(value(series, 45, 22, "right"))
    assert (series.state[AU_INDEX[46]] == AUState.NOT_VISIBLE).all()


def test_lids_that_the_network_reads_otherwise_have_a_wider_spread():
    agreeing, apart = Scripted(9).shows(43, 5.0), Scripted(9).shows(43, 1.0)
    agreeing.closed[:] = apart.closed[:] = True

    spreads = [[value(one.score(), au, 4, "spread") for au in (43, 45, 46)] for one in (agreeing, apart)]

    assert spreads[0] == pytest.approx([0.5] * 3, abs=0.01)
    assert spreads[1] == pytest.approx([np.hypot(0.5, 2.0)] * 3, abs=0.05)


def test_noise_is_averaged_but_a_blink_keeps_its_height():
    noise = np.random.default_rng(0).normal(2.5, 0.5, 400).astype(np.float32)
    script = Scripted(400).shows(12, noise)
    script.closed[100:102] = True
    series = script.score()

    assert series.intensity[AU_INDEX[12]].std() < 0.6 * noise.std()
    assert series.intensity[AU_INDEX[45], 99:103] == pytest.approx([0, 5, 5, 0], abs=0.1)


def test_the_spread_is_one_frames_and_neither_time_nor_the_sides_shrink_it():
    script = Scripted(30)
    script.spread[:, AU_INDEX[12]] = 0.4, 0.8

    assert script.score().spread[AU_INDEX[12]] == pytest.approx(0.6)


def test_excluded_rows_are_not_compared_and_have_no_numbers():
    excluded = np.zeros(30, dtype=np.uint8)
    excluded[10:15] = Exclusion.TURNED_AWAY
    script = Scripted(30).shows(12, np.where(excluded, 5.0, 1.0))
    series = script.score(excluded=excluded)

    assert script.asked == 25
    assert (series.state == np.where(excluded, AUState.NOT_VISIBLE, AUState.SCORED)).all()
    assert np.array_equal(np.isfinite(series.intensity), series.state == AUState.SCORED)
    assert np.array_equal(np.isfinite(series.spread), series.state == AUState.SCORED)
    assert series.intensity[AU_INDEX[12], excluded == 0] == pytest.approx(1.0)


def random_script(n):
    script, random = Scripted(n), np.random.default_rng(5)
    script.intensity[:] = random.uniform(0, 5, script.intensity.shape)
    script.visibility[:] = random.uniform(0, 1, script.visibility.shape)
    script.closed[40:44] = script.closed[150:200] = True
    return script


@pytest.mark.parametrize("size", [1, 7, 64, 1000])
def test_blocks_of_any_size_give_the_same_series(size):
    script = random_script(300)
    rows = script.rows(excluded=[1 if 90 <= i < 95 else 0 for i in range(300)])
    whole = score(rows, NEUTRAL, script)

    parts = [neutral.take(rows, slice(i, i + size)) for i in range(0, 300, size)]
    pieces = concatenate(list(score_track(parts, NEUTRAL, script)))

    assert pieces.intensity.shape == (AU_COUNT, 300)
    for name in ("intensity", "left", "right", "spread", "state"):
        assert np.array_equal(getattr(pieces, name), getattr(whole, name), equal_nan=True)


def test_held_rows_do_not_grow_with_the_track():
    script = Scripted(64 * 12)
    rows = script.rows()
    seen, waiting, done = 0, [], 0

    def stream():
        nonlocal seen
        for start in range(0, 64 * 12, 64):
            seen += 64
            yield neutral.take(rows, slice(start, start + 64))

    for series in score_track(stream(), NEUTRAL, script):
        done += series.intensity.shape[1]
        waiting.append(seen - done)
    assert done == 12 * 64
    assert max(waiting) < 64


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_hardly_any_rows(n):
    series = Scripted(n).score() if n else score(Scripted(1).rows(excluded=[1]), NEUTRAL, Scripted(1))

    assert series.intensity.shape == (AU_COUNT, max(n, 1))
    assert (series.state == (AUState.SCORED if n else AUState.NOT_VISIBLE)).all()
