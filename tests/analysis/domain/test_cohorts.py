from dataclasses import asdict, replace

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Subject
from analysis.domain import cohorts
from analysis.domain.work import runs
from analysis.engine.findings.cohorts import Evidence, shipped
from analysis.models import CohortCalibration
from echodepth.tenancy import tenant
from tests.factories import SubjectFactory
from tests.support.cards import example_card


@pytest.fixture
def scoped(acme):
    with tenant(acme.organisation.pk):
        yield acme


def calibration(organisation, number=1, factor=1.2, **fields):
    known = shipped().cohorts["de-tr"].parameters
    parameters = [replace(one, factor=factor, spread=0.1, status="measured", people=25) for one in known]
    facts = {
        "organisation": organisation,
        "cohort": "de-tr",
        "number": number,
        "list_version": shipped().version,
        "model": example_card().label,
        "parameters": [asdict(one) for one in parameters],
        "evidence": {},
    }
    return CohortCalibration.objects.create(**facts | fields)


def test_without_a_calibration_the_shipped_numbers_hold(scoped):
    assert cohorts.chosen("de-tr", example_card()) == shipped().cohorts["de-tr"]


@pytest.mark.parametrize("key", ["", "xx-yy"])
def test_no_cohort_and_one_no_longer_listed_give_none(scoped, key):
    assert cohorts.chosen(key, example_card()) is None


def test_the_latest_calibration_holds(scoped):
    calibration(scoped.organisation, 1, 1.2)
    calibration(scoped.organisation, 2, 1.1)
    calibration(scoped.organisation, 3, 0.9, cohort="de-de")

    found = cohorts.chosen("de-tr", example_card())

    assert (found.version, found.factor(12), found.status) == ("1.2", 1.1, Evidence.MEASURED)
    assert cohorts.chosen("de-de", example_card()).factor(12) == 0.9


def test_a_calibration_holds_for_its_organisation_model_and_list_alone(scoped, other):
    with tenant(other.organisation.pk):
        calibration(other.organisation)
    calibration(scoped.organisation, 1, model="another 1")
    calibration(scoped.organisation, 2, list_version="0")

    assert cohorts.chosen("de-tr", example_card()).status is Evidence.NONE


def test_a_run_keeps_the_cohort_as_it_was_declared_then(scoped):
    subject = SubjectFactory(project=scoped.project, cohort="de-tr", cohort_declared_by="subject")
    recording = scoped.recording(subject=subject)

    run = runs.request(recording, None, {})
    cohorts.declare(subject, "", "", scoped.user)
    run.refresh_from_db()

    assert run.cohort == "de-tr"
    assert runs.claim(run.pk).cohort == "de-tr"
    assert runs.request(scoped.recording(), None, {}).cohort == ""


@pytest.mark.parametrize("fields", [{"cohort": "de-tr"}, {"cohort_declared_by": "subject"}])
def test_the_database_holds_declarant_and_cohort_together(scoped, fields):
    subject = SubjectFactory(project=scoped.project)

    with pytest.raises(IntegrityError), transaction.atomic():
        Subject.objects.filter(pk=subject.pk).update(**fields)
