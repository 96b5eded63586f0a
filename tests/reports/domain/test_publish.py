import hashlib
import io
import time
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import OperationalError, connection
from django.utils import timezone
from django_q.models import OrmQ
from pypdf import PdfReader

from analysis.domain import erasure, objects
from analysis.domain.work import heartbeat, leases, runs, sweeps, workplaces
from analysis.domain.work.interrupt import stop_asked
from analysis.enums import RunState
from analysis.models import Run
from analysis.signals import run_scored
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from reports.domain import publish, requests, reviews
from reports.domain.facts import draft_source
from reports.domain.requests import MAKE_TASK
from reports.domain.reviews import Reading
from reports.enums import ReportState
from reports.models import Report, Review
from reports.tasks import make_report
from tests.factories import UserFactory
from tests.support.erasing import erase_all, nobody_writes
from tests.support.tenants import fresh


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


def test_being_told_while_it_is_rendered_queues_nothing(report, run):
    Report.objects.update(claimed_until=timezone.now() + timedelta(seconds=30))
    run_scored.send(Run, run=run)
    assert len(queued()) == 1

    Report.objects.update(claimed_until=timezone.now() + timedelta(hours=1))  # the clock jumped back since
    run_scored.send(Run, run=run)
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


def test_a_worker_that_must_stop_begins_no_report(report, monkeypatch):
    monkeypatch.setattr(publish.stop_asked, "is_set", lambda: True)
    publish.make(report.pk)
    report.refresh_from_db()
    assert (report.state, report.attempts) == (ReportState.REQUESTED, 0)


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_must_stop_gives_the_report_back_and_no_attempt_is_spent(report, run, monkeypatch):
    """However often: rendering is not broken off by a stop, and the worker is killed in its midst."""
    monkeypatch.setattr(heartbeat, "LOOK_SECONDS", 0.05)
    render = publish.render_pdf

    def stopped_meanwhile(*args):
        stop_asked.set()
        end = time.monotonic() + 10
        while time.monotonic() < end and Report.objects.get().claimed_until is not None:
            time.sleep(0.05)
        return render(*args)

    stops = publish.ATTEMPTS + 1
    with monkeypatch.context() as patch:
        patch.setattr(publish, "render_pdf", stopped_meanwhile)
        for _ in range(stops):
            publish.make(report.pk)
            stop_asked.clear()
    report.refresh_from_db()
    assert (report.state, report.claimed_until) == (ReportState.REQUESTED, None)
    assert (report.attempts, report.released) == (stops, stops)
    assert not default_storage.exists(f"{run.organisation_id}/reports/{report.pk}/1/report.pdf")

    publish.make(report.pk)
    report.refresh_from_db()
    assert report.state == ReportState.READY
    assert report.storage_key == f"{run.organisation_id}/reports/{report.pk}/{stops + 1}/report.pdf"


def test_a_report_given_back_once_still_has_all_its_attempts(report, run, monkeypatch):
    monkeypatch.setattr(publish, "render_pdf", failing)
    Report.objects.update(attempts=1, released=1)
    for _ in range(publish.ATTEMPTS - 1):
        publish.make(report.pk)
    report.refresh_from_db()
    assert report.state == ReportState.REQUESTED
    publish.make(report.pk)
    report.refresh_from_db()
    assert (report.state, report.attempts) == (ReportState.FAILED, publish.ATTEMPTS + 1)


def test_what_one_worker_holds_no_other_takes_until_its_time_is_over(report):
    Report.objects.update(claimed_until=timezone.now() + leases.LEASE, attempts=1)
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


def test_storage_that_refuses_is_asked_again_later(report, run, monkeypatch):
    """At once would be three times within a second."""

    def refusing(*_args):
        raise ConnectionRefusedError

    monkeypatch.setattr(objects, "store", refusing)
    OrmQ.objects.all().delete()
    publish.make(report.pk)
    report.refresh_from_db()
    assert (report.state, report.claimed_until) == (ReportState.REQUESTED, None)
    assert queued() == []

    monkeypatch.undo()
    run_scored.send(Run, run=run)
    assert len(queued()) == 1
    publish.make(report.pk)
    report.refresh_from_db()
    assert (report.state, report.attempts) == (ReportState.READY, 2)


def test_a_report_whose_last_answer_was_lost_is_kept(report, run, monkeypatch):
    complete = publish._complete

    def answer_lost(*args):
        complete(*args)
        monkeypatch.setattr(publish, "_complete", complete)
        raise OperationalError

    monkeypatch.setattr(publish, "_complete", answer_lost)
    monkeypatch.setattr(leases, "PAUSE", 0)
    monkeypatch.setattr(connection, "close", lambda: None)  # it holds the test's transaction
    publish.make(report.pk)

    report.refresh_from_db()
    run.refresh_from_db()
    assert (report.state, run.state) == (ReportState.READY, RunState.DONE)
    assert default_storage.exists(report.storage_key)


def test_what_a_killed_worker_had_stored_goes_when_the_report_is_made(report, run):
    left = f"{run.organisation_id}/reports/{report.pk}/1/report.pdf"
    default_storage.save(left, ContentFile(b"%PDF"))
    Report.objects.update(attempts=1, claimed_until=timezone.now() - timedelta(seconds=1))

    publish.make(report.pk)

    report.refresh_from_db()
    assert not default_storage.exists(left)
    assert default_storage.exists(report.storage_key)


@pytest.mark.django_db(transaction=True)
def test_a_claim_is_renewed_while_the_report_is_rendered(report, run, monkeypatch):
    render, seen = publish.render_pdf, []
    monkeypatch.setattr(heartbeat, "RENEW_SECONDS", 0.05)

    def slow(*args):
        Report.objects.update(claimed_until=timezone.now())
        end = time.monotonic() + 10
        while time.monotonic() < end and not (seen and seen[-1] > timezone.now()):
            time.sleep(0.05)
            seen.append(Report.objects.values_list("claimed_until", flat=True).get())
        return render(*args)

    monkeypatch.setattr(publish, "render_pdf", slow)
    publish.make(report.pk)
    assert seen[-1] > timezone.now()
    report.refresh_from_db()
    assert report.state == ReportState.READY


def test_a_report_that_kills_its_workers_is_given_up(report, run):
    """With what one of them stored before it died, and nothing of another report."""
    left, others = (f"{run.organisation_id}/reports/{name}/1/report.pdf" for name in (report.pk, run.pk))
    for key in (left, others):
        default_storage.save(key, ContentFile(b"%PDF"))
    Report.objects.update(attempts=publish.ATTEMPTS, claimed_until=timezone.now() - timedelta(seconds=1))

    publish.make(report.pk)

    report.refresh_from_db()
    run.refresh_from_db()
    assert (report.state, run.state) == (ReportState.FAILED, RunState.DONE)
    assert not default_storage.exists(left)
    assert default_storage.exists(others)


def test_a_report_is_rendered_where_a_killed_worker_s_is_swept(report, settings, tmp_path, monkeypatch):
    """Its pages show a person: nothing of them may lie about in the machine's folder for all and sundry."""
    settings.DATA_FOLDER = tmp_path / "var"
    render, seen = publish.render_pdf, []

    def noted(data, table, target):
        seen.append(target.parent)
        assert workplaces.sweep() == 0
        return render(data, table, target)

    monkeypatch.setattr(publish, "render_pdf", noted)
    publish.make(report.pk)
    report.refresh_from_db()
    assert report.state == ReportState.READY
    assert [folder.parent for folder in seen] == [workplaces.root()]
    assert list(workplaces.root().iterdir()) == []


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
    nobody_writes()
    erase_all()

    assert not default_storage.exists(f"{run.organisation_id}/reports/{report.pk}/1/report.pdf")
    assert not Report.objects.exists()


def test_erasing_the_recording_erases_the_report(report, run):
    publish.make(report.pk)
    report.refresh_from_db()
    key = report.storage_key
    assert default_storage.exists(key)

    erasure.erase_recording(run.recording)
    erase_all()

    assert not default_storage.exists(key)
    assert not Report.objects.exists()


DRAFT = "ab" * 32


@pytest.fixture
def signed(report, run):
    """A draft that was signed, and whose PDF is asked for anew."""
    key = default_storage.save(requests.report_key(run.organisation_id, report.pk, 1), ContentFile(b"draft"))
    facts = {"state": ReportState.READY, "attempts": 1, "storage_key": key, "sha256": DRAFT}
    Report.objects.update(**facts, source_sha256=draft_source(fresh(run)))
    runs.finish(run.pk)
    OrmQ.objects.all().delete()
    report.refresh_from_db()
    reviews.sign(report, UserFactory(), Reading("Ada R. Eviewer", "Left in: the greeting at 0:04.", DRAFT))
    return report


@pytest.fixture
def quick(monkeypatch):
    """Pages that take no time: who signed, in words."""

    def written(data, _blocks, target):
        target.write_text(f"signed by {data.facts.signature.name}")
        return 1

    monkeypatch.setattr(publish, "render_pdf", written)


def test_a_draft_whose_title_changed_is_rendered_anew_and_can_be_signed_then(report, run, monkeypatch):
    def written(data, _blocks, target):
        target.write_text(data.facts.title)
        return 1

    monkeypatch.setattr(publish, "render_pdf", written)
    publish.make(report.pk)
    first = fresh(report)
    recording = fresh(run).recording
    recording.title = "Called otherwise"
    recording.save()
    with pytest.raises(UserError, match="draft_outdated"):
        reviews.sign(first, UserFactory(), Reading("Ada R. Eviewer", "", first.sha256))

    publish.make(report.pk)

    anew = fresh(report)
    assert (anew.state, anew.attempts) == (ReportState.READY, 2)
    assert anew.sha256 == hashlib.sha256(b"Called otherwise").hexdigest() != first.sha256
    reviews.sign(anew, UserFactory(), Reading("Ada R. Eviewer", "", anew.sha256))


def pdf_of(report):
    with default_storage.open(report.storage_key) as handle:
        return PdfReader(io.BytesIO(handle.read()))


def test_a_signed_report_is_rendered_anew_and_takes_the_drafts_place(signed, run):
    draft = signed.storage_key

    make_report(str(run.organisation_id), str(signed.pk))

    signed.refresh_from_db()
    run.refresh_from_db()
    pages = [" ".join(page.extract_text().split()) for page in pdf_of(signed).pages]
    assert (signed.state, run.state, signed.woken_at) == (ReportState.READY, RunState.DONE, None)
    assert signed.sha256 != DRAFT
    assert all("Reviewed and signed by Ada R. Eviewer on" in page for page in pages)
    assert not any("Draft" in page for page in pages)
    assert DRAFT in pages[0]
    assert "Left in: the greeting at 0:04." in pages[1]
    assert not default_storage.exists(draft)


def test_while_it_is_rendered_anew_the_draft_is_not_said_to_be_the_report(signed):
    signed.refresh_from_db()
    assert not signed.is_ready
    assert default_storage.exists(signed.storage_key)


def test_a_report_that_nobody_asked_for_is_not_rendered_anew(signed):
    Report.objects.update(state=ReportState.READY)

    publish.make(signed.pk)

    assert fresh(signed).attempts == 1


def test_a_signed_report_that_fails_has_all_its_attempts_and_can_be_asked_for_again(
    signed, quick, monkeypatch
):
    with monkeypatch.context() as patch:
        patch.setattr(publish, "render_pdf", failing)
        for attempt in range(2, publish.ATTEMPTS + 1):
            publish.make(signed.pk)
            signed.refresh_from_db()
            assert (signed.state, signed.attempts) == (ReportState.REQUESTED, attempt)
        publish.make(signed.pk)

    signed.refresh_from_db()
    assert (signed.state, signed.storage_key, signed.sha256) == (ReportState.FAILED, "", "")
    requests.request_again(signed)
    publish.make(signed.pk)
    signed.refresh_from_db()
    assert signed.is_ready
    with default_storage.open(signed.storage_key) as handle:
        assert handle.read() == b"signed by Ada R. Eviewer"


def test_a_lost_wake_up_of_a_signed_report_is_made_good_by_the_sweep(signed):
    """Once; and not while it waits or is rendered."""
    OrmQ.objects.all().delete()
    row = Report.objects.filter(pk=signed.pk)
    waiting = requests.sweep()
    row.update(
        woken_at=timezone.now() - requests.AGAIN_AFTER - timedelta(seconds=1),
        claimed_until=timezone.now() + timedelta(seconds=30),
    )
    rendered = requests.sweep()
    row.update(claimed_until=None)

    assert (waiting, rendered) == (0, 0)
    assert (sweeps.sweep(), sweeps.sweep()) == (1, 0)
    assert [(task["func"], task["args"][1]) for task in queued()] == [(MAKE_TASK, str(signed.pk))]


def test_a_report_that_the_sweep_fails_for_holds_up_no_other(signed, monkeypatch, caplog):
    Report.objects.update(woken_at=timezone.now() - requests.AGAIN_AFTER - timedelta(seconds=1))
    monkeypatch.setattr(requests, "wake", failing)

    assert requests.sweep() == 0
    assert f"report {signed.pk}: a sweep could not deal with it" in caplog.text


def test_erasing_a_signed_report_leaves_neither_of_its_files(signed, quick, run):
    draft = signed.storage_key
    publish.make(signed.pk)
    signed.refresh_from_db()

    erasure.erase_recording(run.recording)
    erase_all()

    assert not default_storage.exists(draft)
    assert not default_storage.exists(signed.storage_key)
    assert not Review.objects.exists()
