"""What comes to a stand is set going again."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone
from django_q.models import OrmQ

from analysis.domain.work import leases, segments, sweeps
from analysis.enums import RunState
from analysis.signals import run_scored
from tests.factories import SegmentFactory


def queued():
    return [task.task["args"] for task in OrmQ.objects.order_by("pk")]


def test_sweep_wakes_lost_requests_and_silent_workers_of_every_organisation(acme, other):
    now = timezone.now()
    lost = acme.run(woken_at=now - leases.WAKE_AGAIN_AFTER - timedelta(seconds=1))
    never_woken = other.run()
    silent = other.run(state=RunState.ANALYSING, lease_until=now - timedelta(seconds=1))
    acme.run(woken_at=now)  # its wake-up may still lie in the queue
    acme.run(state=RunState.ANALYSING, lease_until=now + timedelta(seconds=30))
    acme.run(state=RunState.DONE)
    assert sweeps.sweep() == 3
    assert {args[1] for args in queued()} == {str(run.pk) for run in (lost, never_woken, silent)}
    assert sweeps.sweep() == 0
    assert len(queued()) == 3


def test_sweep_asks_again_for_a_report_that_never_came(acme):
    heard = []

    def listen(run, **_kwargs):
        heard.append(run.pk)

    late = acme.run(
        state=RunState.REPORTING,
        heartbeat_at=timezone.now() - sweeps.REPORT_AGAIN_AFTER - timedelta(seconds=1),
    )
    ahead = acme.run(state=RunState.REPORTING, heartbeat_at=timezone.now() + timedelta(hours=1))
    acme.run(state=RunState.REPORTING, heartbeat_at=timezone.now())
    run_scored.connect(listen)
    try:
        assert [sweeps.sweep(), sweeps.sweep()] == [2, 0]
        assert set(heard) == {late.pk, ahead.pk}  # the clock jumped back by an hour

        heard.clear()
        sweeps.forget_wakeups()
        assert [sweeps.sweep(), sweeps.sweep()] == [3, 0]
        assert len(set(heard)) == 3
    finally:
        run_scored.disconnect(listen)


def stumbling(at, error):
    """In the place of a function of one run, or of an organisation's run: fails for this one."""
    act = sweeps._wake_once

    def stumble(*row):
        if row[-1] == at.pk:
            raise error
        return act(*row)

    return stumble


def test_a_run_that_cannot_be_swept_holds_up_no_other(acme, other, monkeypatch, caplog):
    broken, sound, third = acme.run(), acme.run(), other.run()
    monkeypatch.setattr(sweeps, "_wake_once", stumbling(broken, ValueError("a surprise")))
    assert sweeps.sweep() == 2
    assert {args[1] for args in queued()} == {str(run.pk) for run in (sound, third)}
    assert str(broken.pk) in caplog.text


@pytest.mark.parametrize("broken", ["waiting", "cut", "report"])
def test_whatever_fails_of_one_run_the_rest_is_swept(acme, other, monkeypatch, broken):
    def stumble(*_arguments):
        raise ValueError("a surprise")

    place, name = {
        "waiting": (sweeps, "_wake_once"),
        "cut": (segments, "wake_again"),
        "report": (sweeps, "_report_again"),
    }[broken]
    acme.run()
    acme.run(state=RunState.REPORTING)
    cut = other.run(state=RunState.ANALYSING)
    SegmentFactory(run=cut, organisation=cut.organisation)
    with monkeypatch.context() as patch:
        patch.setattr(place, name, stumble)
        assert sweeps.sweep() == 2
    assert sweeps.sweep() == 1


def test_a_database_that_is_away_ends_the_sweep(acme, monkeypatch):
    run = acme.run()
    monkeypatch.setattr(sweeps, "_wake_once", stumbling(run, OperationalError("gone")))
    with pytest.raises(OperationalError):
        sweeps.sweep()
