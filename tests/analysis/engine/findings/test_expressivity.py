"""Factors fitted from made-up people whose cohort's expressivity is known."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.engine.findings.cohorts import GROUPS, PRIOR, PRIOR_GROUP, PRIOR_OVERALL, Evidence
from analysis.engine.findings.expressivity import (
    LEAST_PEOPLE,
    LEAST_SECONDS,
    STILL,
    TooFewPeopleError,
    comparable,
    difference,
    expressivity,
    fit,
    of_person,
)
from tests.support.results import example_result

COUNT = len(GROUPS)
BETWEEN = 0.4 * (0.5 * np.eye(COUNT) + 0.5)
"""Covariance between people: who shows much of one thing shows much of another."""


def people(rng, number, more=0.0):
    return list(rng.multivariate_normal(np.full(COUNT, -1.0), BETWEEN, number) + more)


def logs(parameters):
    return np.log([one.factor for one in parameters])


def test_what_many_people_show_more_is_taken_back():
    rng = np.random.default_rng(1)
    more = np.array([0.3, -0.2, 0.4, 0.0, 0.1])

    found = fit(people(rng, 20_000, more), people(rng, 20_000), "1.1")

    assert logs(found) == pytest.approx(-more, abs=0.03)
    assert {one.status for one in found} == {Evidence.MEASURED}
    assert {(one.people, one.source) for one in found} == {(20_000, "1.1")}


def test_few_people_are_shrunk_towards_no_change_and_leave_it_unsure():
    more, few, many = 0.4, [], []
    for seed in range(50):
        rng = np.random.default_rng(seed)
        few.append(fit(people(rng, 20, more), people(rng, 20), "1.1"))
        many.append(fit(people(rng, 400, more), people(rng, 400), "1.1"))

    shrunk, certain = np.mean([-logs(one) for one in few]), np.mean([-logs(one) for one in many])
    assert 0.1 < shrunk < 0.8 * more
    assert shrunk < certain < more
    assert all(one.spread < other.spread for one, other in zip(many[0], few[0], strict=True))
    assert max(one.spread for found in few for one in found) < PRIOR


def test_a_group_leans_on_the_others():
    """One group alone was seen to differ: the others follow a little, and it is held back."""
    rng = np.random.default_rng(3)
    alone = np.zeros(COUNT)
    alone[2] = 0.5

    found = np.mean([-logs(fit(people(rng, 40, alone), people(rng, 40), "1.1")) for _ in range(60)], axis=0)

    assert 0.1 < found[2] < 0.5
    assert found[2] > np.delete(found, 2).max() + 0.1


def test_intervals_hold_the_truth_as_often_as_they_say():
    rng = np.random.default_rng(4)
    prior = PRIOR_OVERALL**2 + PRIOR_GROUP**2 * np.eye(COUNT)
    inside = []
    for _ in range(400):
        more = rng.multivariate_normal(np.zeros(COUNT), prior)
        found = fit(people(rng, 25, more), people(rng, 60), "1.1")
        inside.append(np.abs(logs(found) + more) < 1.96 * np.array([one.spread for one in found]))

    assert 0.92 < np.mean(inside) < 0.97


def test_too_few_are_refused():
    rng = np.random.default_rng(5)
    enough, few = people(rng, LEAST_PEOPLE), people(rng, LEAST_PEOPLE - 1)

    with pytest.raises(TooFewPeopleError) as refused:
        fit(few, enough, "1.1")
    assert (refused.value.cohort, refused.value.others) == (LEAST_PEOPLE - 1, LEAST_PEOPLE)
    with pytest.raises(TooFewPeopleError):
        fit(enough, few, "1.1")
    assert len(fit(enough, enough, "1.1")) == COUNT


def test_a_group_nobody_could_be_measured_in_stays_without_evidence():
    rng = np.random.default_rng(6)
    cohort, others = people(rng, 30, 0.3), people(rng, 30)
    for one in (*cohort, *others):
        one[3] = np.nan

    found, raw = fit(cohort, others, "1.1"), difference(cohort, others)

    assert np.isfinite(raw).tolist() == [True, True, True, False, True]
    assert (np.abs(logs(found)) < np.abs(np.nan_to_num(raw)) + 0.1).all()
    assert [one.status == Evidence.NONE for one in found] == [False, False, False, True, False]
    assert (found[3].factor, found[3].spread) == (1.0, PRIOR)
    assert all(np.isfinite(one.factor) for one in found)


def with_means(means, seconds=60.0):
    """The example result with these mean intensities, by Action Unit, and 0.5 for all others."""
    result = example_result(60)
    track = result.tracks[0]
    summaries = tuple(
        replace(one, mean=replace(one.mean, value=means.get(one.au, 0.5)) if one.mean else None)
        for one in track.summaries
    )
    quality = replace(track.quality, scored_seconds=seconds)
    return replace(result, tracks=(replace(track, quality=quality, summaries=summaries),))


def test_expressivity_is_the_logarithm_of_the_groups_mean():
    weak = {one.au for one in with_means({}).evidence.action_units if one.grade == "D"}
    smile = [au for au in GROUPS["smile"] if au not in weak]

    found = expressivity(with_means(dict.fromkeys(smile, 2.0)))

    row = list(GROUPS).index("smile")
    assert found[row] == pytest.approx(np.log(2.0))
    assert np.delete(found, row) == pytest.approx(np.log(0.5))


def test_a_still_face_has_an_end():
    still = expressivity(with_means(dict.fromkeys(range(1, 47), 0.0)))

    assert still == pytest.approx(np.log(STILL))


def test_short_recordings_tell_nothing():
    assert expressivity(with_means({}, seconds=LEAST_SECONDS - 1)) is None
    assert expressivity(replace(with_means({}), tracks=())) is None


def test_units_of_grade_d_are_left_out():
    result = with_means({1: 5.0})
    units = tuple(replace(one, grade="D" if one.au == 1 else "A") for one in result.evidence.action_units)
    graded = replace(result, evidence=replace(result.evidence, action_units=units))

    assert expressivity(graded)[0] == pytest.approx(np.log(0.5))


def test_a_persons_recordings_count_the_same():
    assert of_person([np.array([0.0, 1.0]), np.array([1.0, 3.0])]) == pytest.approx([0.5, 2.0])


def test_what_one_recording_hides_another_may_tell():
    found = of_person([np.array([np.nan, 1.0, np.nan]), np.array([1.0, 3.0, np.nan])])

    assert found == pytest.approx([1.0, 2.0, np.nan], nan_ok=True)


def test_who_was_not_measured_where_others_were_is_not_compared():
    whole, less = np.array([0.0, 1.0, np.nan]), np.array([0.0, np.nan, np.nan])

    assert comparable([whole, less, whole]) == [True, False, True]
    assert comparable([less, less]) == [True, True]
    assert comparable([]) == []
