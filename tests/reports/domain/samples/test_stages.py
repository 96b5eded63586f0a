from datetime import timedelta

import pytest

from analysis.enums import RunState
from analysis.models import Recording
from echodepth.tenancy import tenant
from reports.domain.samples import stages
from reports.enums import ReportState, SampleStage, SampleState
from reports.models import SampleRequest
from tests.factories import DocumentFactory, ReportFactory, ReviewFactory
from tests.support.sample_work import analysed, received, signed
from tests.support.tenants import fresh, save


def stage_of(sample):
    """As it is told of one request, and in a list."""
    with tenant(sample.organisation_id):
        listed = stages.with_stage(SampleRequest.objects.all()).get(pk=sample.pk)
        alone = stages.stage_of(SampleRequest.objects.get(pk=sample.pk))
        assert stages.stage_of(listed) == alone
    return alone


@pytest.mark.parametrize(
    ("state", "stage"),
    [
        (RunState.REQUESTED, SampleStage.IN_ANALYSIS),
        (RunState.REPORTING, SampleStage.IN_ANALYSIS),
        (RunState.ASSIGNING, SampleStage.ASSIGNING),
        (RunState.FAILED, SampleStage.FAILED),
        (RunState.CANCELLED, SampleStage.FAILED),
        (RunState.DONE, SampleStage.IN_REVIEW),
    ],
)
def test_a_received_sample_waits_for_what_its_latest_analysis_waits_for(db, state, stage):
    sample = received()
    old = analysed(sample, RunState.FAILED)
    save(old, requested_at=old.requested_at - timedelta(hours=1))
    analysed(sample, state)

    assert stage_of(sample) == stage


def test_without_an_analysis_it_is_held_back_also_where_one_was_stopped_for_that(db):
    sample = received()
    assert stage_of(sample) == SampleStage.HELD_BACK

    analysed(sample, RunState.CANCELLED)
    save(sample.recording, analysis_wanted=True)
    assert stage_of(sample) == SampleStage.HELD_BACK


def test_it_can_be_delivered_once_its_report_is_signed_and_ready(db):
    sample = received()
    report = ReportFactory(run=analysed(sample), state=ReportState.READY, sha256="ab" * 32)
    assert stage_of(sample) == SampleStage.IN_REVIEW

    ReviewFactory(report=report, outcome="returned")
    assert stage_of(sample) == SampleStage.IN_REVIEW

    ReviewFactory(report=report)
    assert stage_of(sample) == SampleStage.TO_DELIVER

    save(fresh(report), state=ReportState.REQUESTED)
    assert stage_of(sample) == SampleStage.IN_REVIEW
    save(fresh(report), state=ReportState.FAILED)
    assert stage_of(sample) == SampleStage.FAILED


def test_a_newer_analysis_counts_more_than_a_signature(db):
    sample = received()
    old = signed(sample)
    save(old, requested_at=old.requested_at - timedelta(hours=1))
    analysed(sample, RunState.ANALYSING)

    assert stage_of(sample) == SampleStage.IN_ANALYSIS


def test_a_document_is_for_a_person(db):
    sample = received(recording=None)
    save(sample, document=DocumentFactory(project=sample.project))

    assert stage_of(sample) == SampleStage.BY_HAND


def test_whose_file_was_deleted_waits_for_it_and_for_nobody_at_the_desk(db):
    sample = received()
    analysed(sample)
    with tenant(sample.organisation_id):
        Recording.objects.all().delete()

    assert fresh(sample).recording_id is None
    assert stage_of(sample) == SampleStage.FILE_GONE


@pytest.mark.parametrize("state", [state for state in SampleState if state != SampleState.RECEIVED])
def test_what_is_not_received_has_no_stage(db, state):
    sample = received(state=state)
    analysed(sample)

    assert stage_of(sample) is None


@pytest.mark.parametrize(("days", "is_overdue"), [(-1, True), (0, False), (9, False)])
def test_the_clock_runs_while_it_is_received(db, days, is_overdue):
    sample = received()
    with tenant(sample.organisation_id):
        due = stages.today(sample.organisation) + timedelta(days=days)
        SampleRequest.objects.update(due_on=due)
        one = SampleRequest.objects.get()
        assert stages.is_overdue(one) == is_overdue
        assert SampleRequest.objects.filter(stages.overdue(one.organisation)).exists() == is_overdue

        SampleRequest.objects.update(state=SampleState.ASKED)
        one = SampleRequest.objects.get()
        assert not stages.is_overdue(one)
        assert not SampleRequest.objects.filter(stages.overdue(one.organisation)).exists()
