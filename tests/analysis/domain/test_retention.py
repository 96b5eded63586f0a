from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.domain.retention import holds, lineage, retentions
from accounts.enums import DataClass
from accounts.models import Retention
from analysis.domain import retention
from analysis.enums import RunState
from analysis.models import Run
from analysis.signals import run_scored
from echodepth.tenancy import tenant
from tests.factories import (
    DocumentFactory,
    LegalHoldFactory,
    RecordingFactory,
    RunFactory,
    SubjectFactory,
    TrackAssignmentFactory,
)
from tests.support.tenants import every

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=365)


def with_subject(**facts):
    subject = SubjectFactory()
    return RecordingFactory(project=subject.project, subject=subject, **facts)


def due_of(kind, thing):
    with tenant(thing.organisation_id):
        return {row.data_class: row.due_at for row in retentions.of(kind, thing.pk)}


def test_recordings_and_documents_are_counted_from_their_upload():
    recording = RecordingFactory()
    document = DocumentFactory(project=recording.project)
    with tenant(recording.organisation_id):
        retention.keep_recording(recording)
        retention.keep_document(document)

    assert due_of("recording", recording) == {DataClass.MEDIA: recording.created_at + YEAR}
    assert due_of("document", document) == {DataClass.DOCUMENTS: document.created_at + YEAR}


def test_a_scored_run_brings_frames_and_findings_once(monkeypatch):
    monkeypatch.setattr("reports.domain.requests.wake", lambda *_ids: None)
    run = RunFactory()
    with tenant(run.organisation_id):
        for _time in range(2):  # a sweep sends it again
            run_scored.send(Run, run=Run.objects.select_related("recording").get(pk=run.pk))

    made = run.recording.created_at
    assert due_of("run", run) == {DataClass.FRAMES: made + YEAR, DataClass.FINDINGS: made + 3 * YEAR}


def test_a_report_is_counted_from_the_moment_it_is_ready():
    run = RunFactory()
    with tenant(run.organisation_id):
        retention.keep_report(run.pk)

    due = due_of("run", run)[DataClass.REPORTS]
    assert abs(due - timezone.now() - 3 * YEAR) < timedelta(minutes=1)


def test_who_is_recorded_again_has_what_is_counted_from_the_last_interaction_moved():
    old = with_subject()
    run = RunFactory(recording=old)
    stranger = RunFactory(recording=RecordingFactory(project=old.project))
    with tenant(old.organisation_id):
        old.created_at = timezone.now() - YEAR
        old.save()
        for one in (run, stranger):
            one.recording.created_at = old.created_at
            retention.keep_result(one)
        new = RecordingFactory(project=old.project, subject=old.subject)
        retention.keep_recording(new)

    assert due_of("run", run)[DataClass.FINDINGS] == new.created_at + 3 * YEAR
    assert due_of("run", run)[DataClass.FRAMES] < new.created_at + YEAR
    assert due_of("run", stranger)[DataClass.FINDINGS] == old.created_at + 3 * YEAR


def test_an_old_recording_analysed_again_is_counted_from_what_the_person_did_since():
    old = with_subject()
    signed = timezone.now() - timedelta(days=1)
    first, again = RunFactory(recording=old, state=RunState.DONE), RunFactory(recording=old)
    with tenant(old.organisation_id):
        old.created_at = timezone.now() - 2 * YEAR
        old.save()
        retention.keep_recording(old)
        first.recording = again.recording = old
        retention.keep_result(first)
        retentions.touch("subject", old.subject_id, signed)
        retention.keep_report(first.pk)
        retention.keep_result(again)
        [row] = Retention.objects.filter(object_id=again.pk, data_class=DataClass.FINDINGS)

    assert (row.touched_at, row.due_at) == (signed, signed + 3 * YEAR)
    assert timezone.now() - row.reported_at < timedelta(minutes=1)


def test_a_hold_on_anybody_who_is_seen_holds_recording_and_results():
    recording = with_subject()
    run = RunFactory(recording=recording)
    document = DocumentFactory(project=recording.project)
    second = SubjectFactory(project=recording.project)
    TrackAssignmentFactory(recording=recording, subject=second)
    hold = LegalHoldFactory(organisation=recording.organisation, kind="subject", object_id=second.pk)

    with tenant(recording.organisation_id):
        assert holds.of("recording", recording.pk) == [hold]
        assert holds.of("run", run.pk) == [hold]
        assert holds.of("document", document.pk) == []
        assert holds.of("subject", recording.subject_id) == []
        assert holds.blocking("project", recording.project_id) == [hold]


def test_everything_is_described_by_its_title_in_its_own_organisation_alone():
    recording = RecordingFactory(title="First meeting")
    run = RunFactory(recording=recording)
    document = DocumentFactory(project=recording.project, title="Contract")
    foreign = RecordingFactory(title="Secret")
    things = [
        ("recording", recording.pk),
        ("run", run.pk),
        ("document", document.pk),
        ("recording", foreign.pk),
    ]

    with tenant(recording.organisation_id):
        shown = lineage.describe(things)

    assert [shown[thing].title for thing in things[:3]] == ["First meeting", "First meeting", "Contract"]
    assert things[3] not in shown


def test_what_remains_of_a_recording_is_counted_with_its_runs():
    run = RunFactory()
    recording = run.recording
    with tenant(run.organisation_id):
        retention.keep_recording(recording)
        retention.keep_result(run)
        retentions.forget("recording", recording.pk, "media")
        assert retentions.remains("recording", recording.pk)
        retentions.forget("run", run.pk)
        assert not retentions.remains("recording", recording.pk)
    assert every(Retention) == []
