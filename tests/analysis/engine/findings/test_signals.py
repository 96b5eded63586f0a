import dataclasses

import numpy as np
import pytest

from analysis.engine.action_units import AU_INDEX, PRESENT_FROM
from analysis.engine.finding_types import OwnRange
from analysis.engine.findings import cohorts, reliability
from analysis.engine.findings.cohorts import GROUPS, Cohort, CohortParameter
from analysis.engine.findings.own_range import of_track
from analysis.engine.findings.signal_table import SIGNALS, Kind
from analysis.engine.findings.signals import LEAST, MIDDLE, describe_signals
from analysis.engine.findings.windows import WINDOW
from analysis.engine.types import Exclusion
from tests.support import courses
from tests.support.courses import SCORABLE
from tests.support.liveliness import lively, part

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
        for rule, found in zip(SIGNALS[key], signal.components, strict=True):
            assert found.moved == pytest.approx(rule.points * found.level)
            assert (found.level > 0) <= rule.available
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
        for level in np.linspace(0, 5, 6)
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


def units(key):
    return sorted({au for rule in SIGNALS[key] for au in rule.aus})


def values(rows, series, own):
    return np.array([signal.overall.value for signal in describe_signals(rows, series, own_range=own)])


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("step", [2, 3])
def test_another_frame_rate_changes_no_signal_by_a_point(seed, step):
    rows, series = lively(seed, 60)
    own = of_track(rows, series)

    fewer = values(*part(rows, series, slice(None, None, step)), own)

    assert np.abs(fewer - values(rows, series, own)).max() < 1


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("cut", [450, 900])
def test_the_parts_of_a_recording_give_the_whole(seed, cut):
    rows, series = lively(seed, 60)
    own = of_track(rows, series)

    parts = [values(*part(rows, series, wanted), own) for wanted in (slice(cut), slice(cut, None))]
    joined = (parts[0] * cut + parts[1] * (1800 - cut)) / 1800

    assert np.abs(joined - values(rows, series, own)).max() < 1
    assert np.abs(parts[0] - parts[1]).max() > 0.5


@pytest.mark.parametrize("seed", range(3))
def test_a_range_as_measured_here_changes_nothing(seed):
    rows, series = lively(seed, 60)
    series.intensity[AU_INDEX[45], :600] = 4

    for weak in (frozenset(), frozenset({45})):
        own = of_track(rows, series, weak=weak)
        here = dataclasses.replace(own, usual=None)
        assert describe_signals(rows, series, weak, own) == describe_signals(rows, series, weak, here)
        moved = dataclasses.replace(own, usual=own.usual + 20)
        assert describe_signals(rows, series, weak, own) != describe_signals(rows, series, weak, moved)


def shown_more_and_more(rule, time):
    """Rows and series in which the component is shown at four strengths, from none to nearly all of it."""
    for share in (0, 0.3, 0.6, 0.9):
        pose, gaze, course = np.zeros((len(time), 3)), np.zeros((len(time), 2)), {}
        if rule.kind is Kind.LOOKING_AWAY:
            gaze[: len(time) // 3, 0] = 40 * share
        elif rule.kind in {Kind.NODDING, Kind.SHAKING}:
            axis = 1 if rule.kind is Kind.NODDING else 0
            pose[:, axis] = 7 * share * np.sin(2 * np.pi * 1.3 * time)
        else:
            strength = (rule.floor + share * (rule.full - rule.floor)) * (share > 0)
            aus = rule.aus if rule.kind in {Kind.TOGETHER, Kind.AGAINST} else rule.aus[:1]
            if rule.kind is Kind.FADING:
                strength = courses.bump(time, 10, 11, 14, strength)
            if rule.kind is Kind.UNUSUAL:
                strength += PRESENT_FROM * (share > 0)
            course = dict.fromkeys(aus, strength)
        one_sided = dict.fromkeys(course, 0.0) if rule.kind is Kind.UNEVEN else None
        yield (
            courses.rows(time, pose=pose, gaze=gaze),
            courses.series(len(time), course, right=one_sided, scorable=AUS),
        )


@pytest.mark.parametrize(
    ("key", "place"),
    [(key, place) for key, rules in SIGNALS.items() for place, rule in enumerate(rules) if rule.available],
)
def test_a_signal_rises_or_falls_with_each_component(key, place):
    rule, own = SIGNALS[key][place], OwnRange("carried", 60.0, np.zeros(44, np.float32), np.zeros(2))
    time = courses.times(SECONDS)
    moved = []
    for rows, series in shown_more_and_more(rule, time):
        (signal,) = (one for one in describe_signals(rows, series, own_range=own) if one.key == key)
        assert signal.components[place].key == rule.key
        moved.append(signal.components[place].moved * rule.direction)

    assert moved[0] == 0
    assert (np.diff(moved) > 0.01 * rule.weight).all()
    assert moved[-1] <= rule.weight


@pytest.mark.parametrize("key", SIGNALS)
def test_an_au_that_is_missing_counts_as_neutral_and_widens_the_interval(key):
    time = courses.times(15, 10)
    shown = expressive(time)
    for au in units(key):
        silent = courses.series(len(time), shown | {au: 0.0}, scorable=AUS)
        missing = courses.series(len(time), shown, scorable=AUS - {au})
        neutral, unknown = overall(silent, key, time), overall(missing, key, time)
        assert unknown.value == pytest.approx(neutral.value, abs=0.01)
        assert unknown.low <= neutral.low + 0.6
        assert unknown.high >= neutral.high - 0.6
        assert unknown.high - unknown.low > neutral.high - neutral.low


@pytest.mark.parametrize("key", SIGNALS)
def test_a_weak_au_counts_as_one_that_was_not_scored(key):
    time = courses.times(15, 10)
    shown = expressive(time)
    whole = courses.series(len(time), shown, scorable=AUS)
    for au in units(key):
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


def test_each_component_tells_when_it_moved_the_signal():
    time = courses.times(SECONDS)
    smile = np.where((time >= 20) & (time < 24), 4.0, 0.0)
    signals = described(time, courses.series(len(time), {12: smile}, scorable=AUS))

    found = {part.key: part for part in signals["resistance"].components}

    (moment,) = found["smile"].moments
    assert (moment.start, moment.end) == pytest.approx((20, 24), abs=0.05)
    assert moment.moved == -22
    assert found["smile"].moved == pytest.approx(-22 * 4 / SECONDS, abs=0.05)
    assert found["chin_raised"].moments == ()


def test_speech_is_among_the_components_and_not_available():
    parts = described()["credibility"].components

    silent = [part for part in parts if not part.available]

    assert [part.key for part in silent] == [
        "voice_with_face",
        "voice_against_face",
        "voice_outside_own_range",
    ]
    assert all((part.level, part.moved, part.moments) == (0, 0, ()) for part in silent)
    assert all(part.weight > 0 for part in silent)


@pytest.mark.parametrize("key", SIGNALS)
def test_what_is_shown_narrows_the_interval_of_a_neutral_face(key):
    time = courses.times(SECONDS)
    shown = dict.fromkeys((4, 12), 3.0)

    still, lively_ = (
        overall(courses.series(len(time), course, scorable=AUS, spread=0.1), key, time)
        for course in ({}, shown)
    )

    assert still.high - still.low == pytest.approx(2 * LEAST)
    assert lively_.high - lively_.low < LEAST


def test_an_own_range_tells_what_is_unusual():
    time = courses.times(SECONDS)
    found = courses.series(len(time), {12: 3.0, 4: 3.0}, scorable=AUS)
    rows = courses.rows(time)
    seldom, often = (OwnRange("carried", 60.0, np.full(44, high, np.float32)) for high in (0.2, 4.0))

    parts = {
        name: {part.key: part for part in describe_signals(rows, found, own_range=own)[1].components}
        for name, own in (("seldom", seldom), ("often", often), ("here", None))
    }

    assert parts["seldom"]["outside_own_range"].moved < -5
    assert parts["often"]["outside_own_range"].moved == parts["here"]["outside_own_range"].moved == 0


def cohort(**factors):
    """A cohort of which one group is known, and of which nothing else differs from what is usual."""
    return Cohort(
        "x",
        "DE",
        "de",
        "1",
        tuple(
            CohortParameter(group, factors.get(group, 1.0), 0.1, "measured", 40, "test") for group in GROUPS
        ),
    )


def test_calibration_reads_displays_as_the_cohorts_and_knows_less_of_them():
    time = courses.times(SECONDS)
    rows, found = courses.rows(time), courses.series(len(time), {12: 2.0, 6: 2.0}, scorable=AUS)

    plain, same, more = (
        describe_signals(rows, found, cohort=one)[0] for one in (None, cohort(), cohort(smile=1.4))
    )

    assert (plain.calibrated, plain.calibrated_series) == (None, ())
    assert same.overall == more.overall == plain.overall
    assert same.calibrated.value == pytest.approx(plain.overall.value)
    assert same.calibrated.low < plain.overall.low
    assert same.calibrated.high > plain.overall.high
    assert more.calibrated.value > plain.overall.value + 3
    assert len(more.calibrated_series) == len(more.series)
    assert all(a.value > b.value for a, b in zip(more.calibrated_series, more.series, strict=True))


@pytest.mark.parametrize("au", [12, 4])
def test_what_is_not_known_of_a_cohort_widens_fitted_bounds_where_it_is_shown(au):
    time = courses.times(SECONDS)
    rows, found = courses.rows(time), courses.series(len(time), {au: 2.0}, scorable=AUS)
    fitted = reliability.Fit(floor=2.0, own=0.25)

    with reliability.using({(kind, reliability.ANY): fitted for kind in ("signal", "signal_point")}):
        trust = describe_signals(rows, found, cohort=unknown())[0]

    assert trust.calibrated.value == trust.overall.value
    for plain, calibrated in (
        (trust.overall, trust.calibrated),
        (trust.series[9], trust.calibrated_series[9]),
    ):
        assert calibrated.low < plain.low - 0.5
        assert calibrated.high > plain.high + 0.5


def test_what_is_not_known_of_a_cohort_changes_nothing_where_nothing_is_shown():
    trust = describe_signals(
        courses.rows(courses.times(SECONDS)), courses.series(SECONDS * 30, scorable=AUS), cohort=unknown()
    )[0]

    assert trust.calibrated == trust.overall


def unknown():
    """A cohort without evidence, as all are that are shipped."""
    return Cohort("x", "DE", "de", "1", tuple(cohorts.unknown(group) for group in GROUPS))


def test_the_same_track_gives_the_same_signals():
    time = courses.times(SECONDS)
    found = courses.series(len(time), expressive(time), scorable=AUS)

    assert described(time, found) == described(time, found)
