import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.utils import timezone

from accounts.domain.erasure import erasures
from accounts.enums import ErasureReason
from accounts.models import AuditRecord
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from reports.domain.samples import opening
from reports.enums import ReportState, SampleState
from reports.models import Report
from tests.factories import RunFactory, SubjectFactory, TrackAssignmentFactory
from tests.support.sample_work import analysed, received, signed
from tests.support.tenants import every, fresh, save

pytestmark = pytest.mark.django_db


@pytest.fixture
def sample():
    return received(
        state=SampleState.DELIVERED,
        email="grace@prospect.example",
        report_until=timezone.now() + timedelta(days=14),
    )


def within(sample, function, *args):
    with tenant(sample.organisation_id):
        return function(sample, *args)


def mailed(sample, mailoutbox) -> str:
    within(sample, opening.send_code)
    found = re.search(r"^\d{6}$", mailoutbox[-1].body, re.MULTILINE)
    assert found
    return found.group()


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def refused(sample, code) -> str:
    with pytest.raises(UserError) as refusal:
        within(fresh(sample), opening.open, code)
    return refusal.value.code


def openings():
    return [line for line in every(AuditRecord) if line.action == "sample.opened"]


def test_the_code_goes_to_the_prospect_and_opens_once(sample, mailoutbox):
    code = mailed(sample, mailoutbox)

    within(fresh(sample), opening.open, f" {code[:3]} {code[3:]} ")

    assert mailoutbox[0].to == ["grace@prospect.example"]
    assert code not in mailoutbox[0].subject
    assert len(openings()) == 1
    assert refused(sample, code) == "sample_code_invalid"
    assert len(openings()) == 1


def test_the_code_is_stored_as_passwords_are(sample, mailoutbox):
    code = mailed(sample, mailoutbox)

    stored = fresh(sample)
    assert stored.code_hash
    assert code not in stored.code_hash
    assert timezone.now() < stored.code_until <= timezone.now() + timedelta(minutes=15)


def test_wrong_codes_are_counted_and_then_the_right_one_serves_no_more(sample, mailoutbox):
    code = mailed(sample, mailoutbox)

    answers = [refused(sample, wrong(code)) for _number in range(5)]

    assert answers == ["sample_code_invalid"] * 5
    assert refused(sample, code) == "sample_code_invalid"
    assert openings() == []
    newer = mailed(sample, mailoutbox)
    within(fresh(sample), opening.open, newer)
    assert len(openings()) == 1


def test_an_old_code_is_worth_nothing(sample, mailoutbox):
    first = mailed(sample, mailoutbox)
    save(fresh(sample), code_until=timezone.now() - timedelta(seconds=1))
    late = refused(sample, first)
    second = mailed(sample, mailoutbox)

    assert late == "sample_code_invalid"
    if first != second:
        assert refused(sample, first) == "sample_code_invalid"


def test_where_no_mail_is_taken_the_code_before_it_still_opens(sample, mailoutbox, monkeypatch):
    first = mailed(sample, mailoutbox)

    def away(*_args, **_more):
        raise ConnectionRefusedError

    with monkeypatch.context() as patched:
        patched.setattr("reports.domain.samples.mails.send_mail", away)
        with pytest.raises(OSError):  # noqa: PT011 - whatever the mail server's
            within(fresh(sample), opening.send_code)
    within(fresh(sample), opening.open, first)

    assert len(openings()) == 1


@pytest.mark.parametrize("code", ["", "000000", "x"])
def test_without_a_code_that_was_sent_none_opens(sample, code):
    assert refused(sample, code) == "sample_code_invalid"


@pytest.mark.parametrize(
    "changes",
    [
        {"report_until": timezone.now() - timedelta(days=1)},
        {"report_until": None},
        {"state": SampleState.RECEIVED},
        {"state": SampleState.WITHDRAWN},
        {"state": SampleState.DECLINED},
        {"state": SampleState.CONVERTED, "report_until": None},
        {"state": SampleState.CONVERTED, "erasure": uuid4()},
        {"erasure": uuid4()},
    ],
)
def test_what_is_over_or_not_delivered_is_neither_mailed_nor_opened(sample, mailoutbox, changes):
    code = mailed(sample, mailoutbox)
    save(fresh(sample), **changes)

    with pytest.raises(UserError) as refusal:
        within(fresh(sample), opening.send_code)

    assert (refusal.value.code, refusal.value.status) == ("sample_report_over", 410)
    assert refused(sample, code) == "sample_report_over"
    assert len(mailoutbox) == 1
    assert openings() == []


def test_codes_are_not_mailed_without_end(sample, mailoutbox):
    for _number in range(5):
        mailed(sample, mailoutbox)
    with pytest.raises(UserError) as refusal:
        within(sample, opening.send_code)
    assert refusal.value.code == "too_many_requests"
    assert len(mailoutbox) == 5
    cache.clear()


def test_the_signed_run_is_that_of_the_sample_and_signed(sample):
    draft = analysed(sample)
    before = within(sample, opening.signed_run)
    run = signed(sample)
    other = received(at=sample.organisation, email="ada@other.example")
    signed(other)

    assert before is None
    assert within(sample, opening.signed_run).pk == run.pk != draft.pk


@pytest.mark.parametrize("what", ["rendering", "retracted", "by hand"])
def test_without_a_report_to_read_there_is_no_signed_run(sample, what):
    run = signed(sample)
    if what == "rendering":
        (report,) = [one for one in every(Report) if one.run_id == run.pk]
        save(report, state=ReportState.REQUESTED)
    elif what == "retracted":
        save(run, retracted=[1])
    else:
        save(sample, recording=None)
        RunFactory(recording=received(at=sample.organisation).recording)

    assert within(sample, opening.signed_run) is None


@pytest.mark.parametrize("kind", ["project", "subject", "recording"])
def test_what_is_being_erased_is_signed_no_more(sample, kind):
    run = signed(sample)
    with tenant(sample.organisation_id):
        person = SubjectFactory(project=sample.project)
        TrackAssignmentFactory(recording=sample.recording, track=1, subject=person)
        keys = {"project": sample.project_id, "subject": person.pk, "recording": sample.recording_id}
    assert within(sample, opening.signed_run).pk == run.pk

    with tenant(sample.organisation_id):
        erasures.request(ErasureReason.WITHDRAWAL, kind, keys[kind], sample.organisation_id)

    assert within(sample, opening.signed_run) is None


def test_who_became_a_customer_opens_the_report_until_its_day(sample, mailoutbox):
    save(sample, state=SampleState.CONVERTED)

    code = mailed(sample, mailoutbox)
    within(fresh(sample), opening.open, code)

    assert len(openings()) == 1
