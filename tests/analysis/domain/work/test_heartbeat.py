import time
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from analysis.domain.work import heartbeat, leases, runs, segments
from analysis.domain.work.interrupt import stop_asked
from analysis.engine.errors import CancelledError
from analysis.enums import RunState
from analysis.models import Run
from echodepth.tenancy import tenant
from tests.analysis.conftest import Tenant
from tests.support.engines import BLOCK, plan_of


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


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("storage")
@pytest.mark.parametrize("count", [1, 2])
def test_a_stop_gives_silent_work_back_beside_it(monkeypatch, count):
    """As scoring a long track is: it would be killed before it could say so itself."""
    monkeypatch.setattr(heartbeat, "LOOK_SECONDS", 0.05)
    acme = Tenant("acme")
    run = acme.run()
    with tenant(acme.organisation.pk):
        held = runs.claim(run.pk)
        if count > 1:
            assert segments.cut(held, plan_of(count).to_json(), [BLOCK] * count)
            held = segments.claim(run.pk)
        row = run.segments.get(pk=held.segment_id) if count > 1 else run
        try:
            with heartbeat.Renewal(held):
                stop_asked.set()
                _wait_for(row, lambda: row.lease is None)
        finally:
            stop_asked.clear()
        assert row.attempts == 0
        assert not heartbeat.ledger(held).renew(held)
        assert not heartbeat.ledger(held).release(held)
        assert (runs if count == 1 else segments).claim(run.pk).attempt == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("storage")
def test_a_release_that_the_database_did_not_take_is_written_again(monkeypatch):
    monkeypatch.setattr(heartbeat, "LOOK_SECONDS", 0.05)
    acme, calls = Tenant("acme"), []
    run = acme.run()
    with tenant(acme.organisation.pk):
        held = runs.claim(run.pk)

        def release():
            calls.append(1)
            return away() if len(calls) == 1 else runs.release(held)

        try:
            with heartbeat.Renewal(held, release=release):
                stop_asked.set()
                _wait_for(run, lambda: run.lease is None)
        finally:
            stop_asked.clear()
    assert len(calls) == 2
    assert (run.state, run.attempts) == (RunState.REQUESTED, 0)


def _wait_for(row, holds):
    end = time.monotonic() + 10
    row.refresh_from_db()
    while time.monotonic() < end and not holds():
        time.sleep(0.05)
        row.refresh_from_db()
    assert holds()


def _renewed(run):
    run.refresh_from_db()
    return run.lease_until - timezone.now() > leases.LEASE / 2


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
        assert (run.state, run.frames_done) == (RunState.SCORING, 0)


def away(*_args):
    raise OperationalError("the server closed the connection")


def test_a_database_that_is_away_is_borne_as_long_as_the_lease_lasts(acme, monkeypatch):
    monkeypatch.setattr(heartbeat.connection, "close", lambda: None)
    monkeypatch.setattr(heartbeat, "PROGRESS_SECONDS", 0.0)
    run = acme.run()
    with tenant(acme.organisation.pk):
        beat = heartbeat.Heartbeat(runs.claim(run.pk))
        with monkeypatch.context() as patch:
            patch.setattr(runs, "progress", away)
            beat("analysing", 1, 100)
        beat("analysing", 2, 100)
        run.refresh_from_db()
        assert run.frames_done == 2
        monkeypatch.setattr(leases, "LEASE", timedelta(0))
        monkeypatch.setattr(runs, "progress", away)
        with pytest.raises(CancelledError):
            beat("analysing", 3, 100)


def test_a_segments_beat_is_written_on_the_segment(acme):
    run = acme.run()
    with tenant(acme.organisation.pk):
        assert segments.cut(runs.claim(run.pk), plan_of(2).to_json(), [BLOCK] * 2)
        held = segments.claim(run.pk)
        heartbeat.Heartbeat(held)("analysing", 40, BLOCK)
        run.refresh_from_db()
        assert (run.frames_done, run.frames_total) == (40, 2 * BLOCK)
        assert run.segments.get(number=0).frames_done == 40
        runs.cancel(run.pk)
        with pytest.raises(CancelledError):
            heartbeat.Heartbeat(held)("analysing", 41, BLOCK)


def test_a_beat_without_the_lease_stops_the_work(acme):
    run = acme.run()
    with tenant(acme.organisation.pk):
        beat = heartbeat.Heartbeat(runs.claim(run.pk))
        runs.cancel(run.pk)
        with pytest.raises(CancelledError):
            beat("analysing", 1, 100)
