from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from analysis.engine.action_units import AU_INDEX, AU_NUMBERS
from analysis.engine.finding_types import Movement
from analysis.engine.model_card import Grade
from analysis.training.evaluation.findings import event_scripts, events, truth
from analysis.training.evaluation.findings.recordings import Analysed, Recorded

GRADES = dict.fromkeys(AU_NUMBERS, Grade.A) | {12: Grade.B}


def recorded(number):
    order = event_scripts.order(number)
    time = order.script.times(order.fps)
    pose = np.array([(one.yaw, one.pitch, one.roll) for one in order.script.poses(time)], np.float32)
    gaze = np.array([(one.yaw, one.pitch) for one in order.script.eyes(time)], np.float32)
    return Recorded(order, Path("none.mp4"), time, order.script.truth(time), pose, gaze)


FILMS = [recorded(number) for number in range(3)]
TRUE = [truth.result(film) for film in FILMS]


def measured(film, late=0.0, blind=()):
    """The truth as a measurement that lags and misses some AUs."""
    rows = truth.rows(film)
    series = truth.series(film)
    for row in blind:
        series.intensity[row] = 0
        series.left[row] = series.right[row] = 0
    return Analysed(replace(rows, time=rows.time + late), series, frozenset()).result


@cache
def judged(**kwargs):
    return events.judged([(true, measured(film, **kwargs)) for true, film in zip(TRUE, FILMS, strict=True)])


def test_a_measurement_without_error_is_right_in_everything():
    found = judged()

    best = events.of_grade_a(found, GRADES)
    assert best.shown == best.found == best.hits > 25
    assert best.f1 == 1
    assert np.abs(best.onset).max() < 1e-6
    assert [bar["holds"] for bar in events.bars(found, GRADES)] == [True, True]
    assert {kind: (one.shown, one.f1) for kind, one in found.movements.items()} == {
        "nod": (1, 1),
        "shake": (1, 1),
        "gaze_aversion": (1, 1),
    }
    assert found.brief[0] == found.brief[1] == found.brief[2] > 0
    assert all(one == other for one, other in found.blinks)
    assert found.smiles


def test_a_late_measurement_is_late():
    found = events.of_grade_a(judged(late=0.1), GRADES)

    assert found.onset == pytest.approx(np.full(found.hits, 0.1))
    assert [bar["holds"] for bar in events.bars(judged(late=0.1), GRADES)] == [True, False]


def test_what_is_not_seen_is_missed_and_the_rest_is_right():
    found = judged(blind=tuple(AU_INDEX[au] for au in AU_NUMBERS if au < 20))

    assert found.events[1].f1 == found.events[2].f1 == 0
    assert found.events[45].f1 == 1
    assert [bar["holds"] for bar in events.bars(found, GRADES)] == [False, True]


def test_only_units_of_grade_a_are_held_to_the_bars():
    smiles = dict.fromkeys(AU_NUMBERS, Grade.B) | {12: Grade.A}
    found = judged(blind=(AU_INDEX[12],))

    assert events.of_grade_a(found, smiles).hits == 0
    assert [bar["holds"] for bar in events.bars(found, smiles)] == [False, False]
    assert all(bar["holds"] for bar in events.bars(found, GRADES))


def test_each_stretch_is_right_once_and_by_the_longest_overlap():
    shown = [Movement("nod", 0, 2, 5), Movement("nod", 3, 5, 5)]
    found = [Movement("nod", 1.5, 4.8, 5), Movement("nod", 4.9, 6, 5), Movement("nod", 8, 9, 5)]

    assert events.overlapping(shown, found) == [(1, 0)]
    assert events.overlapping(shown, found[1:]) == [(1, 0)]
    assert events.overlapping(shown, []) == []


def test_the_chapter_names_every_unit_and_movement_once():
    text = events.body(judged(), GRADES)

    assert text.count("| AU12 | B |") == 1
    assert text.count("| AU45 | A |") == 1
    assert "| **All of A** |" in text
    blinks, others, whole = (
        int(next(line for line in text.splitlines() if line.startswith(f"| {name} |")).split("|")[3])
        for name in ("AU45", "**All of A but blinks**", "**All of A**")
    )
    assert blinks + others == whole
    assert all(f"| {called} |" in text for called in ("Nods", "Shakes of the head", "Gaze aversions"))
    assert "of them right" in text
    assert "smiles found" in text
