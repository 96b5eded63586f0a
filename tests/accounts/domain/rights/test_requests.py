"""Requests by right: due dates, who asked, and what the trail keeps of them."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from accounts.domain.rights import requests
from accounts.enums import RightsKind, RightsState
from accounts.models import AuditParty, AuditRecord, Subject
from echodepth.tenancy import tenant
from tests.factories import DeclarationFactory, ProjectFactory, SubjectFactory, UserFactory
from tests.support.tenants import every, fresh

pytestmark = pytest.mark.django_db


def subject_in(region: str, **fields: Any) -> Subject:
    project = ProjectFactory(declared=False)
    DeclarationFactory(project=project, region=region)
    made: Subject = SubjectFactory(project=project, **fields)
    return made


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 3, 15), date(2026, 4, 15)),
        (date(2026, 8, 31), date(2026, 9, 30)),
        (date(2026, 12, 31), date(2027, 1, 31)),
        (date(2027, 1, 31), date(2027, 2, 28)),
        (date(2028, 1, 31), date(2028, 2, 29)),
    ],
)
def test_the_same_day_of_the_next_month(received, due):
    assert requests.due_on(received, "eu") == due


def test_where_no_rule_is_known_our_own_holds_and_says_so():
    assert requests.deadline("us_other") is requests.OURS
    assert requests.OURS.url == ""
    assert all(rule.url.startswith("https://") for rule in requests.DEADLINES.values())


@pytest.mark.parametrize("region", ["eu", "uk", "us_illinois", "other"])
def test_the_due_date_runs_from_when_the_person_asked(region):
    subject = subject_in(region)
    asked = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
    with tenant(subject.organisation_id):
        made = requests.receive(
            subject, RightsKind.ACCESS, by_subject=False, entered_by=UserFactory(), received_at=asked
        )
    assert (made.due_on, made.received_at, made.state) == (date(2026, 12, 2), asked, RightsState.OPEN)


def test_a_project_without_a_declaration_has_a_due_date_too():
    subject = SubjectFactory(project=ProjectFactory(declared=False))
    with tenant(subject.organisation_id):
        assert requests.region_of(subject) == ""
        made = requests.receive(subject, RightsKind.ERASURE)
    assert made.due_on > made.received_at.date()


def test_the_trail_knows_the_request_and_neither_the_name_nor_the_words():
    subject = subject_in("eu", label="Quirina Zellweger")
    with tenant(subject.organisation_id):
        made = requests.receive(subject, RightsKind.CORRECTION, "My name is Quirina Zellweger-Ott")
        line = AuditRecord.objects.get(action="rights.requested")
    assert (line.target_kind, line.target) == ("rights_request", str(made.pk))
    assert line.facts == {"kind": "correction", "by_subject": True}
    assert line.actor is None
    assert "Quirina" not in str([party.name for party in every(AuditParty)])


def test_what_was_written_is_kept_as_far_as_it_is_read():
    subject = subject_in("eu")
    with tenant(subject.organisation_id):
        made = requests.receive(subject, RightsKind.ACCESS, "  " + "x" * 6000)
    assert fresh(made).words == "x" * requests.WORDS_LENGTH


def test_an_objection_holds_at_once_and_no_other_request_does():
    subject = subject_in("eu")
    with tenant(subject.organisation_id):
        requests.receive(subject, RightsKind.CORRECTION)
        assert fresh(subject).objected_at is None
        requests.receive(subject, RightsKind.OBJECTION)
    assert fresh(subject).objected_at is not None
