import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from accounts.enums import PlatformRole
from analysis.enums import RunState
from analysis.models import Run, WorkerBeat
from tests.factories import RecordingFactory, RunFactory, SubjectFactory
from tests.support.staff import at_work, platform_person
from tests.support.tenants import every, save

pytestmark = pytest.mark.django_db

PAGE = "/platform/operations/"


@pytest.fixture
def admin(db):
    return at_work(platform_person())


@pytest.fixture
def recording(organisation):
    subject = SubjectFactory(
        project__organisation=organisation, project__name="Secret project", label="Ada Lind"
    )
    return RecordingFactory(
        project=subject.project, subject=subject, title="Secret talk", original_name="secret-file.mp4"
    )


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode().replace("\xa0", " ")))


def retry_of(run):
    return f"{PAGE}{run.organisation_id}/runs/{run.pk}/retry/"


def test_an_installation_at_rest(admin):
    page = text(admin.get(PAGE))

    assert "No workers are there." in page
    assert "No worker was seen in the last week." in page
    assert "Nothing is analysed at the moment." in page
    assert "No run failed." in page


def test_work_is_told_by_ids_and_never_by_names(admin, organisation, recording, owner):
    now = timezone.now()
    WorkerBeat.objects.create(cluster="worker-7", seen_at=now, beat_at=now - timedelta(minutes=4), workers=2)
    WorkerBeat.objects.create(
        cluster="worker-8", seen_at=now - timedelta(hours=3), beat_at=now - timedelta(hours=4), workers=2
    )
    working = save(
        RunFactory(recording=recording, state=RunState.ANALYSING),
        frames_done=300,
        frames_total=1200,
        attempts=1,
        started_at=now - timedelta(minutes=3),
        heartbeat_at=now,
    )
    waiting = save(RunFactory(recording__project=recording.project), requested_at=now - timedelta(minutes=7))
    answer = admin.get(PAGE)
    page = text(answer)

    assert re.search(r"worker-7 There 2 0 s ago 4 min ago", page)
    assert re.search(r"worker-8 Gone 2 3 h ago 4 h ago", page)
    assert f"{working.pk} of {organisation.pk}" in page
    assert "Analysing 25 %" in page
    assert "300 / 1200" in page
    assert f"{waiting.pk} of {organisation.pk} - 0 7 min ago" in page.replace("\N{EN DASH}", "-")
    assert "Oldest waits 7 min" in page
    secrets = ["Secret", "secret-file", "Ada Lind", organisation.name, organisation.slug, owner.user.email]
    assert [secret for secret in secrets if secret in answer.content.decode()] == []


def test_failures_are_counted_and_poisonous_runs_stand_out(admin):
    now = timezone.now()
    for code in ("unreadable", "unreadable", "attempts_spent"):
        run = save(RunFactory(state=RunState.FAILED), error_code=code, finished_at=now, attempts=3)
    page = text(admin.get(PAGE))

    assert "unreadable 2" in page
    assert "attempts_spent 1" in page
    assert re.search(rf"{run.pk} of {run.organisation_id} attempts_spent Poisonous 3", page)
    assert page.count("Run again") == 3


def test_work_that_nobody_takes_is_said_on_top(admin):
    save(RunFactory(), requested_at=timezone.now() - timedelta(hours=1))

    assert "Work waits and nobody is at any." in text(admin.get(PAGE))


def test_a_failed_run_is_run_again(admin, recording):
    failed = save(RunFactory(recording=recording, state=RunState.FAILED), error_code="storage_unavailable")

    answer = admin.post(retry_of(failed), follow=True)

    new = next(run for run in every(Run) if run.pk != failed.pk)
    assert (new.recording_id, new.state) == (recording.pk, RunState.REQUESTED)
    assert f"Requested again as run {new.pk}." in text(answer)
    assert "Secret" not in answer.content.decode()


def test_what_did_not_fail_is_refused_in_words(admin, recording):
    run = RunFactory(recording=recording, state=RunState.DONE)

    answer = admin.post(retry_of(run))

    assert answer.status_code == 409
    assert "This run has not failed." in text(answer)
    assert [one.pk for one in every(Run)] == [run.pk]


@pytest.mark.parametrize("role", [PlatformRole.SALES, PlatformRole.SUPPORT])
def test_it_is_for_admins_alone(role, recording):
    failed = save(RunFactory(recording=recording, state=RunState.FAILED), error_code="unreadable")
    client = at_work(platform_person(role))

    for answer in (client.get(PAGE), client.post(retry_of(failed))):
        assert answer.status_code == 404
        assert str(failed.pk) not in answer.content.decode()
    assert [one.pk for one in every(Run)] == [failed.pk]


def test_a_run_that_is_not_there_is_not_found(admin, recording):
    failed = save(RunFactory(recording=recording, state=RunState.FAILED), error_code="unreadable")
    failed.pk = uuid4()

    assert admin.post(retry_of(failed)).status_code == 404
    assert len(every(Run)) == 1
