import time
from datetime import timedelta

import pytest
from django.utils import timezone

from analysis.domain import heartbeat, runs
from analysis.engine.errors import CancelledError
from analysis.enums import RunState
from analysis.models import Run
from echodepth.tenancy import tenant
from tests.analysis.conftest import Tenant


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("storage")
def test_the_lease_is_renewed_while_the_engine_is_silent(monkeypatch):
    monkeypatch.setattr(heartbeat, "RENEW_SECONDS", 0.05)
    acme = Tenant("acme")
    run = acme.run()
    with tenant(acme.organisation.pk):
        held = runs.claim(run.pk)
        Run.objects.update(lease_until=timezone.now() + timedelta(seconds=1))
        with heartbeat.Renewal(held):
            end = time.monotonic() + 10
            while time.monotonic() < end and not _renewed(run):
                time.sleep(0.05)
        assert _renewed(run)
        runs.cancel(run.pk)
        with heartbeat.Renewal(held):
            time.sleep(0.2)
        run.refresh_from_db()
        assert run.lease_until is None


def _renewed(run):
    run.refresh_from_db()
    return run.lease_until - timezone.now() > runs.LEASE / 2


def test_progress_is_written_at_most_once_a_second(acme, django_assert_num_queries):
    run = acme.run()
    with tenant(acme.organisation.pk):
        beat = heartbeat.Heartbeat(runs.claim(run.pk))
        with django_assert_num_queries(1):
            for done in range(100):
                beat("analysing", done, 100)
        run.refresh_from_db()
        assert (run.state, run.frames_done) == (RunState.ANALYSING, 0)
        with django_assert_num_queries(1):
            beat("reporting", 100, 100)  # a stage that holds no lease reads as the last that does
        run.refresh_from_db()
        assert (run.state, run.frames_done) == (RunState.SCORING, 100)


def test_a_beat_without_the_lease_stops_the_work(acme):
    run = acme.run()
    with tenant(acme.organisation.pk):
        beat = heartbeat.Heartbeat(runs.claim(run.pk))
        runs.cancel(run.pk)
        with pytest.raises(CancelledError):
            beat("analysing", 1, 100)
