"""What goes and what stays, wherever the work is broken off."""

from datetime import timedelta
from itertools import count

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from django_q.models import OrmQ, Task
from django_q.tasks import async_task

from accounts.audit_actions import AuditAction
from accounts.domain.erasure import erasures, things
from accounts.domain.retention import holds
from accounts.enums import DataClass, ErasureReason, ErasureState, PartyKind
from accounts.models import AuditParty, AuditRecord, Consent, Erasure, Retention, Subject
from analysis.domain import objects
from analysis.enums import RunState, SegmentState
from analysis.models import Recording, Run, Segment, SubjectNeutral, Upload
from analysis.signals import run_scored
from echodepth.storage import erasing
from echodepth.tenancy import tenant
from reports.domain.requests import report_key
from reports.enums import ReportState
from reports.models import Report, Review
from tests import factories
from tests.analysis.conftest import stored_files
from tests.support.erasing import erase_all, nobody_writes

OF_A_PERSON = (
    *("media", "recording", "run", "result", "frame table", "face geometry", "report file", "report"),
    *("review", "subject", "consent", "notice", "subjectneutral"),
)


class Killed(BaseException):
    """As by `kill -9`: nothing catches it."""


@pytest.fixture
def scoped(acme):
    with tenant(acme.organisation.pk):
        yield acme


def finished(place, subject=None, title="Interview"):
    """A recording with a result, frames, a segment's spool, a signed report and due dates."""
    recording = place.recording(title, subject=subject)
    run = place.run(recording, state=RunState.DONE)
    folder = objects.run_folder(run.organisation_id, run.pk)
    run.result_key = default_storage.save(f"{folder}/lease/result.json", ContentFile(b"{}"))
    run.frames_key = default_storage.save(f"{folder}/lease/frames.parquet", ContentFile(b"PAR1"))
    run.summary = {"tracks": 1}
    run.save()
    spool = default_storage.save(f"{folder}/spools/0.lease", ContentFile(b"geometry"))
    factories.SegmentFactory(run=run, number=0, state=SegmentState.DONE, spool_key=spool)
    report = Report.objects.filter(run=run).first() or factories.ReportFactory(run=run)
    key = default_storage.save(report_key(run.organisation_id, report.pk, 1), ContentFile(b"%PDF"))
    Report.objects.filter(pk=report.pk).update(storage_key=key, attempts=1, state=ReportState.READY)
    factories.ReviewFactory(report=report)
    factories.RetentionFactory(organisation=place.organisation, project=place.project, object_id=recording.pk)
    for data_class in (DataClass.FRAMES, DataClass.FINDINGS, DataClass.REPORTS):
        factories.RetentionFactory(
            organisation=place.organisation, kind="run", object_id=run.pk, data_class=data_class
        )
    return run


def person(place, label="Ada Lovelace"):
    """A subject with a recording, a kept neutral, a consent and a notice."""
    subject = factories.SubjectFactory(project=place.project, label=label)
    run = finished(place, subject, f"{label} speaks")
    SubjectNeutral.objects.create(organisation=place.organisation, subject=subject, run=run)
    factories.ConsentFactory(subject=subject)
    factories.NoticeFactory(subject=subject)
    return subject


def ask(kind, thing, reason=ErasureReason.MEMBER, **more):
    return erasures.request(reason, kind, thing.pk, thing.organisation_id, **more)


def everything():
    """All that is kept of people and recordings in the organisation in scope, by table."""
    models = (Recording, Run, Segment, Report, Review, Subject, Consent, SubjectNeutral, Retention)
    return {model.__name__: set(model.objects.values_list("pk", flat=True)) for model in models}


def bomb(monkeypatch, when):
    """Kill the worker at the `when`-th time that it is about to erase or to commit, or has just done so."""
    ticks = count(1)

    def tick():
        if next(ticks) == when:
            raise Killed

    def around(module, name):
        real = getattr(module, name)

        def bombed(*args, **more):
            tick()
            answer = real(*args, **more)
            tick()
            return answer

        monkeypatch.setattr(module, name, bombed)

    for name in ("erase", "erase_under", "look", "look_under"):
        around(erasing, name)
    around(things, "note")


def killed(monkeypatch, erasure, when):
    """Break the work off at a point; whether it came so far."""
    with monkeypatch.context() as patch:
        bomb(patch, when)
        try:
            erasures.work(erasure.pk)
        except Killed:
            yesterday = timezone.now() - timedelta(days=1)
            Erasure.objects.filter(pk=erasure.pk).update(lease_until=yesterday)
            return True
    return False


def test_killed_at_any_point_another_worker_goes_on_until_it_is_complete(scoped, storage, monkeypatch):
    kept = person(scoped, "Grace Hopper")
    neighbours, files = everything(), stored_files(storage)
    for when in count(1):
        erasure = ask("subject", person(scoped))
        broken_off = killed(monkeypatch, erasure, when)
        erase_all()
        assert everything() == neighbours
        assert stored_files(storage) == files
        assert Subject.objects.get() == kept
        erasure.refresh_from_db()
        counts = erasure.certificate.body["counts"]
        assert {kind: counts.get(kind) for kind in OF_A_PERSON} == dict.fromkeys(OF_A_PERSON, 1)
        if not broken_off:
            break
    assert when > 40


def test_a_project_goes_with_all_its_recordings_and_no_other_project(scoped, storage):
    other = factories.ProjectFactory(organisation=scoped.organisation)
    factories.SubjectFactory(project=other, label="Stays")
    before = everything()["Subject"]
    person(scoped)
    scoped.document()
    finished(scoped, title="Without a subject")
    factories.UploadFactory(project=scoped.project, title="On its way")
    ask("project", scoped.project)
    erase_all()
    assert stored_files(storage) == []
    assert everything() == {name: before if name == "Subject" else set() for name in everything()}
    assert not Upload.objects.exists()
    assert [project.pk for project in type(other).objects.all()] == [other.pk]


def test_nothing_of_another_organisation_goes(acme, other, storage):
    with tenant(other.organisation.pk):
        person(other)
        kept = everything()
    files = stored_files(storage)
    with tenant(acme.organisation.pk):
        person(acme)
        ask("project", acme.project)
        erase_all()
        foreign = erasures.request(ErasureReason.MEMBER, "project", other.project.pk, acme.organisation.pk)
        erase_all()
        foreign.refresh_from_db()
        assert "project" not in foreign.certificate.body["counts"]
    with tenant(other.organisation.pk):
        assert everything() == kept
    assert stored_files(storage) == files


def test_where_a_person_is_seen_in_anothers_recording_that_goes_too(scoped, storage):
    """A face cannot be taken out of a picture."""
    subject = factories.SubjectFactory(project=scoped.project)
    run = finished(scoped, title="Of somebody else")
    kept = finished(scoped, title="Of nobody")
    factories.TrackAssignmentFactory(recording=run.recording, track=2, subject=subject)
    ask("subject", subject)
    erase_all()
    assert [one.pk for one in Recording.objects.all()] == [kept.recording_id]


def test_a_hold_on_anothers_recording_stops_that(scoped):
    subject = factories.SubjectFactory(project=scoped.project)
    run = finished(scoped, title="Of somebody else")
    factories.TrackAssignmentFactory(recording=run.recording, track=2, subject=subject)
    factories.LegalHoldFactory(organisation=scoped.organisation, kind="recording", object_id=run.recording_id)
    erasure = ask("subject", subject)
    erasures.work(erasure.pk)
    erasure.refresh_from_db()
    assert erasure.state == ErasureState.HELD
    assert Recording.objects.filter(pk=run.recording_id).exists()
    assert Subject.objects.filter(pk=subject.pk).exists()


@pytest.mark.parametrize("held", ["whom it shows too", "whose it is"])
def test_who_is_held_keeps_the_recordings_that_show_others_too_and_them(scoped, held):
    """Whoever asks, and whichever of the two is held: the recording is of both."""
    owner, other = (factories.SubjectFactory(project=scoped.project) for _person in range(2))
    run = finished(scoped, owner)
    factories.TrackAssignmentFactory(recording=run.recording, track=2, subject=other)
    kept, asks = (other, owner) if held == "whom it shows too" else (owner, other)
    hold = factories.LegalHoldFactory(organisation=scoped.organisation, kind="subject", object_id=kept.pk)
    erasure = ask("subject", asks, ErasureReason.WITHDRAWAL)
    assert erasure.state == ErasureState.HELD
    OrmQ.objects.all().delete()
    for _minute in range(3):
        assert erasures.sweep() == 0
        assert not erasures.work(erasure.pk)
    assert Recording.objects.get().storage_key
    assert Subject.objects.filter(pk=asks.pk).exists()
    assert AuditRecord.objects.filter(action=AuditAction.ERASURE_HELD).count() == 1
    holds.release(hold, None)
    erase_all()
    assert not Recording.objects.exists()
    assert Subject.objects.get() == kept


def test_a_hold_found_only_on_the_way_stops_the_erasure_there(scoped, monkeypatch):
    owner = factories.SubjectFactory(project=scoped.project)
    run = finished(scoped, owner)
    factories.LegalHoldFactory(organisation=scoped.organisation, kind="recording", object_id=run.recording_id)
    monkeypatch.setattr(erasures, "is_held", lambda _kind, _id: False)
    erasure = ask("subject", owner)
    assert not erasures.work(erasure.pk)
    erasure.refresh_from_db()
    assert erasure.state == ErasureState.HELD
    assert Recording.objects.get().storage_key


@pytest.mark.parametrize("reason", [ErasureReason.WITHDRAWAL, ErasureReason.REQUEST])
def test_neither_label_nor_recording_is_left_of_who_withdrew(scoped, storage, reason):
    subject = person(scoped)
    ask("subject", subject, reason)
    erase_all()
    assert stored_files(storage) == []
    assert not Recording.objects.exists()
    assert not SubjectNeutral.objects.exists()
    assert not Subject.objects.filter(label__icontains="Ada").exists()


@pytest.mark.parametrize("state", [RunState.ANALYSING, RunState.ASSIGNING])
def test_an_analysis_under_way_stops_where_its_media_go(scoped, storage, state):
    run = scoped.run(state=state)
    ask("recording", run.recording, ErasureReason.POLICY, data_class=DataClass.MEDIA)
    erase_all()
    run = Run.objects.filter(pk=run.pk).first()
    assert run is None or run.state == RunState.CANCELLED
    assert stored_files(storage) == []


def test_a_report_that_is_being_written_is_written_without_the_media(scoped):
    run = finished(scoped)
    Run.objects.filter(pk=run.pk).update(state=RunState.REPORTING)
    ask("recording", run.recording, ErasureReason.POLICY, data_class=DataClass.MEDIA)
    erase_all()
    run.refresh_from_db()
    assert (run.state, bool(run.result_key)) == (RunState.REPORTING, True)
    assert not Recording.objects.get(pk=run.recording_id).storage_key


def test_media_go_by_policy_and_the_result_stays(scoped, storage):
    run, kept = finished(scoped), finished(scoped, title="Kept")
    ask("recording", run.recording, ErasureReason.POLICY, data_class=DataClass.MEDIA)
    erase_all()
    recording = Recording.objects.get(pk=run.recording_id)
    assert (recording.storage_key, recording.size, recording.sha256) == ("", 0, "")
    assert recording.original_name == ""
    assert default_storage.exists(run.result_key)
    assert default_storage.exists(kept.recording.storage_key)
    left = Retention.objects.filter(object_id__in=[run.pk, recording.pk])
    assert set(left.values_list("data_class", flat=True)) == {"frames", "findings", "reports"}


@pytest.mark.parametrize(
    ("data_class", "field", "kind"),
    [(DataClass.FRAMES, "frames_key", "frame table"), (DataClass.FINDINGS, "result_key", "result")],
)
def test_a_class_of_a_run_goes_by_itself(scoped, data_class, field, kind):
    run = finished(scoped)
    keys = {name: getattr(run, name) for name in ("frames_key", "result_key")}
    policy = {"class": data_class, "days": 30}
    erasure = ask("run", run, ErasureReason.POLICY, data_class=data_class, policy=policy)
    erase_all()
    run.refresh_from_db()
    assert getattr(run, field) == ""
    assert [name for name, key in keys.items() if not default_storage.exists(key)] == [field]
    assert Report.objects.filter(run=run).exists()
    erasure.refresh_from_db()
    assert erasure.certificate.body["counts"] == {kind: 1}
    assert erasure.certificate.body["policy"] == policy
    due = set(Retention.objects.filter(object_id=run.pk).values_list("data_class", flat=True))
    assert due == {DataClass.FRAMES, DataClass.FINDINGS, DataClass.REPORTS} - {data_class}


def test_a_report_goes_with_what_its_reviewer_wrote(scoped):
    run = finished(scoped)
    key = Report.objects.get(run=run).storage_key
    ask("run", run, ErasureReason.POLICY, data_class=DataClass.REPORTS)
    erase_all()
    assert not Report.objects.exists()
    assert not Review.objects.exists()
    assert not default_storage.exists(key)
    assert default_storage.exists(run.result_key)


def test_once_policies_have_left_nothing_the_recording_goes_with_its_title(scoped, storage):
    run = finished(scoped)
    ask("recording", run.recording, ErasureReason.POLICY, data_class=DataClass.MEDIA)
    for data_class in (DataClass.FRAMES, DataClass.FINDINGS):
        ask("run", run, ErasureReason.POLICY, data_class=data_class)
    erase_all()
    assert Recording.objects.exists()
    ask("run", run, ErasureReason.POLICY, data_class=DataClass.REPORTS)
    erase_all()
    assert not Recording.objects.exists()
    assert stored_files(storage) == []


def test_a_report_that_failed_keeps_no_recording_back(scoped, storage):
    run = finished(scoped)
    default_storage.delete(Report.objects.get(run=run).storage_key)
    Report.objects.filter(run=run).update(state=ReportState.FAILED, storage_key="")
    ask("recording", run.recording, ErasureReason.POLICY, data_class=DataClass.MEDIA)
    for data_class in (DataClass.FRAMES, DataClass.FINDINGS):
        ask("run", run, ErasureReason.POLICY, data_class=data_class)
    erase_all()
    assert not Recording.objects.exists()
    assert stored_files(storage) == []


def test_geometry_of_a_run_that_waits_goes_with_its_waiting(scoped, storage):
    run = scoped.run(state=RunState.ASSIGNING)
    spool = default_storage.save(
        f"{objects.run_folder(run.organisation_id, run.pk)}/spools/0.lease", ContentFile(b"geometry")
    )
    factories.SegmentFactory(run=run, number=0, state=SegmentState.DONE, spool_key=spool)
    ask("run", run, ErasureReason.POLICY, data_class=DataClass.GEOMETRY)
    erase_all()
    run.refresh_from_db()
    assert run.state == RunState.CANCELLED
    assert not Segment.objects.exists()
    assert stored_files(storage) == [run.recording.storage_key]


def test_findings_of_a_run_under_way_are_waited_for(scoped):
    run = scoped.run(state=RunState.REPORTING)
    erasure = ask("run", run, ErasureReason.POLICY, data_class=DataClass.FINDINGS)
    erasures.work(erasure.pk)
    erasure.refresh_from_db()
    assert erasure.state == ErasureState.WORKING
    assert erasure.rest_until > timezone.now()


def test_what_the_queue_keeps_goes_and_others_tasks_stay(scoped):
    run, other = finished(scoped), finished(scoped, title="Other")
    OrmQ.objects.all().delete()
    run_scored.send(Run, run=other)
    for one in (run, other):
        async_task("analysis.tasks.analyse_run", str(one.organisation_id), str(one.pk))
        Task.objects.create(
            id=one.pk.hex,
            name="failed",
            func="analysis.tasks.analyse_run",
            args=(str(one.organisation_id), str(one.pk)),
            result=f"Traceback: {one.pk}",
            started=timezone.now(),
            stopped=timezone.now(),
            success=False,
        )
    ask("recording", run.recording)
    erase_all()
    assert [task.id for task in Task.objects.all()] == [other.pk.hex]
    named = {str(argument) for row in OrmQ.objects.all() for argument in row.task["args"]}
    assert str(other.pk) in named
    assert str(run.pk) not in named


def test_names_beside_the_audit_trail_go_and_others_stay(scoped):
    run, other = finished(scoped, title="Ada speaks"), finished(scoped, title="Grace speaks")
    for one in (run, other):
        for kind, key in (("recording", one.recording_id), ("run", one.pk)):
            AuditParty.objects.create(
                organisation=scoped.organisation,
                kind=PartyKind.SUBJECT,
                key=f"{kind}:{key}",
                name=one.recording.title,
            )
    ask("recording", run.recording)
    erase_all()
    assert set(AuditParty.objects.filter(kind=PartyKind.SUBJECT).values_list("name", flat=True)) == {
        "Grace speaks"
    }


def test_a_late_worker_writes_nothing_of_what_another_took_over(scoped, storage, monkeypatch):
    run = finished(scoped)
    erasure = ask("recording", run.recording)
    real = erasing.look

    def overtaken(key):
        monkeypatch.setattr(erasing, "look", real)
        yesterday = timezone.now() - timedelta(days=1)
        Erasure.objects.filter(pk=erasure.pk).update(lease_until=yesterday)
        assert erasures.work(erasure.pk)
        return real(key)

    monkeypatch.setattr(erasing, "look", overtaken)
    assert not erasures.work(erasure.pk)
    erasure.refresh_from_db()
    assert erasure.state == ErasureState.DONE
    assert type(erasure.certificate).objects.count() == 1
    assert stored_files(storage) == []


def test_a_worker_that_may_still_write_is_waited_for(scoped):
    run = scoped.run(state=RunState.ANALYSING, heartbeat_at=timezone.now(), tidy_at=timezone.now())
    erasure = ask("recording", run.recording)
    assert not erasures.work(erasure.pk)
    erasure.refresh_from_db()
    assert erasure.rest_until > timezone.now()
    assert Run.objects.get().state == RunState.CANCELLED
    nobody_writes()
    erase_all()
    assert not Run.objects.exists()
