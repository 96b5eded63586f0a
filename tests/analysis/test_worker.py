import os
import signal
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from analysis import worker
from analysis.domain.work import beats
from analysis.domain.work.interrupt import stop_asked
from analysis.models import WorkerBeat

LONG_AGO = timedelta(hours=1)


@pytest.fixture
def own_signal():
    before = signal.getsignal(worker.STOP_SIGNAL)
    yield
    signal.signal(worker.STOP_SIGNAL, before)
    stop_asked.clear()


@pytest.mark.usefixtures("own_signal")
def test_the_stop_signal_is_remembered_not_obeyed_at_once():
    worker.watch_for_stop()
    assert not stop_asked.is_set()
    os.kill(os.getpid(), worker.STOP_SIGNAL)
    assert stop_asked.wait(5)


def age():
    row = WorkerBeat.objects.filter(cluster=beats.cluster_name()).first()
    return timezone.now() - row.beat_at if row else LONG_AGO


def wait_for(condition):
    end = time.monotonic() + 10
    while time.monotonic() < end and not condition():
        time.sleep(0.02)
    return condition()


@pytest.mark.django_db(transaction=True)
def test_a_task_however_long_and_silent_keeps_beating(monkeypatch):
    monkeypatch.setattr(worker, "BEAT_SECONDS", 0.05)
    worker.start_pulse(task={})
    try:
        assert wait_for(lambda: age() < LONG_AGO / 2)
        WorkerBeat.objects.update(beat_at=timezone.now() - LONG_AGO)
        assert wait_for(lambda: age() < LONG_AGO / 2)
    finally:
        worker.stop_pulse()
    WorkerBeat.objects.update(beat_at=timezone.now() - LONG_AGO)
    time.sleep(0.2)
    assert age() >= LONG_AGO


@pytest.mark.django_db
def test_a_task_run_in_place_does_not_beat():
    worker.start_pulse(task={"sync": True})
    worker.stop_pulse()
    assert not WorkerBeat.objects.exists()
