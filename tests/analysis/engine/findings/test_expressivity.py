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
    compared,
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


def apart(rng, number, more, beside=None):
    """A cohort that shows so much more than the mean of it and one other, which shows as much less."""
    others = people(rng, beside or number, -np.asarray(more))
    return compared({"a": people(rng, number, np.asarray(more)), "b": others}, "a")


def test_what_many_people_show_more_is_taken_back():
    rng = np.random.default_rng(1)
    more = np.array([0.3, -0.2, 0.4, 0.0, 0.1])

    found = fit(apart(rng, 20_000, more), "1.1")

    assert logs(found) == pytest.approx(-more, abs=0.03)
    assert {one.status for one in found} == {Evidence.MEASURED}
    assert {(one.people, one.source) for one in found} == {(20_000, "1.1")}


@pytest.mark.parametrize("levels", [(0.4, 0.6), (0.4, 0.5, 0.9), (0.5, 0.5, 0.5, 0.8)])
def test_calibrated_cohorts_agree(levels):
    """Each is fitted on its own, and all of them together read alike: none is swapped with another."""
    rng = np.random.default_rng(2)
    groups = {str(key): people(rng, 200, np.log(level) + 1.0) for key, level in enumerate(levels)}

    means = np.stack([np.mean(one, axis=0) for one in groups.values()])
    factors = np.stack([logs(fit(compared(groups, key), "1.1")) for key in groups])

    reference = means.mean(axis=0)
    assert np.ptp(means, axis=0).min() > 0.25
    assert np.ptp(means + factors, axis=0).max() < 0.15 * np.ptp(means, axis=0).min()
    assert means + factors == pytest.approx(np.tile(reference, (len(levels), 1)), abs=0.04)


def test_cohorts_count_the_same_however_many_people_they_have():
    rng = np.random.default_rng(7)
    groups = {"a": people(rng, 5_000), "b": people(rng, 5_000, 0.6), "c": people(rng, 20_000, 0.6)}

    assert difference(compared(groups, "a")) == pytest.approx(np.full(COUNT, -0.4), abs=0.04)
    assert difference(compared(groups, "c")) == pytest.approx(np.full(COUNT, 0.2), abs=0.04)


def test_a_cohort_of_too_few_is_no_part_of_the_reference():
    rng = np.random.default_rng(8)
    groups = {"a": people(rng, 30), "b": people(rng, 30)}
    few = groups | {"c": people(rng, LEAST_PEOPLE - 1, 3.0)}

    assert fit(compared(few, "a"), "1.1") == fit(compared(groups, "a"), "1.1")


def test_few_people_are_shrunk_towards_no_change_and_leave_it_unsure():
    more, few, many = 0.2, [], []
    for seed in range(50):
        rng = np.random.default_rng(seed)
        few.append(fit(apart(rng, 20, more), "1.1"))
        many.append(fit(apart(rng, 400, more), "1.1"))

    shrunk, certain = np.mean([-logs(one) for one in few]), np.mean([-logs(one) for one in many])
    assert 0.05 < shrunk < 0.9 * more
    assert shrunk < certain < more
    assert all(one.spread < other.spread for one, other in zip(many[0], few[0], strict=True))
    assert max(one.spread for found in few for one in found) < PRIOR


def test_a_group_leans_on_the_others():
    """One group alone was seen to differ: the others follow a little, and it is held back."""
    rng = np.random.default_rng(3)
    alone = np.zeros(COUNT)
    alone[2] = 0.25

    found = np.mean([-logs(fit(apart(rng, 40, alone), "1.1")) for _ in range(60)], axis=0)

    assert 0.05 < found[2] < 0.25
    assert found[2] > np.delete(found, 2).max() + 0.05


@pytest.mark.parametrize("others", [(60,), (60, 20, 35)])
def test_intervals_hold_the_truth_as_often_as_they_say(others):
    rng = np.random.default_rng(4)
    prior = PRIOR_OVERALL**2 + PRIOR_GROUP**2 * np.eye(COUNT)
    inside = []
    for _ in range(400):
        more = rng.multivariate_normal(np.zeros(COUNT), prior, 1 + len(others))
        groups = {str(key): people(rng, n, more[key]) for key, n in enumerate((25, *others))}
        found = fit(compared(groups, "0"), "1.1")
        truth = more[0] - more.mean(axis=0)
        inside.append(np.abs(logs(found) + truth) < 1.96 * np.array([one.spread for one in found]))

    assert 0.92 < np.mean(inside) < 0.97


def test_too_few_are_refused():
    rng = np.random.default_rng(5)
    enough, few = people(rng, LEAST_PEOPLE), people(rng, LEAST_PEOPLE - 1)

    with pytest.raises(TooFewPeopleError) as refused:
        compared({"a": few, "b": enough, "c": few}, "a")
    assert (refused.value.cohort, refused.value.others) == (LEAST_PEOPLE - 1, LEAST_PEOPLE)
    for others in ({}, {"b": few}, {"b": few, "c": few}):
        with pytest.raises(TooFewPeopleError):
            compared({"a": enough} | others, "a")
    with pytest.raises(TooFewPeopleError):
        compared({"b": enough}, "a")
    assert len(fit(compared({"a": enough, "b": enough}, "a"), "1.1")) == COUNT


def test_a_group_nobody_could_be_measured_in_stays_without_evidence():
    rng = np.random.default_rng(6)
    cohorts = apart(rng, 30, 0.15)
    for one in cohorts:
        one[:, 3] = np.nan

    found, raw = fit(cohorts, "1.1"), difference(cohorts)

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
