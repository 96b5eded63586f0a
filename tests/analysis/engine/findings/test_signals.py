import numpy as np
import pytest

from analysis.engine.findings.signal_table import SIGNALS
from analysis.engine.findings.signals import MIDDLE, describe_signals
from analysis.engine.findings.windows import WINDOW
from analysis.engine.types import Exclusion
from tests.support import courses
from tests.support.courses import SCORABLE

SECONDS = 40
AUS = frozenset(au for rules in SIGNALS.values() for rule in rules for au in rule.aus)


def expressive(time, seed=0):
    """A course of every AU in the table: smooth, different for each, 0-5."""
    rng = np.random.default_rng(seed)
    return {
        au: np.clip(2 + 2.5 * np.sin(time * rng.uniform(0.3, 0.9) + rng.uniform(0, 6)), 0, 5).astype(
            np.float32
        )
        for au in sorted(AUS)
    }


def described(time=None, found=None, weak=frozenset(), **keywords):
    time = courses.times(SECONDS) if time is None else time
    found = courses.series(len(time), scorable=AUS) if found is None else found
    return {signal.key: signal for signal in describe_signals(courses.rows(time, **keywords), found, weak)}


def overall(found, key, time=None, weak=frozenset()):
    return described(time, found, weak)[key].overall


@pytest.mark.parametrize("key", SIGNALS)
def test_weights_of_either_direction_add_up_to_half_the_scale(key):
    for sign in (-1, 1):
        assert sum(rule.weight for rule in SIGNALS[key] if rule.direction == sign) == MIDDLE
    keys = [rule.key for rule in SIGNALS[key]]
    assert len(set(keys)) == len(keys)
    assert all(rule.floor < rule.full and rule.source and 0 < rule.cap <= 1 for rule in SIGNALS[key])


@pytest.mark.parametrize("key", SIGNALS)
def test_a_neutral_face_gives_the_middle_with_a_wide_interval(key):
    signal = described()[key]

    assert signal.overall.value == MIDDLE
    assert signal.overall.high - signal.overall.low > 20
    assert {point.value for point in signal.series} == {MIDDLE}
    assert all(part.moved == 0 for part in signal.components)


@pytest.mark.parametrize("key", SIGNALS)
def test_values_and_intervals_stay_on_the_scale_and_the_parts_add_up(key):
    time = courses.times(SECONDS)
    for seed in range(3):
        signal = described(time, courses.series(len(time), expressive(time, seed), scorable=AUS))[key]
        assert all(0 <= point.low <= point.value <= point.high <= 100 for point in signal.series)
        moved = sum(part.moved for part in signal.components)
        assert MIDDLE + moved == pytest.approx(signal.overall.value)
        mean = np.mean([point.value for point in signal.series])
        assert signal.overall.value == pytest.approx(mean, abs=1)


def test_extremes_reach_the_ends_of_the_scale_and_no_further():
    time = courses.times(SECONDS)
    loud = courses.series(len(time), dict.fromkeys(AUS, 5.0), scorable=AUS)

    for signal in described(time, loud).values():
        assert all(0 <= point.low <= point.value <= point.high <= 100 for point in signal.series)


@pytest.mark.parametrize(
    ("key", "au", "rises"),
    [
        ("trust", 12, True),
        ("trust", 4, False),
        ("trust", 15, False),
        ("resistance", 4, True),
        ("resistance", 17, True),
        ("resistance", 12, False),
    ],
)
def test_signals_are_monotone_in_a_component(key, au, rises):
    time = courses.times(SECONDS)
    values = [
        overall(courses.series(len(time), {au: level}, scorable=AUS), key, time).value
        for level in np.linspace(0, 5, 11)
    ]

    assert values == sorted(values, reverse=not rises)
    assert values[0] == MIDDLE
    assert abs(values[-1] - MIDDLE) > 4


@pytest.mark.parametrize("key", SIGNALS)
@pytest.mark.parametrize("rate", [15, 24, 60])
def test_the_frame_rate_does_not_change_a_signal(key, rate):
    time, other = courses.times(SECONDS), courses.times(SECONDS, rate)
    first = overall(courses.series(len(time), expressive(time), scorable=AUS), key, time)
    second = overall(courses.series(len(other), expressive(other), scorable=AUS), key, other)

    assert first.value == pytest.approx(second.value, abs=1)
    assert (first.low, first.high) == pytest.approx((second.low, second.high), abs=2)


@pytest.mark.parametrize("key", ["trust", "resistance"])
def test_the_parts_of_a_recording_give_the_whole(key):
    time = courses.times(120)
    whole = courses.series(len(time), expressive(time), scorable=AUS)
    halves = [
        overall(
            courses.series(1800, {au: course[part] for au, course in expressive(time).items()}, scorable=AUS),
            key,
            time[part],
        ).value
        for part in (slice(0, 1800), slice(1800, 3600))
    ]

    assert np.mean(halves) == pytest.approx(overall(whole, key, time).value, abs=1)


@pytest.mark.parametrize("key", SIGNALS)
def test_an_au_that_is_missing_counts_as_neutral_and_widens_the_interval(key):
    time = courses.times(SECONDS)
    shown = expressive(time)
    for rule in SIGNALS[key]:
        for au in rule.aus:
            silent = courses.series(len(time), shown | {au: 0.0}, scorable=AUS)
            missing = courses.series(len(time), shown, scorable=AUS - {au})
            neutral, unknown = overall(silent, key, time), overall(missing, key, time)
            assert unknown.value == pytest.approx(neutral.value, abs=0.01)
            assert unknown.low <= neutral.low + 0.6
            assert unknown.high >= neutral.high - 0.6
            assert unknown.high - unknown.low > neutral.high - neutral.low


@pytest.mark.parametrize("key", SIGNALS)
def test_a_weak_au_counts_as_one_that_was_not_scored(key):
    time = courses.times(SECONDS)
    shown = expressive(time)
    whole = courses.series(len(time), shown, scorable=AUS)
    for au in {au for rule in SIGNALS[key] for au in rule.aus}:
        unscored = courses.series(len(time), shown, scorable=AUS - {au})
        assert overall(whole, key, time, frozenset({au})) == overall(unscored, key, time)


def test_closed_eyes_of_weak_units_are_not_looked_at():
    time = courses.times(SECONDS)
    pose = np.zeros((len(time), 3))
    pose[:600, 0] = 40
    shut = courses.series(len(time), {43: np.where(time < 19, 4.0, 0.0)}, scorable=AUS | {43, 45})

    away, believed = (described(time, shut, weak, pose=pose) for weak in (frozenset({43}), frozenset()))

    assert away["trust"].overall.value < believed["trust"].overall.value


def test_more_spread_widens_every_interval():
    time = courses.times(SECONDS)
    calm, vague = (
        described(time, courses.series(len(time), {12: 2.0}, scorable=AUS, spread=spread))
        for spread in (0.1, 1.0)
    )

    for key in SIGNALS:
        assert (
            vague[key].overall.high - vague[key].overall.low > calm[key].overall.high - calm[key].overall.low
        )


def test_a_value_each_second_from_the_seconds_around_it():
    time = courses.times(SECONDS)
    smile = np.where((time >= 20) & (time < 21), 4.0, 0.0).astype(np.float32)

    series = described(time, courses.series(len(time), {12: smile}, scorable=AUS))["trust"].series

    assert [point.time for point in series] == pytest.approx(np.arange(SECONDS) + 0.5)
    moved = [round(point.time - 0.5) for point in series if point.value != MIDDLE]
    assert moved == list(range(20 - WINDOW // 2, 20 + WINDOW // 2 + 1))


def test_windows_hardly_scored_have_no_value():
    time = courses.times(SECONDS)
    excluded = np.zeros(len(time))
    excluded[300:600] = Exclusion.TURNED_AWAY
    found = courses.hide(courses.series(len(time), scorable=AUS), slice(300, 600))

    times = [point.time for point in described(time, found, excluded=excluded)["trust"].series]

    assert [moment for moment in times if 12 <= moment <= 18] == []
    assert len(times) > 25


def test_too_little_face_time_gives_no_number():
    time = courses.times(4)
    for signal in described(time, courses.series(len(time), scorable=AUS)).values():
        assert (signal.overall, signal.series, signal.components) == (None, (), ())
    assert described(time[:0], courses.series(0))["trust"].overall is None


def test_head_and_eyes_move_the_signals():
    time = courses.times(SECONDS)
    nod, shake = np.zeros((len(time), 3)), np.zeros((len(time), 3))
    nod[:, 1] = shake[:, 0] = 8 * np.sin(2 * np.pi * 1.3 * time)

    nodding, shaking = (described(time, pose=pose) for pose in (nod, shake))

    assert nodding["trust"].overall.value > MIDDLE + 5
    assert nodding["resistance"].overall.value < MIDDLE - 5
    assert shaking["resistance"].overall.value > MIDDLE + 4


def test_uneven_display_lowers_credibility_and_even_display_raises_it():
    time = courses.times(SECONDS)
    even = courses.series(len(time), {12: 3.0}, scorable=AUS)
    uneven = courses.series(len(time), {12: 2.0}, left={12: 4.0}, right={12: 0.0}, scorable=AUS)

    assert overall(even, "credibility", time).value > MIDDLE > overall(uneven, "credibility", time).value


def test_the_shipped_model_leaves_named_gaps_open():
    """AU23 is in the table and not in the geometry model: its weight is in the interval, not in the value."""
    time = courses.times(SECONDS)
    whole, geometry = (
        overall(courses.series(len(time), scorable=scorable), "resistance", time)
        for scorable in (AUS, SCORABLE)
    )

    assert geometry.value == whole.value == MIDDLE
    gaps = [rule.weight for rule in SIGNALS["resistance"] if rule.direction > 0 and set(rule.aus) - SCORABLE]
    assert geometry.high - whole.high == pytest.approx(sum(gaps), abs=0.1)


def test_the_same_track_gives_the_same_signals():
    time = courses.times(SECONDS)
    found = courses.series(len(time), expressive(time), scorable=AUS)

    assert described(time, found) == described(time, found)
