import numpy as np
import pytest

from analysis.engine.action_units import AU_INDEX
from analysis.engine.findings.levels import Level, Track, level, valid_rows
from analysis.engine.findings.signal_table import SIGNALS, ComponentRule, Kind
from analysis.engine.types import AUState
from tests.support import courses

RULES = tuple(rule for rules in SIGNALS.values() for rule in rules)
AUS = frozenset(au for rule in RULES for au in rule.aus)
TIME = courses.times(4)


def track(found, **keywords):
    rows = courses.rows(TIME)
    return Track(rows, found, valid_rows(rows), **keywords)


def random_series(seed):
    """Every AU of the table at any intensity, changing from row to row, and its sides apart."""
    rng = np.random.default_rng(seed)
    left, right = ({au: rng.uniform(0, 5, len(TIME)) for au in sorted(AUS)} for _ in range(2))
    whole = {au: (left[au] + right[au]) / 2 for au in left}
    return courses.series(len(TIME), whole, left, right, scorable=AUS)


def shown(rule, course, **keywords):
    return level(rule, track(courses.series(len(TIME), course, scorable=AUS), **keywords)).level


@pytest.mark.parametrize("seed", range(3))
def test_a_level_is_between_0_and_its_cap(seed):
    found = track(random_series(seed))
    for rule in RULES:
        capped = ComponentRule(rule.key, rule.kind, rule.direction, rule.weight, rule.aus, cap=0.4)
        for one, cap in ((rule, rule.cap), (capped, 0.4)):
            read = level(one, found)
            assert isinstance(read, Level)
            assert read.level.dtype == read.missing.dtype == np.float32
            assert 0 <= read.level.min() <= read.level.max() <= cap


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kind", [Kind.STRONGEST, Kind.TOGETHER, Kind.AGAINST, Kind.UNUSUAL, Kind.EVEN])
def test_levels_rise_with_every_unit(kind, seed):
    low = random_series(seed)
    for rule in (rule for rule in RULES if rule.kind is kind):
        for au in rule.aus:
            high = random_series(seed)
            for values in (high.intensity, high.left, high.right):
                values[AU_INDEX[au]] = np.clip(values[AU_INDEX[au]] + 0.7, 0, 5)
            assert (level(rule, track(high)).level >= level(rule, track(low)).level).all()


def test_an_uneven_display_is_the_largest_difference_of_sides():
    rule = ComponentRule("x", Kind.UNEVEN, -1, 10, (1, 12), floor=1, full=4)
    found = courses.series(4, {1: 1.0, 12: 2.0}, left={12: [2, 3, 4, 5]}, right={12: [2, 1, 0, 0]})
    rows = courses.rows(courses.times(4, 1))

    read = level(rule, Track(rows, found, valid_rows(rows)))

    assert read.level.tolist() == pytest.approx([0, 1 / 3, 1, 1])


def test_unusual_is_over_the_own_range_and_over_b():
    rule = ComponentRule("x", Kind.UNUSUAL, -1, 10, (4, 12), floor=0.5, full=4)

    wide = shown(rule, {4: 3.0, 12: 4.0}, high={4: 3.0, 12: 2.0})
    narrow = shown(rule, {4: 1.4, 12: 3.5}, high={4: 0.1})

    assert wide.tolist() == pytest.approx([(2.0 - 0.5) / 3.5] * len(TIME))
    assert narrow.tolist() == pytest.approx([(2.0 - 0.5) / 3.5] * len(TIME))


def smile(seconds):
    """A smile of four points that takes so long to fade."""
    return courses.bump(TIME, 0.2, 1.0, 1.0 + seconds, 4.0)


def test_a_smile_counts_by_how_slowly_it_fades():
    (rule,) = (rule for rule in RULES if rule.kind is Kind.FADING)
    peaks = [shown(rule, {12: smile(seconds)}).max() for seconds in (0.15, 0.3, 0.5, 0.8, 1.0, 2.0)]

    assert peaks[0] == 0
    assert peaks == sorted(peaks)
    assert peaks[2] == pytest.approx((0.5 - 0.2) / 0.8, abs=0.03)
    assert peaks[-1] == pytest.approx(1, abs=0.02)


def test_a_smile_whose_end_was_not_seen_is_open():
    (rule,) = (rule for rule in RULES if rule.kind is Kind.FADING)
    course = np.where(TIME < 2, 0.0, 4.0)

    read = level(rule, track(courses.series(len(TIME), {12: course}, scorable=AUS)))

    assert read.level.max() == 0
    assert (read.missing == (TIME >= 2)).all()


def test_speech_is_declared_and_moves_nothing():
    speech = [rule for rule in RULES if not rule.available]

    assert {rule.kind for rule in speech} == {Kind.SPEECH}
    for rule in speech:
        read = level(rule, track(random_series(0)))
        assert read.level.max() == read.missing.max() == 0


@pytest.mark.parametrize("gone", [None, 12])
def test_an_au_that_is_missing_or_weak_is_read_as_nothing_shown(gone):
    found = random_series(1)
    if gone:
        found.state[AU_INDEX[gone]] = AUState.NOT_VISIBLE
        found.intensity[AU_INDEX[gone]] = np.nan
    read = track(found, weak=frozenset() if gone else frozenset({12}))

    assert read.intensity(12).max() == 0
    assert read.missing(12).all()
    rule = ComponentRule("x", Kind.STRONGEST, 1, 10, (4, 12))
    assert level(rule, read).missing.all()
    assert (
        level(rule, read).level == level(ComponentRule("x", Kind.STRONGEST, 1, 10, (4,)), read).level
    ).all()


def test_factors_scale_and_shifts_move_by_the_spread_and_stay_on_the_scale():
    found = courses.series(len(TIME), {12: 2.0, 4: 4.9}, scorable=AUS, spread=0.4)
    read = track(found, factors={12: 1.5})

    assert read.intensity(12)[0] == pytest.approx(3.0)
    assert read.shifted(12, 1, 1).intensity(12)[0] == pytest.approx(1.5 * 2.4)
    assert read.shifted(12, 1, -1).intensity(12)[0] == pytest.approx(3.0)
    assert read.shifted(12, 1, -1).left(12)[0] == pytest.approx(1.5 * 2.4)
    assert read.shifted(12, 1, -1).right(12)[0] == pytest.approx(1.5 * 1.6)
    assert read.shifted(4, 1, 1).intensity(4)[0] == 5.0
    assert read.shifted(4, 1, 1).settled() == read
