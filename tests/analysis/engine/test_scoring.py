import numpy as np
import pytest

from analysis.engine import au_rules, measures, neutral
from analysis.engine.action_units import ACTION_UNITS, AU_COUNT, AU_INDEX, AU_NUMBERS, PRESENT_FROM
from analysis.engine.scoring import GeometryModel, concatenate
from analysis.engine.types import AUState, Exclusion, Neutral
from tests.support import synthetic_face as made

FACE = made.neutral()
MODEL = GeometryModel()
NEUTRAL = Neutral("estimated", 1, 0.0, 0.0, FACE.astype(np.float32))


def score(faces, **keywords):
    return MODEL.score(made.track(faces, **keywords), NEUTRAL)


def value(series, au, row=10, field="intensity"):
    return float(getattr(series, field)[AU_INDEX[au], row])


def shown(face, au, **keywords):
    return value(score([face] * 21, **keywords), au)


def test_a_neutral_face_shows_nothing():
    series = score(made.noisy([FACE] * 60))

    assert np.nanmax(series.intensity) < 0.5


@pytest.mark.parametrize(
    ("au", "face"),
    [
        (1, made.moved(FACE, (55, 107, 285, 336), up=0.045)),
        (2, made.moved(FACE, (70, 63, 105, 300, 293, 334), up=0.045)),
        (4, made.moved(FACE, (55, 107, 285, 336), x_out=-0.03, up=-0.02)),
        (5, made.moved(FACE, (*made.LEFT_TOP, *made.RIGHT_TOP), up=0.03)),
        (7, made.moved(FACE, (*made.LEFT_LOW, *made.RIGHT_LOW), up=0.02)),
        (12, made.smiling(FACE)),
        (15, made.moved(FACE, made.CORNERS, up=-0.03)),
        (
            18,
            made.moved(
                made.moved(FACE, (*made.UPPER_LIP, *made.LOWER_LIP), front=0.07), made.CORNERS, x_out=-0.06
            ),
        ),
        (25, made.moved(FACE, made.LOWER_LIP, up=-0.12)),
        (26, made.jaw_open(FACE, 0.1)),
        (27, made.jaw_open(FACE, 0.28)),
        (43, made.closed(FACE)),
    ],
)
def test_each_display_is_seen_at_c_or_above(au, face):
    assert shown(face, au) >= 2.5


@pytest.mark.parametrize(
    ("face", "absent"),
    [
        (made.smiling(FACE), (1, 2, 4, 5, 15, 17, 18, 24, 26, 27, 30, 43, 45, 46)),
        (made.brows_up(FACE), (4, 6, 12, 15, 25, 26, 43)),
        (made.jaw_open(FACE, 0.1), (1, 2, 4, 12, 18, 30)),
        (made.closed(FACE), (1, 2, 4, 5, 12, 46)),
    ],
)
def test_what_is_not_displayed_is_not_seen(face, absent):
    series = score([face] * 21)

    assert {au: value(series, au) for au in absent if value(series, au) >= PRESENT_FROM} == {}


def test_one_sided_displays_are_the_persons_own_side():
    left = score([made.smiling(FACE, sides=(291,))] * 21)
    right = score([made.smiling(FACE, sides=(61,))] * 21)

    assert value(left, 12, field="left") > 2.5
    assert value(left, 12, field="right") < 0.5
    assert value(right, 12, field="right") == pytest.approx(value(left, 12, field="left"), abs=0.05)
    assert value(left, 12) == pytest.approx(value(left, 12, field="left") / 2, abs=0.3)


@pytest.mark.parametrize(("shift", "side", "other"), [(0.07, "left", "right"), (-0.07, "right", "left")])
def test_the_jaw_goes_to_the_persons_own_side(shift, side, other):
    face = FACE.copy()
    face[list(made.JAW), 0] += shift
    series = score([face] * 21)

    assert value(series, 30) == value(series, 30, field=side) > 2.5
    assert value(series, 30, field=other) == 0


def test_only_aus_with_sides_have_sides():
    series = score([FACE] * 5)

    for i, au in enumerate(ACTION_UNITS):
        sided = au.sided and au.number in MODEL.scorable
        assert np.isfinite(series.left[i]).all() == sided
        assert np.isfinite(series.right[i]).all() == sided


@pytest.mark.parametrize(
    "face", [FACE, made.smiling(FACE), made.jaw_open(FACE)], ids=["neutral", "smile", "jaw"]
)
@pytest.mark.parametrize("turn", [(30, 0, 0), (-30, 0, 0), (0, 20, 0), (0, -20, 0), (0, 0, 30)])
def test_a_turned_head_shows_no_more_than_a_straight_one(face, turn):
    straight = score([face] * 21)
    turned = MODEL.score(made.rows([made.pictured(face, *turn)] * 21, pose=[turn] * 21), NEUTRAL)

    assert np.nanmax(turned.intensity[:, 10] - straight.intensity[:, 10]) < 0.3
    assert value(turned, 12) == pytest.approx(value(straight, 12), abs=0.6)
    assert value(turned, 25) == pytest.approx(value(straight, 25), abs=0.3)


def test_the_side_turned_away_counts_less():
    face = made.smiling(FACE, sides=(291,))
    seen, hidden = (
        MODEL.score(made.rows([made.pictured(face, yaw)] * 9, pose=[(yaw, 0, 0)] * 9), NEUTRAL)
        for yaw in (-35, 35)
    )

    assert value(seen, 12, 4) > 1.5 * value(hidden, 12, 4)


def test_blink_eyes_closed_and_wink_are_told_apart():
    faces = [FACE] * 120
    faces[20:26] = [made.closed(FACE)] * 6
    faces[50:80] = [made.closed(FACE)] * 30
    faces[95:110] = [made.closed(FACE, right=False)] * 15
    series = score(faces)

    found = {row: [value(series, au, row) for au in (43, 45, 46)] for row in (22, 65, 100)}
    assert found[22] == pytest.approx([0, 5, 0], abs=0.5)
    assert found[65] == pytest.approx([5, 0, 0], abs=0.5)
    assert found[100][2] > 4
    assert found[100][2] == pytest.approx(value(series, 46, 100, "left"))
    assert value(series, 46, 100, "right") == 0


def test_intensities_grow_with_the_display_and_stay_in_bounds():
    levels = [shown(made.smiling(FACE, strength), 12) for strength in np.linspace(0, 3, 13)]

    assert levels == sorted(levels)
    assert levels[0] == 0
    assert levels[-1] == 5


def test_states_say_why_a_number_is_missing():
    excluded = np.zeros(30, dtype=np.uint8)
    excluded[10:15] = Exclusion.TURNED_AWAY
    series = score([FACE] * 30, excluded=excluded)

    for i, number in enumerate(AU_NUMBERS):
        scored = number in MODEL.scorable
        assert (series.state[i] == AUState.NOT_SCORABLE).all() != scored
        assert (series.state[i, 10:15] == (AUState.NOT_VISIBLE if scored else AUState.NOT_SCORABLE)).all()
    assert np.array_equal(np.isfinite(series.intensity), series.state == AUState.SCORED)
    assert np.array_equal(np.isfinite(series.spread), series.state == AUState.SCORED)


def test_the_spread_follows_the_landmarks_jitter():
    """The intensity's own scatter on a still face is within the spread's jitter part."""
    smile = made.smiling(FACE, 0.6)
    calm, shaky = (score(made.noisy([smile] * 400, deviation=sd)) for sd in (0.0005, 0.004))

    middle = slice(50, 350)
    row = AU_INDEX[12]
    assert shaky.spread[row, middle].mean() > calm.spread[row, middle].mean()
    assert shaky.intensity[row, middle].std() < shaky.spread[row, middle].mean()
    assert (calm.spread[row] > 0).all()


def test_a_turned_head_widens_the_spread():
    straight, turned = (
        MODEL.score(made.rows([made.pictured(FACE, yaw)] * 9, pose=[(yaw, 0, 0)] * 9), NEUTRAL)
        for yaw in (0, 40)
    )

    both = np.isfinite(straight.spread) & np.isfinite(turned.spread)
    assert (turned.spread[both] >= straight.spread[both] - 1e-6).mean() > 0.95


@pytest.mark.parametrize("size", [1, 7, 64, 1000])
def test_blocks_of_any_size_give_the_same_series(size):
    course = [made.smiling(FACE, 0.5 + 0.5 * np.sin(i / 9)) for i in range(300)]
    course[40:44] = [made.closed(FACE)] * 4
    course[150:200] = [made.closed(FACE)] * 50
    rows = made.track(made.noisy(course), excluded=[1 if 90 <= i < 95 else 0 for i in range(300)])
    whole = MODEL.score(rows, NEUTRAL)

    parts = [neutral.take(rows, slice(i, i + size)) for i in range(0, 300, size)]
    pieces = concatenate(list(MODEL.score_track(parts, NEUTRAL)))

    assert pieces.intensity.shape == (AU_COUNT, 300)
    for name in ("intensity", "left", "right", "spread", "state"):
        assert np.allclose(getattr(pieces, name), getattr(whole, name), atol=1e-5, equal_nan=True)


def test_held_rows_do_not_grow_with_the_track():
    rows = made.track(made.noisy([FACE] * 64))
    seen, waiting = 0, []

    def stream():
        nonlocal seen
        for block in range(12):
            seen += 64
            yield made.rows(rows.points, start=block * 64 / 30)

    done = 0
    for series in MODEL.score_track(stream(), NEUTRAL):
        done += series.intensity.shape[1]
        waiting.append(seen - done)
    assert done == 12 * 64
    assert max(waiting) < 128


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_hardly_any_rows(n):
    series = MODEL.score(made.rows(np.zeros((n, 478, 3)) + made.pictured(FACE)), NEUTRAL)

    assert series.intensity.shape == (AU_COUNT, n)


def test_every_rule_names_measures_that_exist_and_an_au_once():
    assert {term.measure for rule in au_rules.RULES for term in rule.terms} <= set(measures.MEASURE_INDEX)
    numbers = [rule.au for rule in au_rules.RULES]
    assert sorted(set(numbers)) == numbers
    assert all(0 < rule.dead < rule.full for rule in au_rules.RULES)
