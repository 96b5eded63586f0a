import hashlib
import io
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from django_q.models import OrmQ
from pypdf import PdfReader

from analysis.domain import erasure, runs
from analysis.enums import RunState
from analysis.models import Run
from analysis.signals import run_scored
from echodepth.tenancy import tenant
from reports.domain import publish
from reports.domain.requests import MAKE_TASK
from reports.enums import ReportState
from reports.models import Report
from reports.tasks import make_report


@pytest.fixture
def report(run):
    """Asked for, as the end of scoring does it."""
    with tenant(run.organisation_id):
        run_scored.send(Run, run=run)
        yield Report.objects.get()


def queued():
    return [task.task for task in OrmQ.objects.order_by("pk")]


def failing(*_args):
    raise ValueError("no page can be laid out")


def test_a_scored_run_asks_for_its_report(report, run):
    assert (report.state, report.run_id, report.attempts) == (ReportState.REQUESTED, run.pk, 0)
    assert [(task["func"], task["args"]) for task in queued()] == [
        (MAKE_TASK, (str(run.organisation_id), str(report.pk)))
    ]


def test_being_told_twice_makes_no_second_report(report, run):
    run_scored.send(Run, run=run)

    assert Report.objects.count() == 1
    assert len(queued()) == 2


def test_the_task_stores_the_report_and_closes_the_run(report, run):
    make_report(str(run.organisation_id), str(report.pk))

    report.refresh_from_db()
    run.refresh_from_db()
    with default_storage.open(report.storage_key) as handle:
        content = handle.read()
    assert (report.state, run.state) == (ReportState.READY, RunState.DONE)
    assert report.sha256 == hashlib.sha256(content).hexdigest()
    assert report.pages == len(PdfReader(io.BytesIO(content)).pages)
    assert report.storage_key == f"{run.organisation_id}/reports/{report.pk}/1/report.pdf"
    assert report.ready_at is not None
    cover = PdfReader(io.BytesIO(content)).pages[0].extract_text()
    for fact in (
        "Interview Ä",
        "P-014",
        "Autumn",
        "Harbour Institute",
        str(run.recording_id),
        "Europe/Berlin",
    ):
        assert fact in cover


def test_a_ready_report_is_not_made_again(report, run):
    publish.make(report.pk)
    publish.make(report.pk)

    report.refresh_from_db()
    assert report.attempts == 1


def test_what_one_worker_holds_no_other_takes_until_its_time_is_over(report):
    Report.objects.update(claimed_until=timezone.now() + timedelta(minutes=1), attempts=1)
    publish.make(report.pk)
    report.refresh_from_db()
    assert report.state == ReportState.REQUESTED

    Report.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    publish.make(report.pk)
    report.refresh_from_db()
    assert (report.state, report.attempts) == (ReportState.READY, 2)


def test_a_late_worker_writes_nothing_and_leaves_nothing(report, run, monkeypatch):
    render = publish.render_pdf

    def overtaken(*args):
        Report.objects.update(attempts=2)
        return render(*args)

    monkeypatch.setattr(publish, "render_pdf", overtaken)
    publish.make(report.pk)

    report.refresh_from_db()
    assert report.state == ReportState.REQUESTED
    assert not default_storage.exists(f"{run.organisation_id}/reports/{report.pk}/1/report.pdf")


def test_a_failing_report_is_tried_again_then_given_up_and_the_run_is_done(report, run, monkeypatch, caplog):
    monkeypatch.setattr(publish, "render_pdf", failing)

    for attempt in range(1, publish.ATTEMPTS):
        publish.make(report.pk)
        report.refresh_from_db()
        assert (report.state, report.attempts) == (ReportState.REQUESTED, attempt)
        assert len(queued()) == attempt + 1
    publish.make(report.pk)

    report.refresh_from_db()
    run.refresh_from_db()
    assert (report.state, report.error_code) == (ReportState.FAILED, "render_failed")
    assert run.state == RunState.DONE
    assert default_storage.exists(run.frames_key)
    assert "no page can be laid out" in caplog.text


def test_a_report_that_kills_its_workers_is_given_up(report, run):
    Report.objects.update(attempts=publish.ATTEMPTS, claimed_until=timezone.now() - timedelta(seconds=1))

    publish.make(report.pk)

    report.refresh_from_db()
    run.refresh_from_db()
    assert (report.state, run.state) == (ReportState.FAILED, RunState.DONE)


def test_told_again_about_a_run_whose_report_is_ready_closes_it(report, run):
    Report.objects.update(state=ReportState.READY)
    OrmQ.objects.all().delete()

    run_scored.send(Run, run=run)

    run.refresh_from_db()
    assert run.state == RunState.DONE
    assert queued() == []


def test_a_cancelled_runs_report_is_not_made(report, run):
    runs.cancel(run.pk)

    publish.make(report.pk)

    report.refresh_from_db()
    assert (report.state, report.attempts) == (ReportState.REQUESTED, 0)


def test_erasing_while_the_report_is_rendered_leaves_nothing(report, run, monkeypatch):
    render = publish.render_pdf

    def erased_meanwhile(*args):
        erasure.erase_recording(run.recording)
        return render(*args)

    monkeypatch.setattr(publish, "render_pdf", erased_meanwhile)
    publish.make(report.pk)

    assert not default_storage.exists(f"{run.organisation_id}/reports/{report.pk}/1/report.pdf")
    assert not Report.objects.exists()


def test_erasing_the_recording_erases_the_report(report, run):
    publish.make(report.pk)
    report.refresh_from_db()
    key = report.storage_key
    assert default_storage.exists(key)

    erasure.erase_recording(run.recording)

    assert not default_storage.exists(key)
    assert not Report.objects.exists()
