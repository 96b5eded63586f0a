import numpy as np
import pytest

from analysis.engine.findings.fits import AGAINST, USUAL, Courses, Shown, deviation, strength, together
from analysis.engine.findings.patterns import PATTERNS
from tests.support import courses

BY_KEY = {pattern.key: pattern for pattern in PATTERNS}
ALL = frozenset(range(1, 47))


def shown(key, levels, weak=frozenset(), side="both", spread=0.4, scorable=ALL, sides=None):
    """Courses of a pattern on one frame that shows the levels."""
    left, right = ({au: pair[i] for au, pair in (sides or {}).items()} for i in (0, 1))
    both = levels | {au: sum(pair) / 2 for au, pair in (sides or {}).items()}
    series = courses.series(1, both, left=left, right=right, scorable=scorable, spread=spread)
    return Courses.of(BY_KEY[key], Shown(series, frozenset(weak)), side)


def fit(key, levels, **more):
    return float(shown(key, levels, **more).fit()[0])


def least_and_most(key, levels, **more):
    return tuple(float(bound[0]) for bound in shown(key, levels, **more).reach())


def prototype(pattern, level=4.0):
    return dict.fromkeys((*(part.aus[0] for part in pattern.parts), *pattern.usual), level)


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.key)
def test_each_pattern_fits_wholly_when_fully_shown_and_not_at_all_when_nothing_is(pattern):
    sides = dict.fromkeys(prototype(pattern), (4.0, 0.0)) if pattern.one_sided else None
    side = "left" if pattern.one_sided else "both"

    assert fit(pattern.key, prototype(pattern), sides=sides, side=side) == pytest.approx(100)
    assert fit(pattern.key, {}, side=side) == 0


@pytest.mark.parametrize(
    "pattern", [one for one in PATTERNS if not one.one_sided], ids=lambda pattern: pattern.key
)
def test_the_fit_rises_with_its_parts_and_falls_with_what_is_against_it(pattern):
    rng = np.random.default_rng(5)
    mine = set(pattern.aus) | set(pattern.usual)
    for _ in range(40):
        levels = {au: float(rng.uniform(0, 5)) for au in ALL}
        au = int(rng.choice(sorted(mine | set(pattern.against))))
        more = fit(pattern.key, levels | {au: min(5.0, levels[au] + rng.uniform(0, 2))})
        change = more - fit(pattern.key, levels)
        assert 0 <= more <= 100
        assert change <= 1e-9 if au in pattern.against else change >= -1e-9


def test_a_fit_has_no_jumps():
    steps = np.linspace(0, 5, 501)
    fits = [fit("fear", dict.fromkeys((1, 2, 4, 5, 7, 20, 26), level)) for level in steps]

    assert np.diff(fits).max() < 1
    assert np.diff(fits).min() >= 0


@pytest.mark.parametrize(("parts", "left"), [(2, 17), (3, 29), (4, 38), (7, 55)])
def test_a_lacking_part_weighs_more_the_fewer_there_are(parts, left):
    strengths = np.ones((parts, 1))
    strengths[0] = 0

    assert 100 * together(strengths)[0] == pytest.approx(left, abs=0.6)


def test_strength_is_half_at_half_of_what_is_full():
    assert strength(np.array([-1.0, 0, 1.5, 3, 5]), 3.0).tolist() == [0, 0, 0.5, 1, 1]


def test_any_of_the_alternatives_is_enough():
    assert fit("disgust", {9: 4.0, 15: 4.0, 16: 4.0}) == fit("disgust", {10: 4.0, 17: 4.0, 16: 4.0}) == 100


def test_what_usually_goes_along_and_what_speaks_against():
    assert fit("appalled", {4: 4.0, 10: 4.0}) == pytest.approx(100 * (1 - USUAL))
    assert fit("appalled", {4: 4.0, 10: 4.0, 9: 4.0}) == pytest.approx(100 * (1 - USUAL / 2))
    surprise = {1: 4.0, 2: 4.0, 5: 4.0, 26: 4.0}
    assert fit("surprise", surprise | {20: 4.0}) == pytest.approx(100 * (1 - AGAINST))
    assert fit("surprise", surprise | {20: 4.0, 4: 4.0}) == pytest.approx(100 * (1 - AGAINST))


@pytest.mark.parametrize(
    ("left", "right", "least", "most"), [(3.0, 0.2, 90, 100), (3.0, 3.0, 0, 0), (4.0, 3.0, 0, 0)]
)
def test_a_one_sided_pattern_sees_one_side(left, right, least, most):
    sides = dict.fromkeys((12, 14), (left, right))

    assert least <= fit("contempt", {}, sides=sides, side="left") <= most
    assert fit("contempt", {}, sides=sides, side="right") == 0


def test_what_nothing_is_known_of_is_left_out_and_bounds_the_fit():
    levels = dict.fromkeys((4, 5, 23), 4.0)

    assert fit("anger", levels, weak={7}) == pytest.approx(100)
    assert least_and_most("anger", levels, weak={7}) == pytest.approx((37.5, 100))
    assert least_and_most("anger", levels) == (fit("anger", levels),) * 2
    assert least_and_most("hatred", {4: 4.0, 10: 4.0, 17: 4.0}, weak={7}) == pytest.approx((87.5, 100))
    assert least_and_most("anger", {4: 4.0, 5: 4.0, 7: 4.0}, weak={24}) == pytest.approx((37.5, 100))
    surprise = {1: 4.0, 2: 4.0, 5: 4.0, 26: 4.0}
    assert least_and_most("surprise", surprise, weak={20}) == pytest.approx((50, 100))


def test_a_weak_unit_counts_as_one_that_is_not_scored():
    levels = {4: 3.0, 5: 2.0, 23: 1.0}

    assert fit("anger", levels, weak={7, 24}) == fit("anger", levels, scorable=ALL - {7, 24})
    assert shown("sadness", {}, weak={1, 4}) is None
    assert shown("sadness", {}, weak={1}) is not None


def test_a_row_without_one_of_the_units_has_no_fit():
    series = courses.hide(courses.series(3, {6: 4.0, 12: 4.0}), slice(1, 2))

    assert np.isnan(Courses.of(BY_KEY["happiness"], Shown(series)).fit()).tolist() == [False, True, False]


def test_the_deviation_grows_with_the_spread_and_with_what_hangs_on_it():
    half = {6: 1.5, 12: 1.5}

    assert deviation(shown("happiness", half, spread=0.0)) == 0
    assert deviation(shown("happiness", half, spread=0.2)) < deviation(shown("happiness", half, spread=0.6))
    assert deviation(shown("happiness", {6: 5.0, 12: 5.0})) == 0
    assert deviation(shown("happiness", half), 0.5) < deviation(shown("happiness", half))


def test_the_combination_leaves_weak_units_out():
    series = courses.series(1, {6: 3.0, 12: 4.0, 25: 2.0})

    assert Shown(series).combination(0) == "6C+12D+25B"
    assert Shown(series, frozenset({25})).combination(0) == "6C+12D"
