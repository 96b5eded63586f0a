import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import Http404
from django.utils import timezone

from accounts.domain.erasure import erasures
from accounts.enums import ErasureState
from accounts.models import Erasure
from analysis.access import access_document, access_recording, access_run
from analysis.domain import erasure, listing, objects
from analysis.domain.work import runs
from analysis.domain.work.execute import execute
from analysis.enums import RunState
from analysis.models import Document, Recording, Run
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from reports.domain.requests import report_key
from reports.models import Report
from tests.analysis.conftest import stored_files
from tests.analysis.domain.work.test_execute import good_engine, scoring, well
from tests.factories import LegalHoldFactory, ReportFactory
from tests.support.erasing import erase_all, nobody_writes


@pytest.fixture
def scoped(acme):
    with tenant(acme.organisation.pk):
        yield acme


def test_a_recording_goes_with_all_that_was_made_of_it(scoped, storage):
    recording = scoped.recording()
    for _ in range(2):
        run = scoped.run(recording)
        execute(run.pk, good_engine)
        runs.finish(run.pk)
        report_of(run)
    kept = scoped.recording("Another")
    kept_report = report_of(scoped.run(kept, state=RunState.DONE))
    assert len(stored_files(storage)) == 9
    erasure.erase_recording(recording)
    nobody_writes()
    erase_all()
    assert stored_files(storage) == sorted([kept.storage_key, kept_report.storage_key])
    assert [one.pk for one in Recording.objects.all()] == [kept.pk]
    assert [run.recording_id for run in Run.objects.all()] == [kept.pk]
    assert Report.objects.get().pk == kept_report.pk


def test_it_is_out_of_sight_and_stopped_at_once(scoped, storage):
    recording, kept = scoped.recording(), scoped.recording("Another")
    run = scoped.run(recording)
    erasure.erase_recording(recording)
    assert stored_files(storage) == sorted([recording.storage_key, kept.storage_key])
    assert [one.pk for one in listing.recordings()] == [kept.pk]
    with pytest.raises(Http404):
        access_recording(recording.pk)
    with pytest.raises(Http404):
        access_run(run.pk)
    run.refresh_from_db()
    assert run.state == RunState.CANCELLED
    assert access_recording(kept.pk)[0].title == "Another"


def test_a_run_under_way_is_stopped_and_leaves_nothing(scoped, storage):
    recording = scoped.recording()
    run = scoped.run(recording)

    def finish(folder, progress, config):
        result = well(folder, progress)
        erasure.erase_recording(recording)
        erasures.work(Erasure.objects.get().pk)
        assert Run.objects.exists()  # its worker may still be about to write
        return result

    execute(run.pk, scoring(finish))
    nobody_writes()
    erase_all()
    assert stored_files(storage) == []
    assert not Run.objects.exists()


def test_what_a_late_worker_stored_goes_too(scoped, storage):
    """It was stopped, stored its spool all the same, and was killed before it could take it back."""
    recording = scoped.recording()
    run = scoped.run(recording, state=RunState.ANALYSING, heartbeat_at=timezone.now(), tidy_at=timezone.now())
    erasure.erase_recording(recording)
    erasures.work(Erasure.objects.get().pk)
    spool = f"{objects.run_folder(run.organisation_id, run.pk)}/spools/0.late"
    default_storage.save(spool, ContentFile(b"geometry"))
    nobody_writes()
    erase_all()
    assert stored_files(storage) == []
    gone = Erasure.objects.get().certificate.body["counts"]
    assert gone["face geometry"] == 1
    assert gone["run"] == gone["recording"] == gone["media"] == 1


def test_a_broken_storage_only_delays_it(scoped, storage, monkeypatch):
    recording = scoped.recording()
    scoped.run(recording, state=RunState.DONE)

    def broken(_name):
        raise OSError

    asked = erasure.erase_recording(recording)
    with monkeypatch.context() as patch:
        patch.setattr(default_storage, "delete", broken)
        assert not erasures.work(asked.pk)
    assert Recording.objects.filter(pk=recording.pk).exists()
    asked.refresh_from_db()
    assert (asked.state, asked.error_code) == (ErasureState.WORKING, "storage_unavailable")
    assert asked.rest_until > timezone.now()
    erase_all()
    assert stored_files(storage) == []
    assert not Recording.objects.exists()


def test_an_object_that_is_gone_already_is_no_hindrance(scoped):
    recording = scoped.recording()
    objects.erase(recording.storage_key)
    erasure.erase_recording(recording)
    erase_all()
    assert not Recording.objects.exists()


def test_a_document_goes_with_its_file(scoped, storage):
    document, kept = scoped.document("a.txt"), scoped.document("b.txt")
    erasure.erase_document(document)
    with pytest.raises(Http404):
        access_document(document.pk)
    erase_all()
    assert stored_files(storage) == [kept.storage_key]
    assert [one.pk for one in Document.objects.all()] == [kept.pk]


@pytest.mark.parametrize("kind", ["recording", "project", "organisation"])
def test_a_legal_hold_forbids_it(scoped, storage, kind):
    recording = scoped.recording()
    held = {"recording": recording.pk, "project": scoped.project.pk, "organisation": scoped.organisation.pk}
    LegalHoldFactory(organisation=scoped.organisation, kind=kind, object_id=held[kind])
    with pytest.raises(UserError) as refused:
        erasure.erase_recording(recording)
    assert refused.value.code == "legal_hold"
    assert not Erasure.objects.exists()
    assert access_recording(recording.pk)[0].pk == recording.pk
    assert stored_files(storage) == [recording.storage_key]


def report_of(run):
    """With its file, as its first attempt stored it."""
    report = Report.objects.filter(run=run).first() or ReportFactory(run=run)
    key = report_key(run.organisation_id, report.pk, 1)
    report.storage_key = default_storage.save(key, ContentFile(b"%PDF"))
    report.attempts = 1
    report.save()
    return report
