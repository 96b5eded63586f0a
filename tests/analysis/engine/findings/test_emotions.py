import numpy as np
import pytest

from analysis.engine.findings.emotions import find_episodes
from analysis.engine.findings.patterns import PATTERNS
from tests.support import courses

TIME = courses.times(10)
BY_KEY = {pattern.key: pattern for pattern in PATTERNS}
ALL = frozenset(range(1, 47))


def episodes(levels, sides=None, scorable=ALL, spread=0.4, weak=frozenset()):
    shape = courses.bump(TIME, 2, 5, 8, 1.0)
    both = {au: level * shape for au, level in levels.items()}
    left, right = ({au: pair[i] * shape for au, pair in (sides or {}).items()} for i in (0, 1))
    both |= {au: (left[au] + right[au]) / 2 for au in left}
    return find_episodes(
        courses.series(len(TIME), both, left=left, right=right, scorable=scorable, spread=spread), TIME, weak
    )


@pytest.mark.parametrize("key", [pattern.key for pattern in PATTERNS if not pattern.one_sided])
def test_each_prototype_is_found_when_fully_shown(key):
    found = episodes({part.aus[0]: 4.0 for part in BY_KEY[key].parts})

    (episode,) = [one for one in found if one.state == key]
    assert episode.fit.value == pytest.approx(100)
    assert 2 < episode.start < episode.apex < episode.end < 8


def test_most_faces_fit_none():
    assert episodes({}) == ()
    assert episodes({1: 4.0, 2: 4.0}) == ()
    assert episodes({25: 5.0, 26: 5.0}) == ()


def test_several_may_hold():
    states = {one.state for one in episodes(dict.fromkeys((1, 2, 4, 5, 7, 20, 26), 4.0))}

    assert states == {"fear", "surprise"}


def test_the_combination_is_what_was_seen_whole():
    (episode,) = episodes({6: 3.0, 12: 4.0, 25: 2.0})

    assert episode.combination == "6C+12D+25B"


@pytest.mark.parametrize(
    ("left", "right", "found"), [(3.0, 0.2, 1), (0.2, 3.0, 1), (3.0, 3.0, 0), (4.0, 3.0, 0)]
)
def test_contempt_is_one_sided(left, right, found):
    states = [one.state for one in episodes({}, sides={12: (left, right), 14: (left, right)})]

    assert states.count("contempt") == found


def test_the_fit_grows_with_every_part_and_stays_in_bounds():
    def fit(cheek, mouth):
        found = [one.fit for one in episodes({6: cheek, 12: mouth}) if one.state == "happiness"]
        return found[0].value if found else 0.0

    levels = np.linspace(0, 5, 11)
    grid = np.array([[fit(cheek, mouth) for mouth in levels] for cheek in levels])
    assert grid.min() == 0
    assert grid.max() == 100
    assert (np.diff(grid, axis=0) >= 0).all()
    assert (np.diff(grid, axis=1) >= 0).all()


def test_the_interval_holds_the_fit_and_widens_with_the_spread():
    def interval(spread):
        (episode,) = episodes({6: 2.2, 12: 2.4}, spread=spread)
        assert 0 <= episode.fit.low <= episode.fit.value <= episode.fit.high <= 100
        return episode.fit.high - episode.fit.low

    assert interval(0.2) < interval(0.8)


def test_a_part_that_cannot_be_scored_widens_the_interval():
    shown = dict.fromkeys((4, 5, 7, 23), 4.0)
    (whole,) = [one for one in episodes(shown) if one.state == "anger"]
    (partly,) = [one for one in episodes(shown, scorable=ALL - {23}) if one.state == "anger"]

    assert partly.fit.low < whole.fit.low
    assert partly.fit.high == 100


def test_a_pattern_hardly_any_of_which_can_be_scored_is_not_looked_for():
    assert episodes(dict.fromkeys((9, 15, 16), 5.0), scorable=frozenset({9})) == ()


def test_a_weak_unit_counts_as_one_that_is_not_scored():
    shown = dict.fromkeys((4, 5, 7, 23), 4.0)

    def fits(found):
        return {one.state: one.fit for one in found}

    assert fits(episodes(shown, weak=frozenset({23}))) == fits(episodes(shown, scorable=ALL - {23}))
    assert episodes(dict.fromkeys((9, 15, 16), 5.0), weak=frozenset({15, 16})) == ()
    (instead,) = episodes({10: 4.0, 15: 4.0, 16: 4.0}, weak=frozenset({9}))
    assert (instead.state, instead.fit.value) == ("disgust", pytest.approx(100))


def test_the_combination_leaves_weak_units_out():
    (episode,) = episodes({6: 3.0, 12: 4.0, 25: 2.0}, weak=frozenset({25}))

    assert episode.combination == "6C+12D"


def test_a_flash_is_left_to_chance():
    found = courses.series(
        len(TIME), {6: courses.bump(TIME, 5, 5.1, 5.2, 5), 12: courses.bump(TIME, 5, 5.1, 5.2, 5)}
    )

    assert find_episodes(found, TIME) == ()


def test_no_rows_no_episodes():
    assert find_episodes(courses.series(0), TIME[:0]) == ()
