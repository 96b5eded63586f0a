"""From consented recordings to a new version; what the numbers are worth is tested with the fit."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from analysis.domain import calibration, cohorts
from analysis.engine.findings.cohorts import GROUPS
from analysis.engine.findings.expressivity import LEAST_PEOPLE, TooFewPeopleError
from analysis.engine.result import to_json
from analysis.enums import RunState
from echodepth.tenancy import tenant
from tests.factories import ConsentFactory, SubjectFactory
from tests.support.cards import example_card
from tests.support.results import example_result
from tests.support.tenants import save

MODEL = example_card().label


@pytest.fixture
def scoped(acme):
    with tenant(acme.organisation.pk):
        yield acme


def result(level, model=MODEL):
    """A minute of somebody who shows everything at this mean intensity."""
    found = example_result(60)
    track = found.tracks[0]
    means = [replace(one, mean=one.mean and replace(one.mean, value=level)) for one in track.summaries]
    quality = replace(track.quality, scored_seconds=60.0)
    return replace(
        found,
        configuration=found.configuration | {"action_unit_model": model},
        tracks=(replace(track, summaries=tuple(means), quality=quality),),
    )


def analysed(acme, subject, level, **fields):
    run = acme.run(acme.recording(subject=subject), state=RunState.DONE)
    run.result_key = default_storage.save(
        f"results/{run.pk}.json", ContentFile(to_json(result(level, **fields)).encode())
    )
    run.save()
    return run


def person(acme, cohort, level, consent=True, **fields):
    subject = SubjectFactory(
        project=acme.project,
        cohort=cohort,
        cohort_declared_by="subject" if cohort else "",
        calibration_consent_on=date(2026, 5, 4) if consent else None,
    )
    analysed(acme, subject, level, **fields)
    return subject


def crowd(acme, cohort, mean, number=LEAST_PEOPLE, **fields):
    """People whose levels lie around the mean, as far from each other as those of any other crowd."""
    for step in np.linspace(-0.3, 0.3, number):
        person(acme, cohort, mean * float(np.exp(step)), **fields)


def test_a_cohort_that_shows_less_gets_a_factor_over_one(scoped):
    crowd(scoped, "in-hi", 0.4)
    crowd(scoped, "in-ta", 0.6)

    found = calibration.fitted("in-hi", example_card())

    assert all(1.05 < one.factor < np.sqrt(1.5) for one in found.parameters)
    assert found.evidence == {
        "people": LEAST_PEOPLE,
        "cohorts": 2,
        "others": LEAST_PEOPLE,
        "recordings": LEAST_PEOPLE,
        "seconds": 60 * LEAST_PEOPLE,
        "raw": pytest.approx([np.log(0.4 / 0.6) / 2] * len(GROUPS), abs=0.01),
    }


def test_two_cohorts_meet_in_the_middle(scoped):
    """Calibrated to one reference: neither is turned into the other."""
    crowd(scoped, "in-hi", 0.4)
    crowd(scoped, "in-ta", 0.6)

    less, more = (calibration.fitted(key, example_card()).parameters for key in ("in-hi", "in-ta"))

    for one, other in zip(less, more, strict=True):
        assert 0.4 * one.factor == pytest.approx(0.6 * other.factor, rel=0.1)
        assert 0.4 * one.factor < 0.6 * other.factor


def test_only_consent_a_declaration_and_the_same_model_count(scoped):
    crowd(scoped, "in-hi", 0.4, LEAST_PEOPLE - 1)
    crowd(scoped, "in-ta", 0.6)
    person(scoped, "in-hi", 0.4, consent=False)
    person(scoped, "", 0.4)
    person(scoped, "in-hi", 0.4, model="another 1")
    SubjectFactory(project=scoped.project, cohort="in-hi", cohort_declared_by="analyst")

    with pytest.raises(TooFewPeopleError) as refused:
        calibration.fitted("in-hi", example_card())

    assert (refused.value.cohort, refused.value.others) == (LEAST_PEOPLE - 1, LEAST_PEOPLE)


def test_what_a_member_entered_does_not_stand_against_the_person(scoped):
    crowd(scoped, "in-hi", 0.4, LEAST_PEOPLE - 1)
    crowd(scoped, "in-ta", 0.6)
    until = timezone.localdate()
    answers = (
        {"state": "given", "until": until, "calibration": False},
        {"state": "given", "until": until - timedelta(days=2), "calibration": True},
        {"state": "withdrawn", "until": until, "calibration": True, "withdrawn_at": timezone.now()},
    )
    for answer in answers:
        ConsentFactory(subject=person(scoped, "in-hi", 0.4), given_at=timezone.now(), **answer)
    save(person(scoped, "in-hi", 0.4), objected_at=timezone.now())

    with pytest.raises(TooFewPeopleError) as refused:
        calibration.fitted("in-hi", example_card())

    assert refused.value.cohort == LEAST_PEOPLE - 1
    agreed = {"state": "given", "until": until, "calibration": True}
    ConsentFactory(subject=person(scoped, "in-hi", 0.4), given_at=timezone.now(), **agreed)
    assert calibration.fitted("in-hi", example_card()).evidence["people"] == LEAST_PEOPLE


def test_another_organisations_people_do_not_count(scoped, other):
    crowd(scoped, "in-hi", 0.4)
    with tenant(other.organisation.pk):
        crowd(other, "in-ta", 0.6)

    with pytest.raises(TooFewPeopleError) as refused:
        calibration.fitted("in-hi", example_card())

    assert refused.value.others == 0


def test_a_recording_counts_by_its_latest_result_and_a_person_once(scoped):
    crowd(scoped, "in-hi", 0.4, LEAST_PEOPLE - 1)
    crowd(scoped, "in-ta", 0.6)
    last = person(scoped, "in-hi", 4.0)
    again = analysed(scoped, last, 0.4)
    analysed(scoped, last, 0.4)
    first = last.recordings.exclude(pk=again.recording_id).order_by("created_at").first()
    newer = scoped.run(first, state=RunState.DONE)
    newer.result_key = again.result_key
    newer.save()

    found = calibration.fitted("in-hi", example_card())

    assert (found.evidence["people"], found.evidence["recordings"]) == (LEAST_PEOPLE, LEAST_PEOPLE + 2)
    assert found.evidence["raw"][0] < np.log(0.4 / 0.6) / 2 + 0.01


def test_versions_are_numbered_and_earlier_ones_stay(scoped):
    crowd(scoped, "in-hi", 0.4)
    crowd(scoped, "in-ta", 0.6)
    card = example_card()
    fitted = calibration.fitted("in-hi", card)

    first, second = (calibration.keep(scoped.organisation, "in-hi", card, fitted) for _ in range(2))

    assert (first.version, second.version) == ("1.1", "1.2")
    first.refresh_from_db()
    assert first.model == MODEL
    found = cohorts.chosen("in-hi", card)
    assert (found.version, found.parameters) == ("1.2", fitted.parameters)
