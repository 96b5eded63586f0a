from datetime import UTC, date, datetime

import pytest
from django.core import mail

from accounts.audit_actions import AuditAction
from accounts.enums import ErasureReason, PlatformRole
from accounts.models import AuditParty, AuditRecord, Erasure
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from reports.domain.samples import actions, stages
from reports.enums import SampleState
from reports.models import SampleRequest
from tests.factories import UserFactory
from tests.support.sample_work import received
from tests.support.tenants import every, fresh, save


@pytest.fixture
def sample(db):
    made = received(name="Grace Example", email="grace@prospect.example")
    with tenant(made.organisation_id):
        yield SampleRequest.objects.get(pk=made.pk)


@pytest.fixture
def no_mail(monkeypatch):
    """The mail server takes nothing."""

    def refuse(*_args, **_more):
        raise OSError("no mail")

    monkeypatch.setattr("reports.domain.samples.mails.send_mail", refuse)


def recorded():
    lines = sorted(every(AuditRecord), key=lambda line: line.number)
    return [(line.action, line.facts) for line in lines if line.action.startswith("sample")]


def refused(code, act, *args):
    with pytest.raises(UserError) as refusal:
        act(*args)
    assert refusal.value.code == code


def test_it_is_given_to_somebody_at_the_desk_and_to_nobody_else(sample):
    colleague = UserFactory(platform_role=PlatformRole.SALES)
    actions.assign(sample, colleague)
    assert fresh(sample).owner_id == colleague.pk

    for other in (
        UserFactory(),
        UserFactory(platform_role=PlatformRole.SUPPORT),
        UserFactory(platform_role=PlatformRole.ADMIN, is_active=False),
    ):
        refused("not_at_desk", actions.assign, sample, other)
    assert fresh(sample).owner_id == colleague.pk

    actions.assign(sample, None)
    assert fresh(sample).owner_id is None
    assert [facts["owned"] for _action, facts in recorded()] == [True, False]


def test_tags_are_words_in_lower_case_each_once(sample):
    actions.tag(sample, [" Big  Fish", "berlin", "BERLIN", ""])
    assert fresh(sample).tags == ["berlin", "big fish"]

    refused("tags_invalid", actions.tag, sample, ["x" * 31])
    refused("tags_invalid", actions.tag, sample, [str(number) for number in range(11)])
    assert fresh(sample).tags == ["berlin", "big fish"]


def test_a_question_stops_the_clock_and_its_answer_puts_off_the_due_date(sample, monkeypatch):
    save(sample, received_at=datetime(2026, 11, 18, 12, tzinfo=UTC), due_on=date(2026, 11, 25))
    before = sample.token_hash
    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 11, 19, 12, tzinfo=UTC))
    actions.ask(sample, "Who is the person on the left?\r\n")

    asked = fresh(sample)
    assert (asked.state, asked.question) == (SampleState.ASKED, "Who is the person on the left?")
    assert asked.token_hash != before
    (letter,) = mail.outbox
    assert letter.to == ["grace@prospect.example"]
    assert "Who is the person on the left?" in letter.body
    assert "If there is no answer within 30 days, everything is erased." in letter.body
    assert "/sample/" in letter.body

    monkeypatch.setattr("django.utils.timezone.now", lambda: datetime(2026, 11, 24, 12, tzinfo=UTC))
    actions.answer(asked, "The seller.")

    answered = fresh(sample)
    assert (answered.state, answered.answer, answered.paused_at) == (
        SampleState.RECEIVED,
        "The seller.",
        None,
    )
    assert answered.due_on == date(2026, 11, 30)
    assert answered.pauses == [["2026-11-19T12:00:00+00:00", "2026-11-24T12:00:00+00:00"]]
    refused("sample_state_differs", actions.answer, answered, "Once more.")


def test_only_a_received_one_is_asked_about(sample):
    save(sample, state=SampleState.OPEN)

    refused("sample_state_differs", actions.ask, sample, "Why?")
    assert mail.outbox == []


def test_declining_says_why_and_when_all_is_erased(sample):
    actions.decline(sample, "The person is a child.")

    declined = fresh(sample)
    assert (declined.state, declined.reason) == (SampleState.DECLINED, "The person is a child.")
    assert (declined.erase_on - stages.today(declined.organisation)).days == 30
    assert declined.ended_at
    assert "The person is a child." in mail.outbox[0].body
    assert recorded() == [(AuditAction.SAMPLE_ENDED, {"state": "declined"})]
    refused("sample_state_differs", actions.decline, declined, "Again.")


def test_nobody_is_written_to_whose_address_is_not_proven(sample):
    save(sample, state=SampleState.UNCONFIRMED)

    refused("sample_state_differs", actions.decline, sample, "The person is a child.")
    assert mail.outbox == []
    assert fresh(sample).reason == ""


def test_what_cannot_be_mailed_was_not_done(sample, no_mail):
    before = fresh(sample)
    for act in (actions.ask, actions.decline):
        with pytest.raises(OSError, match="no mail"):
            act(SampleRequest.objects.get(pk=sample.pk), "Words.")

    after = fresh(sample)
    assert (after.state, after.question, after.reason) == (SampleState.RECEIVED, "", "")
    assert after.token_hash == before.token_hash
    assert recorded() == []


def test_a_reason_is_needed_and_no_book(sample):
    refused("text_missing", actions.decline, sample, " \n")
    refused("text_too_long", actions.decline, sample, "x" * 5001)
    refused("text_too_long", actions.decline, sample, "x\r\n" * 2500 + "xx")
    assert fresh(sample).state == SampleState.RECEIVED


def test_the_end_of_a_line_counts_once(sample):
    actions.note(sample, "x\r\n" * 2499 + "xx")
    assert fresh(sample).note == "x\n" * 2499 + "xx"


def test_the_covering_note_is_written_until_the_report_is_delivered(sample):
    actions.note(sample, "With our compliments.")
    assert fresh(sample).note == "With our compliments."

    save(sample, state=SampleState.DELIVERED)
    refused("sample_state_differs", actions.note, sample, "Other words.")
    assert fresh(sample).note == "With our compliments."


@pytest.mark.parametrize("state", sorted(set(SampleState) - {SampleState.WITHDRAWN, SampleState.CONVERTED}))
def test_withdrawing_erases_all_of_it_at_once(sample, state):
    save(sample, state=state)
    actions.withdraw(sample)

    withdrawn = fresh(sample)
    (erasure,) = every(Erasure)
    assert withdrawn.state == SampleState.WITHDRAWN
    assert withdrawn.erasure == erasure.pk
    assert (erasure.kind, erasure.object_id) == ("project", sample.project_id)
    assert erasure.reason == ErasureReason.REQUEST

    actions.withdraw(withdrawn)
    assert len(every(Erasure)) == 1
    refused("sample_state_differs", actions.tag, withdrawn, ["late"])


def test_of_a_customers_the_desks_copy_goes_and_it_stays_a_customers(sample):
    save(sample, state=SampleState.CONVERTED)
    actions.withdraw(sample)

    assert fresh(sample).state == SampleState.CONVERTED
    (erasure,) = every(Erasure)
    assert (fresh(sample).erasure, erasure.reason) == (erasure.pk, ErasureReason.REQUEST)


def test_the_trail_knows_the_request_by_its_reference_alone(sample):
    actions.note(sample, "For Grace.")
    actions.decline(sample, "Sorry, Grace.")

    assert [party.name for party in every(AuditParty)] == [sample.reference]
    assert "Grace" not in str(list(AuditRecord.objects.values()))
