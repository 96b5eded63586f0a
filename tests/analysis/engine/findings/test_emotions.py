import numpy as np
import pytest

from analysis.engine.findings.emotions import TIMING, describe_emotions, timing
from analysis.engine.findings.fits import Courses, Shown
from analysis.engine.findings.patterns import PATTERNS
from analysis.engine.types import AUSeries
from tests.support import courses

TIME = courses.times(10)
RATE = 30
BY_KEY = {pattern.key: pattern for pattern in PATTERNS}
ALL = frozenset(range(1, 47))
ANGER = dict.fromkeys((4, 5, 7, 23), 4.0)


def described(levels, sides=None, scorable=ALL, spread=0.4, weak=frozenset(), time=TIME):
    shape = courses.bump(time, 2, 5, 8, 1.0)
    both = {au: level * shape for au, level in levels.items()}
    left, right = ({au: pair[i] * shape for au, pair in (sides or {}).items()} for i in (0, 1))
    both |= {au: (left[au] + right[au]) / 2 for au in left}
    return describe_emotions(
        courses.series(len(time), both, left=left, right=right, scorable=scorable, spread=spread), time, weak
    )


def episodes(*args, **more):
    return described(*args, **more).episodes


def scores(*args, **more):
    return {one.state: one for one in described(*args, **more).scores}


@pytest.mark.parametrize("key", [pattern.key for pattern in PATTERNS if not pattern.one_sided])
def test_each_pattern_is_found_when_fully_shown(key):
    pattern = BY_KEY[key]
    found = episodes(dict.fromkeys((*(part.aus[0] for part in pattern.parts), *pattern.usual), 4.0))

    (episode,) = [one for one in found if one.state == key]
    assert episode.fit.value == pytest.approx(100)
    assert 2 < episode.start < episode.apex < episode.end < 8


def test_most_faces_fit_none():
    assert episodes({}) == ()
    assert episodes({1: 4.0, 2: 4.0}) == ()
    assert episodes({25: 5.0, 26: 5.0}) == ()
    assert episodes({12: 5.0}) == ()


def test_several_may_hold():
    fits = {one.state: one.fit.value for one in episodes(dict.fromkeys((1, 2, 4, 5, 7, 20, 26), 4.0))}

    assert fits["fear"] == pytest.approx(100)
    assert fits["surprise"] == pytest.approx(50, abs=3)


def test_the_combination_is_what_was_seen_whole():
    (episode,) = episodes({6: 3.0, 12: 4.0, 25: 2.0})

    assert (episode.state, episode.combination) == ("happiness", "6C+12D+25B")


@pytest.mark.parametrize(
    ("left", "right", "found"), [(3.0, 0.2, 1), (0.2, 3.0, 1), (3.0, 3.0, 0), (4.0, 3.0, 0)]
)
def test_contempt_is_one_sided(left, right, found):
    shown = described({}, sides={12: (left, right), 14: (left, right)})
    score = next(one for one in shown.scores if one.state == "contempt").score

    assert [one.state for one in shown.episodes].count("contempt") == found
    assert (score.value > 10) == bool(found)


def test_parts_that_rise_apart_fit_less_than_those_that_rise_together():
    def shown(later):
        mouth, cheeks = (courses.bump(TIME, start, start + 1, 9, 4.0) for start in (2, 2 + later))
        found = Courses.of(
            BY_KEY["happiness"], Shown(courses.series(len(TIME), {6: cheeks, 12: mouth}, scorable=ALL))
        )
        return timing(found, TIME, int(np.argmin(np.abs(TIME - 5))))

    assert shown(0.0) == pytest.approx(1)
    assert 1 - TIMING / 2 < shown(0.5) < 1
    assert shown(1.0) == pytest.approx(1 - TIMING / 2, abs=0.03)
    assert shown(2.0) < shown(1.0)


def test_what_was_there_for_long_does_not_rise():
    held = {4: np.full(len(TIME), 4.0), 15: courses.bump(TIME, 6, 7, 8, 4.0)}
    found = Courses.of(BY_KEY["sadly_angry"], Shown(courses.series(len(TIME), held, scorable=ALL)))

    assert timing(found, TIME, 210) == pytest.approx(1 - TIMING, abs=0.05)


def test_the_interval_holds_the_fit_and_widens_with_the_spread():
    def interval(spread):
        (episode,) = episodes({6: 2.2, 12: 2.4}, spread=spread)
        assert 0 <= episode.fit.low <= episode.fit.value <= episode.fit.high <= 100
        return episode.fit.high - episode.fit.low

    assert interval(0.2) < interval(0.8)


def test_a_part_that_cannot_be_scored_widens_the_interval():
    (whole,) = [one for one in episodes(ANGER) if one.state == "anger"]
    (partly,) = [one for one in episodes(ANGER, scorable=ALL - {7}) if one.state == "anger"]

    assert partly.fit.low < whole.fit.low
    assert partly.fit.high == 100
    whole, partly = scores(ANGER)["anger"].score, scores(ANGER, weak={7})["anger"].score
    assert partly.low < whole.low
    assert partly.high > whole.high


def test_a_pattern_hardly_any_of_which_can_be_scored_is_not_looked_for():
    shown = dict.fromkeys((1, 4, 15), 5.0)

    assert "sadness" not in {one.state for one in episodes(shown, scorable=frozenset({15}))}
    assert scores(shown, scorable=frozenset({15}))["sadness"].score is None


def test_a_weak_unit_counts_as_one_that_is_not_scored():
    def fits(found):
        return {one.state: one.fit for one in found}

    weak = frozenset({7, 24})
    assert fits(episodes(ANGER, weak=weak)) == fits(episodes(ANGER, scorable=ALL - weak))


def test_every_pattern_has_a_score_and_the_one_that_was_shown_the_highest():
    found = scores({6: 4.0, 12: 4.0})

    assert list(found) == [pattern.key for pattern in PATTERNS]
    assert max(found, key=lambda key: found[key].score.value) == "happiness"
    assert found["happiness"].seconds == pytest.approx(4, abs=1)
    assert found["sadness"].seconds == 0
    for one in found.values():
        assert 0 <= one.score.low <= one.score.value <= one.score.high <= 100


def test_a_score_is_the_mean_fit_whatever_the_frame_rate():
    levels = {1: 3.0, 2: 2.0, 5: 2.5, 26: 3.0}
    full = scores(levels)["surprise"].score.value
    assert full > 10

    for rate in (10, 15):
        assert scores(levels, time=courses.times(10, rate))["surprise"].score.value == pytest.approx(
            full, abs=0.3
        )


def test_a_score_weighs_rows_by_the_time_they_stand_for():
    """Half the recording at three times the pictures."""
    time = np.concatenate([courses.times(5, 10), courses.times(5, 30, start=5)])
    found = courses.series(len(time), {6: np.where(time < 5, 4.0, 0.0), 12: 4.0}, scorable=ALL)

    (score,) = [one.score for one in describe_emotions(found, time).scores if one.state == "happiness"]
    assert score.value == pytest.approx(50 + 17 / 2, abs=1)


def test_no_score_where_most_of_what_is_in_view_lacks_a_unit():
    found = courses.series(len(TIME), {6: 4.0, 12: 4.0}, scorable=ALL)
    row = 4
    found.intensity[row, : len(TIME) * 3 // 4] = np.nan

    (score,) = [one.score for one in describe_emotions(found, TIME).scores if one.state == "happiness"]
    assert score is None


def score_of_happiness(rows, scored):
    """A recording of so many rows, of which only some are scored."""
    time = courses.times(rows / RATE)
    found = courses.series(rows, {6: 1.5, 12: 1.5}, scorable=ALL)
    found.intensity[:, ~scored] = np.nan
    return next(one.score for one in describe_emotions(found, time).scores if one.state == "happiness")


def test_the_spread_of_a_score_is_read_where_it_is_scored():
    """In a long recording some rows carry the spread over; here every second one has nothing."""
    score = score_of_happiness(4002, np.arange(4002) % 2 == 1)

    assert 0 < score.low < score.value < score.high < 100


@pytest.mark.parametrize(("seconds", "told"), [(4.9, False), (5.1, True)])
def test_no_score_of_a_few_scored_seconds(seconds, told):
    score = score_of_happiness(4002, np.arange(4002) < seconds * RATE)

    assert (score is not None) == told


def test_four_scored_rows_in_a_long_recording_are_no_score():
    assert score_of_happiness(4002, np.isin(np.arange(4002), (1, 3, 5, 7))) is None


def test_a_flash_is_left_to_chance():
    found = courses.series(
        len(TIME), {6: courses.bump(TIME, 5, 5.1, 5.2, 5), 12: courses.bump(TIME, 5, 5.1, 5.2, 5)}
    )

    assert describe_emotions(found, TIME).episodes == ()


def test_no_rows_no_episodes_and_no_scores():
    found = describe_emotions(courses.series(0), TIME[:0])

    assert found.episodes == ()
    assert {one.score for one in found.scores} == {None}


def test_rows_without_anything_scored_have_no_scores():
    empty = courses.hide(courses.series(30), slice(None))
    assert isinstance(empty, AUSeries)

    assert {one.score for one in describe_emotions(empty, TIME[:30]).scores} == {None}
