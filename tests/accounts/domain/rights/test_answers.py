"""How a request ends: done, declined, later, or with the person's erasure."""

from datetime import UTC, date, datetime

import pytest

from accounts.announcements import standing_changed
from accounts.domain.erasure import erasures
from accounts.domain.rights import answers, requests
from accounts.enums import ErasureReason, ErasureState, RightsKind, RightsState
from accounts.models import AuditRecord, Erasure, Subject
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from tests.factories import DeclarationFactory, LegalHoldFactory, ProjectFactory, SubjectFactory, UserFactory
from tests.support.tenants import every, fresh, save

pytestmark = pytest.mark.django_db
ASKED = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def subject():
    project = ProjectFactory(declared=False)
    DeclarationFactory(project=project, region="eu")
    return SubjectFactory(project=project, label="Quirina")


@pytest.fixture
def member():
    return UserFactory()


@pytest.fixture(autouse=True)
def scope(subject):
    with tenant(subject.organisation_id):
        yield


def asked(subject, kind, **more):
    return requests.receive(subject, kind, "Please", received_at=ASKED, **more)


def refused(code, answer, *args):
    with pytest.raises(UserError) as refusal:
        answer(*args)
    assert refusal.value.code == code


def test_done_with_the_words_and_who_said_them(subject, member):
    request = asked(subject, RightsKind.CORRECTION)
    answers.settle(request, member, " Your label was corrected. ")
    kept = fresh(request)
    assert (kept.state, kept.answer, kept.handled_by) == ("done", "Your label was corrected.", member)
    assert kept.closed_at is not None
    assert AuditRecord.objects.get(action="rights.answered").facts == {
        "outcome": "done",
        "kind": "correction",
    }


def test_a_closed_request_is_answered_no_second_time(subject, member):
    request = asked(subject, RightsKind.CORRECTION)
    answers.settle(request, member, "")
    for answer in (answers.settle, answers.decline, answers.prolong):
        refused("closed_already", answer, request, member, "Because")
    refused("closed_already", answers.erase, request, member)
    assert fresh(request).answer == ""


def test_a_copy_is_not_done_before_there_is_one(subject, member):
    request = asked(subject, RightsKind.ACCESS)
    refused("copy_missing", answers.settle, request, member, "")
    save(request, export_key="there")
    answers.settle(request, member, "")
    assert fresh(request).state == RightsState.DONE


def test_erasure_is_not_done_by_saying_so(subject, member):
    request = asked(subject, RightsKind.ERASURE)
    refused("not_erased", answers.settle, request, member, "It is gone")
    assert fresh(request).state == RightsState.OPEN


def test_declined_only_with_a_reason(subject, member):
    request = asked(subject, RightsKind.ERASURE)
    refused("reason_missing", answers.decline, request, member, "  ")
    answers.decline(request, member, "We must keep it until March.")
    assert fresh(request).state == RightsState.DECLINED


def test_an_objection_that_is_upheld_stays_and_one_that_is_declined_is_lifted(subject, member):
    heard = []

    def hear(project_id, subject_id, **_more):
        heard.append((project_id, subject_id))

    standing_changed.connect(hear)
    answers.settle(asked(subject, RightsKind.OBJECTION), member, "")
    assert fresh(subject).objected_at is not None
    assert heard == []
    other = SubjectFactory(project=subject.project)
    answers.decline(asked(other, RightsKind.OBJECTION), member, "It was not you who objected.")
    standing_changed.disconnect(hear)
    assert fresh(other).objected_at is None
    assert heard == [(other.project_id, other.pk)]


def at(monkeypatch, day):
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 12, day, 9, 0, tzinfo=UTC))


def test_more_time_once_and_with_a_reason(subject, member, monkeypatch):
    at(monkeypatch, 2)
    request = asked(subject, RightsKind.ACCESS)
    refused("reason_missing", answers.prolong, request, member, "")
    assert request.due_on == date(2026, 12, 2)
    answers.prolong(request, member, "There are forty recordings.")
    kept = fresh(request)
    assert (kept.due_on, kept.prolonged_for) == (date(2027, 2, 2), "There are forty recordings.")
    refused("no_more_time", answers.prolong, kept, member, "Still more")


def test_where_no_rule_gives_more_time_there_is_none(member):
    elsewhere = SubjectFactory()
    with tenant(elsewhere.organisation_id):
        request = asked(elsewhere, RightsKind.ACCESS)
        refused("no_more_time", answers.prolong, request, member, "There are forty recordings.")


def test_erasure_closes_the_request_when_all_is_gone(subject, member):
    request, other = asked(subject, RightsKind.ERASURE), asked(subject, RightsKind.ACCESS)
    erasure = answers.erase(request, member)
    assert (erasure.reason, erasure.kind, erasure.object_id) == (ErasureReason.REQUEST, "subject", subject.pk)
    assert fresh(request).state == RightsState.OPEN
    assert answers.erasure_of(request) == erasure
    assert erasures.work(erasure.pk)
    gone, closed = fresh(request), fresh(other)
    assert (gone.state, gone.words, gone.subject) == (RightsState.DONE, "", None)
    assert (closed.state, closed.words) == (RightsState.DECLINED, "")
    assert [row.label for row in every(Subject)] == []
    refused("person_gone", answers.erase, save(gone, state=RightsState.OPEN), member)


def test_a_legal_hold_keeps_the_erasure_waiting(subject, member):
    LegalHoldFactory(organisation=subject.organisation, kind="subject", object_id=subject.pk)
    request = asked(subject, RightsKind.ERASURE)
    erasure = answers.erase(request, member)
    assert erasure.state == ErasureState.HELD
    assert not erasures.work(erasure.pk)
    assert (fresh(request).state, fresh(request).words) == (RightsState.OPEN, "Please")


def test_the_time_is_not_made_longer_once_it_is_over(subject, member, monkeypatch):
    request = asked(subject, RightsKind.ACCESS)
    at(monkeypatch, 3)
    refused("no_more_time", answers.prolong, request, member, "There are forty recordings.")


def test_an_objection_that_was_upheld_outlasts_another_that_is_declined(subject, member):
    upheld, second = asked(subject, RightsKind.OBJECTION), asked(subject, RightsKind.OBJECTION)
    answers.settle(upheld, member, "Nothing is analysed any more.")
    answers.decline(second, member, "It was asked twice.")
    assert fresh(subject).objected_at


def test_nobody_is_erased_who_asked_for_something_else(subject, member):
    refused("not_asked_for", answers.erase, asked(subject, RightsKind.ACCESS), member)
    assert not Erasure.objects.exists()
