from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families

from analysis.domain.work.wakeups import wake
from analysis.enums import RunState
from analysis.models import WorkerBeat
from tests.factories import RunFactory, SegmentFactory, UploadFactory
from tests.support.tenants import save

pytestmark = pytest.mark.django_db


def told(client):
    """Sample's name with the values of its labels -> number."""
    text = client.get("/metrics").content.decode()
    samples = [one for family in text_string_to_metric_families(text) for one in family.samples]
    return {
        (one.name, *(value for _, value in sorted(one.labels.items()))): one.value
        for one in samples
        if one.name.startswith("echodepth_")
    }


def test_an_installation_without_work_says_so(client):
    found = told(client)

    assert found["echodepth_queue_oldest_seconds",] == 0
    assert found["echodepth_workers",] == 0
    assert found["echodepth_runs", "failed"] == 0
    assert ("echodepth_workers_last_seen_seconds",) not in found


def test_work_is_counted_from_the_database(client, organisation):
    now = timezone.now()
    waiting = save(RunFactory(), requested_at=now - timedelta(minutes=5))
    wake(waiting.organisation_id, waiting.pk)
    begun = now - timedelta(seconds=20)
    for _ in range(2):
        save(
            RunFactory(state=RunState.ANALYSING),
            analysing_since=begun,
            heartbeat_at=begun + timedelta(seconds=10),
            frames_done=100,
        )
    save(RunFactory(state=RunState.FAILED), error_code="unreadable")
    save(RunFactory(state=RunState.DONE))
    SegmentFactory(run__state=RunState.ANALYSING, state="working")
    UploadFactory()
    WorkerBeat.objects.create(cluster="one", seen_at=now, beat_at=now - timedelta(minutes=1), workers=3)
    WorkerBeat.objects.create(cluster="gone", seen_at=now - timedelta(hours=1), beat_at=begun, workers=5)

    found = told(client)

    assert found["echodepth_queue_wakeups",] == 1
    assert 300 <= found["echodepth_queue_oldest_seconds",] < 330
    assert found["echodepth_runs", "requested"] == 1
    assert found["echodepth_runs", "analysing"] == 3
    assert found["echodepth_runs_ended", "unreadable", "failed"] == 1
    assert found["echodepth_runs_ended", "", "done"] == 1
    assert found["echodepth_segments", "working"] == 1
    assert found["echodepth_uploads", "open"] == 1
    assert found["echodepth_engine_frames_per_second",] == 20
    assert (found["echodepth_worker_machines",], found["echodepth_workers",]) == (1, 3)
    assert found["echodepth_workers_last_seen_seconds",] < 30
    assert found["echodepth_workers_last_beat_seconds",] < 60
    text = client.get("/metrics").content.decode()
    assert str(waiting.pk) not in text
    assert str(waiting.organisation_id) not in text


def test_while_the_database_is_away_the_process_still_tells_of_itself(client):
    def broken(*_args):
        raise OperationalError("gone")

    assert told(client)["echodepth_database_up",] == 1
    with connection.execute_wrapper(broken):
        found = told(client)

    assert found["echodepth_database_up",] == 0
    assert ("echodepth_queue_wakeups",) not in found
    assert any(name[0] == "echodepth_http_requests_total" for name in found)
