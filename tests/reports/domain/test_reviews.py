import threading

import pytest
from django.db import connections
from django.utils import timezone
from django_q.models import OrmQ

from accounts.enums import Role
from accounts.models import AuditRecord
from analysis.enums import RunState
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from reports.domain import reviews
from reports.domain.requests import MAKE_TASK
from reports.domain.reviews import Reading
from reports.enums import ReportState, ReviewOutcome, ReviewState
from reports.models import Report, Review
from tests.factories import MembershipFactory, ReportFactory, ReviewFactory, RunFactory
from tests.support.tenants import every, fresh, save

DRAFT = "ab" * 32
READING = Reading("Ada R.", "Left in: the greeting.", DRAFT)


@pytest.fixture
def reviewer(organisation):
    return MembershipFactory(organisation=organisation, role=Role.REVIEWER).user


@pytest.fixture
def report(organisation):
    run = RunFactory(recording__project__organisation=organisation, state=RunState.DONE)
    return ReportFactory(
        run=run, state=ReportState.READY, sha256=DRAFT, attempts=2, released=1, storage_key="draft.pdf"
    )


@pytest.fixture
def inside(organisation):
    with tenant(organisation.pk):
        yield


def test_a_report_is_a_draft_until_it_is_signed(inside, report, reviewer):
    assert reviews.review_facts(report)["state"] == "draft"
    assert reviews.signature_of(report.run) is None

    reviews.send_back(report, reviewer, READING)
    assert reviews.review_facts(report) == {
        "state": "returned",
        "name": None,
        "signed_at": None,
        "remarks": None,
        "draft_sha256": None,
    }

    signed = reviews.sign(report, reviewer, READING)
    assert reviews.is_signed(report)
    assert reviews.signature_of(report.run) == signed
    assert [one.outcome for one in reviews.history(report)] == ["signed", "returned"]
    assert (signed.name, signed.remarks, signed.reviewer) == ("Ada R.", "Left in: the greeting.", reviewer)
    assert signed.report_sha256 == DRAFT
    assert reviews.review_facts(report)["draft_sha256"] == DRAFT


def test_nothing_is_a_draft_too():
    assert reviews.review_facts(None)["state"] == "draft"
    assert not reviews.is_signed(None)


def test_signing_asks_for_the_pdf_anew_and_sending_back_does_not(inside, report, reviewer):
    reviews.send_back(report, reviewer, READING)
    assert fresh(report).state == ReportState.READY
    assert not OrmQ.objects.exists()

    reviews.sign(report, reviewer, READING)

    asked = fresh(report)
    (task,) = (one.task for one in OrmQ.objects.all())
    assert (task["func"], task["args"]) == (MAKE_TASK, (str(report.organisation_id), str(report.pk)))
    assert (asked.state, asked.attempts, asked.released) == (ReportState.REQUESTED, 2, 2)
    assert asked.storage_key == "draft.pdf"
    assert asked.woken_at is not None


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"sha256": "cd" * 32}, "draft_changed"),
        ({"state": ReportState.REQUESTED}, "report_not_ready"),
        ({"state": ReportState.FAILED}, "report_not_ready"),
    ],
)
def test_only_the_draft_that_was_read_is_reviewed(inside, report, reviewer, changed, code):
    save(report, **changed)

    for act in (reviews.sign, reviews.send_back):
        with pytest.raises(UserError, match=code):
            act(report, reviewer, READING)
    assert every(Review) == []
    assert not AuditRecord.objects.exists()


def test_what_was_retracted_is_not_signed(inside, report, reviewer):
    save(report.run, retracted=[1])

    with pytest.raises(UserError, match="result_retracted"):
        reviews.sign(report, reviewer, READING)
    assert every(Review) == []


def test_what_is_signed_is_neither_signed_nor_sent_back_again(inside, report, reviewer):
    reviews.sign(report, reviewer, READING)
    save(fresh(report), state=ReportState.READY)

    for act in (reviews.sign, reviews.send_back):
        with pytest.raises(UserError, match="report_signed"):
            act(report, reviewer, READING)
    assert len(every(Review)) == 1


def test_who_reviewed_what_stands_in_the_trail_without_a_name(inside, report, reviewer):
    reviews.send_back(report, reviewer, READING)
    reviews.sign(report, reviewer, READING)

    told = list(AuditRecord.objects.order_by("number"))
    made = {str(one.pk) for one in Review.objects.all()}
    assert [one.action for one in told] == ["report.returned", "report.signed"]
    assert {one.target for one in told} == {str(report.run_id)}
    assert {one.facts["review"] for one in told} == made
    assert "Ada" not in str([one.facts for one in told])


def test_another_analysis_of_the_recording_is_a_new_draft(inside, report, reviewer):
    reviews.sign(report, reviewer, READING)
    again = RunFactory(recording=report.run.recording, state=RunState.DONE)
    newer = ReportFactory(run=again, state=ReportState.READY, sha256=DRAFT)

    assert reviews.review_facts(newer)["state"] == "draft"
    assert reviews.is_signed(report)
    assert list(reviews.reports(ReviewState.DRAFT)) == [newer]
    assert list(reviews.reports(ReviewState.SIGNED)) == [report]


def test_the_lists_hold_each_report_once_and_no_draft_that_there_is_a_newer_one_of(inside, organisation):
    def made(state=ReportState.READY, outcome=None, **more):
        run = RunFactory(**({"recording__project__organisation": organisation} | more), state=RunState.DONE)
        report = ReportFactory(run=run, state=state)
        if outcome:
            ReviewFactory(report=report, outcome=outcome)
        return report

    waiting, signed = made(), made(outcome=ReviewOutcome.SIGNED)
    returned = made(outcome=ReviewOutcome.RETURNED)
    ReviewFactory(report=signed, outcome=ReviewOutcome.RETURNED)
    written, failed = made(ReportState.REQUESTED), made(ReportState.FAILED)
    old = made()
    new = made(recording=old.run.recording, requested_at=timezone.now())
    theirs = ReportFactory(state=ReportState.READY)

    assert set(reviews.reports(ReviewState.DRAFT)) == {waiting, new}
    assert set(reviews.reports(ReviewState.RETURNED)) == {returned}
    assert set(reviews.reports(ReviewState.SIGNED)) == {signed}
    every_one = set(reviews.reports())
    assert every_one == {waiting, signed, returned, written, failed, old, new}
    assert theirs not in every_one


def test_a_list_of_many_takes_as_many_queries_as_a_short_one(inside, organisation, django_assert_num_queries):
    for _number in range(3):
        run = RunFactory(recording__project__organisation=organisation, state=RunState.DONE)
        ReviewFactory(report=ReportFactory(run=run, state=ReportState.READY))

    with django_assert_num_queries(2):
        assert len([reviews.review_facts(one)["state"] for one in reviews.reports()]) == 3


@pytest.mark.django_db(transaction=True)
def test_of_two_who_sign_at_once_one_is_refused(organisation, report, reviewer):
    told = []
    both = threading.Barrier(2)

    def sign():
        try:
            with tenant(organisation.pk):
                both.wait(10)
                reviews.sign(report, reviewer, READING)
            told.append("signed")
        except UserError as error:
            told.append(error.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=sign) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(told) in (["report_not_ready", "signed"], ["report_signed", "signed"])
    with tenant(organisation.pk):
        assert Review.objects.count() == 1
        assert Report.objects.get().state == ReportState.REQUESTED


def test_a_draft_with_another_title_is_made_anew_before_it_is_signed(inside, report, reviewer):
    recording = report.run.recording
    recording.title = "Called otherwise since"
    save(recording)

    with pytest.raises(UserError) as refused:
        reviews.sign(report, reviewer, READING)

    assert refused.value.code == "draft_outdated"
    asked = fresh(report)
    assert asked.state == ReportState.REQUESTED
    assert [one.task["func"] for one in OrmQ.objects.all()] == [MAKE_TASK]
    assert not every(Review)
