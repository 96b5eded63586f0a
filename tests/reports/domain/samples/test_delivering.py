from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from accounts.audit_actions import AuditAction
from accounts.models import AuditRecord
from analysis.enums import RunState
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from reports.domain.samples import actions, stages
from reports.enums import ReportState, SampleState
from reports.models import SampleRequest
from tests.factories import DocumentFactory, ReportFactory
from tests.support.sample_work import analysed, received, signed
from tests.support.tenants import every, fresh, save


@pytest.fixture
def sample(db):
    made = received(email="grace@prospect.example")
    with tenant(made.organisation_id):
        yield SampleRequest.objects.get(pk=made.pk)


def refused(sample, code):
    with pytest.raises(UserError) as refusal:
        actions.deliver(sample)
    assert refusal.value.code == code
    assert mail.outbox == []
    assert fresh(sample).report_until is None


def test_a_signed_report_is_delivered_by_a_link_that_ends(sample):
    signed(sample)
    before = sample.token_hash
    actions.deliver(sample)

    done = fresh(sample)
    assert done.state == SampleState.DELIVERED
    assert done.token_hash != before
    assert timedelta(days=13) < done.report_until - timezone.now() <= timedelta(days=14)
    assert (done.erase_on - stages.today(done.organisation)).days == 30
    (letter,) = mail.outbox
    assert letter.to == ["grace@prospect.example"]
    assert letter.attachments == []
    assert "/sample/" in letter.body
    assert AuditAction.SAMPLE_DELIVERED in [line.action for line in every(AuditRecord)]

    mail.outbox.clear()
    with pytest.raises(UserError, match="sample_state_differs"):
        actions.deliver(done)
    assert mail.outbox == []


def test_a_draft_is_not_delivered(sample):
    ReportFactory(run=analysed(sample), state=ReportState.READY, sha256="ab" * 32)

    refused(sample, "sample_not_signed")


def test_nor_the_signed_report_of_an_analysis_that_was_done_again(sample):
    old = signed(sample)
    save(old, requested_at=old.requested_at - timedelta(hours=1))
    analysed(sample, RunState.DONE)

    refused(sample, "sample_not_signed")


def test_nor_one_that_is_shown_no_more(sample):
    save(signed(sample), retracted=[2])

    refused(sample, "sample_not_signed")


def test_a_document_needs_an_answer_which_is_delivered_in_the_reports_place(sample):
    save(sample, recording=None, document=DocumentFactory(project=sample.project), note=" \n")
    refused(sample, "sample_by_hand")

    sample.note = "Your pitch is clear."
    sample.save()
    actions.deliver(sample)

    done = fresh(sample)
    assert (done.state, done.report_until > timezone.now()) == (SampleState.DELIVERED, True)
    (letter,) = mail.outbox
    assert "wrote an answer" in letter.body
    assert "signed" not in letter.body
    assert "Your pitch is clear." not in letter.body


def test_a_note_delivers_nothing_where_the_file_is_gone(sample):
    save(sample, recording=None, note="Your pitch is clear.")

    refused(sample, "sample_not_signed")


def test_while_the_prospect_is_asked_nothing_is_delivered(sample):
    signed(sample)
    save(sample, state=SampleState.ASKED)

    refused(sample, "sample_state_differs")


def test_a_request_that_came_back_meanwhile_is_looked_at_again(sample):
    """What the page was drawn from said that the prospect is asked; the row has neither that nor a report."""
    sample.state = SampleState.ASKED

    refused(sample, "sample_not_signed")
