import numpy as np
import pytest

from analysis.engine.action_units import AU_COUNT, AU_INDEX, AU_NUMBERS
from analysis.engine.types import AUState
from analysis.training.evaluation.fairness import groups
from analysis.training.evaluation.fairness.groups import Film, facts
from analysis.training.evaluation.fairness.twins import KINDS, in_group, person
from analysis.training.evaluation.findings.recordings import Analysed, Recorded
from tests.support import courses

SIGNALS = ("trust", "credibility", "resistance")


def film(number, twin, error=0.2, signals=None):
    """A film of 90 frames in which every unit is off by as much in every frame."""
    numbers = np.full(AU_COUNT, 90.0)
    found = dict.fromkeys(SIGNALS, 50.0) if signals is None else signals
    return Film(number, twin, 90, numbers, error * numbers, found)


def filmed(people=4, **changed):
    """Films of people who are alike in every group but `changed`: group -> keywords of `film`."""
    return [
        film(number, twin, **changed.get(twin.group, {}))
        for number in range(people)
        for twin in person(number)
    ]


def test_people_who_are_alike_are_found_alike():
    found = facts(filmed(), frozenset())

    assert (found["people"], found["films"], found["frames"]) == (4, 92, 92 * 90)
    assert found["error"] == pytest.approx(0.2)
    assert {kind: tuple(one["groups"]) for kind, one in found["kinds"].items()} == KINDS
    for kind in found["kinds"].values():
        assert kind["apart"] == dict.fromkeys(SIGNALS, 0.0)
        for group in kind["groups"].values():
            assert (group["ratio"], group["ratio_low"], group["ratio_high"]) == (1, 1, 1)
            assert group["scored_share"] == 1
            assert group["frames"] == 360


def test_a_group_that_is_measured_worse_stands_out():
    found = facts(filmed(monk_10={"error": 0.4}), frozenset())

    skin = found["kinds"]["skin"]["groups"]
    assert skin["monk_10"]["error"] == pytest.approx(0.4)
    assert skin["monk_10"]["ratio"] == pytest.approx(0.4 / (0.2 * 24 / 23), abs=1e-3)
    assert skin["monk_2"]["ratio"] < 1
    # In every person alike, so that the interval is narrow.
    assert skin["monk_10"]["ratio_high"] - skin["monk_10"]["ratio_low"] < 1e-3


def test_one_person_alone_makes_the_ratio_uncertain():
    films = filmed()
    films = [
        film(one.number, one.twin, 1.0) if (one.number, one.twin.group) == (0, "dim") else one
        for one in films
    ]

    dim = facts(films, frozenset())["kinds"]["light"]["groups"]["dim"]

    assert dim["ratio_low"] <= 1.01 < dim["ratio"] < dim["ratio_high"]


def test_weak_units_do_not_count():
    films = filmed(people=1)
    for one in films:
        one.errors[AU_INDEX[12]] = 900.0

    found = facts(films, frozenset({12}))

    assert found["error"] == pytest.approx(0.2)
    assert found["action_units"] == AU_COUNT - 1
    assert "12" not in found["kinds"]["skin"]["groups"]["monk_2"]["errors"]
    assert facts(films, frozenset())["error"] > 0.4


def test_signals_are_compared_over_people_who_have_them_in_every_group():
    films = filmed(
        dim={"signals": {"trust": 46.0, "credibility": 50.0, "resistance": 50.0}},
    )
    # One person's dim film is not enough to score: that person is left out of the light's groups.
    films = [
        film(one.number, one.twin, signals={}) if (one.number, one.twin.group) == (1, "dim") else one
        for one in films
    ]
    films = [
        film(one.number, one.twin, signals=dict.fromkeys(SIGNALS, 80.0))
        if one.number == 1 and in_group("light", "bright", one.twin)
        else one
        for one in films
    ]

    light = facts(films, frozenset())["kinds"]["light"]

    assert light["apart"] == {"trust": 4.0, "credibility": 0.0, "resistance": 0.0}
    assert light["groups"]["dim"]["signals"]["trust"] == 46
    assert light["groups"]["bright"]["signals"]["trust"] == 50


def test_a_film_is_held_against_what_was_posed(tmp_path):
    twin = person(0)[0]
    time = courses.times(9.0, rate=10)
    shown = np.zeros((len(time), AU_COUNT, 2), np.float32)
    shown[:, AU_INDEX[12]] = (3.0, 1.0)
    shown[:, AU_INDEX[4]] = 2.0
    recorded = Recorded(twin, tmp_path / "film.mp4", time, shown, np.zeros((90, 3)), np.zeros((90, 2)))
    series = courses.series(90, {12: 1.5, 1: 0.5}, scorable=frozenset(AU_NUMBERS))
    series.state[AU_INDEX[1], :40] = AUState.NOT_VISIBLE
    series.intensity[AU_INDEX[1], :40] = np.nan
    series.state[AU_INDEX[4]] = AUState.NOT_SCORABLE
    series.intensity[AU_INDEX[4]] = np.nan

    found = groups.film(7, twin, recorded, Analysed(courses.rows(time), series, frozenset()))

    assert (found.number, found.frames) == (7, 90)
    assert found.errors[AU_INDEX[12]] == pytest.approx(90 * 0.5)
    # A unit without a number counts as not shown.
    assert (found.numbers[AU_INDEX[12]], found.numbers[AU_INDEX[1]]) == (90, 50)
    assert found.errors[AU_INDEX[1]] == pytest.approx(50 * 0.5)
    assert found.errors[AU_INDEX[4]] == pytest.approx(90 * 2.0)
    assert set(found.signals) == set(SIGNALS)


def test_a_face_that_is_never_found_has_no_signal(tmp_path):
    twin = person(0)[0]
    time = courses.times(9.0, rate=10)
    recorded = Recorded(
        twin, tmp_path / "film.mp4", time, np.zeros((90, AU_COUNT, 2)), np.zeros((90, 3)), np.zeros((90, 2))
    )

    found = groups.film(0, twin, recorded, Analysed(courses.rows(time[:0]), courses.series(0), frozenset()))

    assert (found.frames, found.signals) == (90, {})
    assert not found.numbers.any()
