import dataclasses

import pytest

from analysis.engine.finding_types import EmotionScore, Event, Movement, Smile
from analysis.engine.types import Interval
from reports.domain.displays import (
    SmileLine,
    event_code,
    movement_kinds,
    score_lines,
)
from tests.support.results import example_track

SMILE = Smile("both", 1.0, 1.5, 3.0, 3.6, 0.3, None, 2.6, duchenne=True, asymmetry=0.1)


def event(au, side, peak):
    return Event(au, side, 1.0, 2.0, 3.0, peak, 1.0, 1.0, 30, 60, 90)


@pytest.mark.parametrize(
    ("side", "peak", "code"),
    [("both", 1.5, "12B"), ("right", 3.49, "R12C"), ("left", 4.5, "L12E"), ("both", 0.49, "12")],
)
def test_an_events_code_carries_letter_and_side(side, peak, code):
    assert event_code(event(12, side, peak)) == code


@pytest.mark.parametrize(
    ("cheeks", "side", "code"),
    [(2.6, "both", "6C+12D"), (0.3, "both", "12D"), (None, "both", "12D"), (0.9, "right", "6A+R12D")],
)
def test_a_smile_is_told_by_its_combination(cheeks, side, code):
    line = SmileLine.of(dataclasses.replace(SMILE, cheeks=cheeks, side=side))

    assert line.code == code
    assert (line.rise, line.fall) == (0.3, None)


def test_scores_stand_highest_first_and_those_without_a_number_last():
    happiness, sadness, surprise = ("happiness", "sadness", "surprise")
    scores = (
        EmotionScore(happiness, None, 0.0),
        EmotionScore(sadness, Interval(3, 1, 6), 0.0),
        EmotionScore(surprise, Interval(44, 30, 50), 4.0),
        EmotionScore("of an earlier table", Interval(3, 2, 4), 0.0),
    )

    lines = score_lines(scores, ())

    assert [line.state for line in lines] == [surprise, sadness, "of an earlier table", happiness]
    assert [line.shown for line in lines] == [True, False, False, False]
    assert lines[0].combination.startswith("1+2+5B+26")
    assert lines[2].combination == ""


def test_a_pattern_that_had_an_episode_is_shown_however_low_its_mean():
    episodes = example_track(1200).emotions
    scores = (EmotionScore(episodes[0].state, Interval(2, 1, 3), 3.5),)

    (line,) = score_lines(scores, episodes)

    assert (line.shown, line.episodes) == (True, 2)


def test_movements_are_told_by_kind_and_none_is_told_too():
    movements = (
        Movement("gaze_aversion", 1.0, 2.0, 12.0),
        Movement("nod", 2.0, 2.5, 5.0),
        Movement("gaze_aversion", 4.0, 4.5, 20.0),
    )

    nods, shakes, away = movement_kinds(movements)

    assert (nods.kind, shakes.kind, away.kind) == ("nod", "shake", "gaze_aversion")
    assert (len(nods.lines), shakes.lines, shakes.largest) == (1, (), None)
    assert away.seconds == 1.5
    assert away.largest.start == 4.0
