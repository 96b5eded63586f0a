"""The tasks as the queue calls them; one of them with the real engine from file to result."""

from datetime import timedelta
from uuid import uuid4

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django_q.models import OrmQ

from analysis import tasks
from analysis.domain.intake import uploads
from analysis.domain.work import leases
from analysis.engine.result import from_json
from analysis.enums import RunState
from echodepth.tenancy import tenant
from tests.support.models import FOLDER, real_models
from tests.support.tenants import fresh


def test_a_recording_is_analysed_by_the_task_its_upload_queued(acme, clip, settings):
    real_models()
    settings.MODELS_FOLDER = FOLDER
    with tenant(acme.organisation.pk):
        recording = uploads.receive_recording(SimpleUploadedFile("talk.mp4", clip), acme.project, acme.user)
        run = recording.runs.get()
    (queued,) = OrmQ.objects.all()
    assert queued.task["func"] == "analysis.tasks.analyse_run"
    tasks.analyse_run(*queued.task["args"])
    run = fresh(run)
    assert (run.state, run.error_code, run.attempts) == (RunState.REPORTING, "", 1)
    assert (run.frames_done, run.media_facts["frames"], run.summary["tracks"]) == (30, 30, 1)
    with default_storage.open(run.result_key) as stored:
        result = from_json(stored.read().decode())
    assert result.media.sha256 == recording.sha256
    assert default_storage.size(run.frames_key) > 1_000
    before = fresh(run)
    tasks.analyse_run(*queued.task["args"])  # the queue may deliver twice
    assert fresh(run).attempts == before.attempts


def test_a_task_sees_its_own_organisation_only(acme, other):
    run = other.run()
    tasks.analyse_run(str(acme.organisation.pk), str(run.pk))
    assert (fresh(run).state, fresh(run).attempts) == (RunState.REQUESTED, 0)


def test_the_sweep_removes_what_a_killed_worker_left(acme, settings, tmp_path):
    settings.DATA_FOLDER = tmp_path
    left = tmp_path / "work" / f"{acme.organisation.pk}.{uuid4()}"
    left.mkdir(parents=True)
    tasks.sweep()
    assert not left.exists()


def test_the_sweep_wakes_what_waits(acme):
    run = acme.run(woken_at=timezone.now() - leases.WAKE_AGAIN_AFTER - timedelta(seconds=1))
    tasks.sweep()
    assert [task.task["args"] for task in OrmQ.objects.all()] == [(str(acme.organisation.pk), str(run.pk))]
