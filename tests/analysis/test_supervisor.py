import os
import signal
import subprocess
import sys
import time
from itertools import islice
from threading import Event

import pytest
from django.db import OperationalError, connection
from django.utils import timezone
from django_q.models import OrmQ

from analysis import supervisor
from analysis.domain.work import beats, schedules, sweeps, wakeups, workplaces
from analysis.models import WorkerBeat
from tests.support.tenants import fresh

FAMILY = """
import os, time
if os.fork() == 0:
    if os.fork() == 0:
        os._exit(9)
    time.sleep(60)
time.sleep(60)
"""
"""A cluster whose sentinel does not bury its dead child."""


def test_pauses_grow_up_to_a_limit():
    assert list(islice(supervisor.pauses(), 7)) == [0.5, 1, 2, 4, 8, 15, 15]


class Away:
    """A database that comes back after some attempts."""

    def __init__(self, attempts, error=OperationalError):
        self.left = attempts
        self.error = error

    def __call__(self, *_arguments):
        if self.left:
            self.left -= 1
            raise self.error("connection refused\nsecond line")


@pytest.fixture
def soon(monkeypatch):
    monkeypatch.setattr(supervisor, "pauses", lambda: iter([0.01] * 100))


@pytest.mark.usefixtures("soon")
def test_it_waits_for_a_database_that_is_away(monkeypatch, caplog):
    away = Away(2)
    monkeypatch.setattr(connection, "ensure_connection", away)
    assert supervisor.await_database(Event())
    assert away.left == 0
    assert [record.message for record in caplog.records] == [
        "the database does not answer: connection refused"
    ] * 2


def test_it_does_not_wait_when_told_to_stop(monkeypatch):
    stopping = Event()

    def refuse():
        stopping.set()
        raise OperationalError

    monkeypatch.setattr(connection, "ensure_connection", refuse)
    assert not supervisor.await_database(stopping)


def queued():
    return [task.task["func"] for task in OrmQ.objects.order_by("pk")]


@pytest.mark.django_db
def test_the_first_round_wakes_what_may_be_lost_and_says_how_many_work(acme):
    run = acme.run(woken_at=timezone.now())
    rounds = supervisor.Rounds(lambda: 3)
    before = timezone.now()

    rounds.go()
    assert queued() == [wakeups.ANALYSE_TASK, schedules.SWEEP_TASK]
    row = WorkerBeat.objects.get(cluster=beats.cluster_name())
    assert (row.workers, row.seen_at >= before, rounds.silent) == (3, True, False)

    OrmQ.objects.all().delete()
    rounds.go()
    assert queued() == []
    assert fresh(run).woken_at >= before

    rounds.begin_anew()
    rounds.go()
    assert queued() == [wakeups.ANALYSE_TASK, schedules.SWEEP_TASK]


@pytest.mark.django_db
def test_silence_is_told_until_another_cluster_runs(monkeypatch):
    rounds = supervisor.Rounds(lambda: 1)
    monkeypatch.setattr(beats, "is_silent", lambda _cluster, _since: True)
    rounds.go()
    assert rounds.silent
    rounds.begin_anew()
    assert not rounds.silent


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize(
    ("error", "anew"), [(OperationalError, True), (ValueError, False)], ids=["away", "a surprise"]
)
def test_sweeps_go_on_after_trouble(monkeypatch, settings, error, anew):
    """Wake-ups are forgotten anew after the database was away, and for no other trouble."""
    settings.LEASE_SECONDS = 0
    gone = []
    rounds = supervisor.Rounds(lambda: 1)
    away = Away(3, error)

    def go():
        gone.append(rounds._fresh)
        rounds._fresh = False
        away()

    monkeypatch.setattr(rounds, "go", go)
    rounds.start()
    end = time.monotonic() + 10
    while time.monotonic() < end and len(gone) < 6:
        time.sleep(0.01)
    rounds.stop()
    assert not rounds.is_alive()
    assert gone[:6] == [True, anew, anew, anew, False, False]


def test_a_dead_process_that_nobody_buries_is_found(monkeypatch):
    monkeypatch.setattr(supervisor, "BURY_SECONDS", 0.2)
    looks = []
    with subprocess.Popen([sys.executable, "-c", FAMILY], process_group=0) as cluster:
        unburied = supervisor.Unburied()
        end = time.monotonic() + 10
        while time.monotonic() < end and not any(looks):
            looks.append(unburied.found(cluster.pid))
            time.sleep(0.05)
        os.killpg(cluster.pid, signal.SIGKILL)
    assert looks[-1]
    assert looks.index(True) >= 5  # twice the pause: one that has only just died is the sentinel's


def test_nothing_is_found_where_no_cluster_runs():
    unburied = supervisor.Unburied()
    unburied._looked -= 60
    assert not unburied.found(None)
    gone = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], check=True, capture_output=True
    )
    assert not unburied.found(int(gone.stdout))


def test_workers_are_seen_before_anything_can_go_wrong(monkeypatch, db):
    def stumble():
        raise ValueError("a surprise")

    monkeypatch.setattr(beats, "is_silent", lambda _cluster, _since: True)
    monkeypatch.setattr(sweeps, "sweep", stumble)
    rounds = supervisor.Rounds(lambda: 2)
    with pytest.raises(ValueError, match="a surprise"):
        rounds.go()
    assert (WorkerBeat.objects.get().workers, rounds.silent) == (2, True)


def test_storage_that_hangs_keeps_no_round_waiting(monkeypatch, db):
    hangs, let_go, asked = Event(), Event(), []

    def tidy():
        asked.append(1)
        if len(asked) == 1:
            raise ValueError("a surprise")
        hangs.set()
        let_go.wait(20)

    monkeypatch.setattr(supervisor, "LONGEST_SWEEP_PAUSE", 0.01)
    monkeypatch.setattr(sweeps, "tidy", tidy)
    tidying = supervisor.Tidying()
    tidying.start()
    assert hangs.wait(10)  # after it was tried once more
    supervisor.Rounds(lambda: 1).go()
    assert WorkerBeat.objects.get().workers == 1
    tidying.stop()
    let_go.set()
    tidying.join(10)
    assert not tidying.is_alive()


def test_every_round_sweeps(monkeypatch, db):
    swept = []
    for module in (sweeps, workplaces):
        monkeypatch.setattr(module, "sweep", lambda name=module.__name__: swept.append(name))
    rounds = supervisor.Rounds(lambda: 1)
    rounds.go()
    rounds.go()
    assert swept == [sweeps.__name__, workplaces.__name__] * 2
