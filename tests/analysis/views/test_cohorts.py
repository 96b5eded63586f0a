from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.enums import Role
from accounts.models import Subject
from echodepth.tenancy import tenant
from tests.factories import SubjectFactory


@pytest.fixture
def subject(acme):
    return SubjectFactory(project=acme.project, label="P07")


def page(acme, subject):
    return acme.address(f"projects/{subject.project_id}/subjects/{subject.pk}/cohort/")


def now(acme, subject):
    with tenant(acme.organisation.pk):
        return Subject.objects.get(pk=subject.pk)


def declare(acme, subject, **fields):
    return acme.client().post(page(acme, subject), fields)


def test_nothing_is_declared_until_somebody_does(acme, subject):
    text = acme.client().get(page(acme, subject)).content.decode()

    assert '<option value="" selected>Not declared</option>' in text
    assert '<optgroup label="Switzerland">' in text
    assert text.count("<option") == 15 + 3


def test_a_declaration_says_who_and_when(acme, subject):
    before = timezone.now()
    answer = declare(acme, subject, cohort="ca-fr", declared_by="subject", consent_on="2026-05-04")

    kept = now(acme, subject)
    assert answer.status_code == 302
    assert (kept.cohort, kept.cohort_declared_by) == ("ca-fr", "subject")
    assert kept.cohort_entered_by_id == kept.calibration_consent_entered_by_id == acme.user.pk
    assert kept.cohort_entered_at >= before
    assert kept.calibration_consent_on.isoformat() == "2026-05-04"
    text = acme.client().get(page(acme, subject)).content.decode()
    assert "Cohort last entered on" in text
    assert 'value="2026-05-04"' in text


def test_saying_the_same_again_keeps_the_day(acme, subject):
    declare(acme, subject, cohort="ca-fr", declared_by="subject")
    first = now(acme, subject).cohort_entered_at
    declare(acme, subject, cohort="ca-fr", declared_by="subject")

    assert now(acme, subject).cohort_entered_at == first


def test_a_declaration_is_taken_back(acme, subject):
    declare(acme, subject, cohort="ca-fr", declared_by="subject", consent_on="2026-05-04")
    declare(acme, subject, cohort="", declared_by="subject", consent_on="")

    kept = now(acme, subject)
    assert (kept.cohort, kept.cohort_declared_by, kept.calibration_consent_on) == ("", "", None)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"cohort": "ca-fr"}, "Say who declared the cohort."),
        ({"cohort": "fr-ca", "declared_by": "subject"}, "Select a valid choice."),
        ({"consent_on": "yesterday"}, "Enter a valid date."),
        (
            {"consent_on": (timezone.now() + timedelta(days=2)).date().isoformat()},
            "This day is still to come.",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(acme, subject, fields, told):
    answer = declare(acme, subject, **fields)

    assert answer.status_code == 400
    assert told in answer.content.decode()
    assert now(acme, subject).cohort == ""


def test_viewers_may_not_declare(acme, subject):
    assert acme.client(Role.VIEWER).get(page(acme, subject)).status_code == 403


def test_the_list_of_subjects_leads_there(acme, subject):
    text = acme.client().get(acme.address(f"projects/{subject.project_id}/subjects/")).content.decode()

    assert page(acme, subject) in text
