"""What only real processes show is in `management/commands/test_worker.py`."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from multiprocessing import Value
from types import SimpleNamespace

import psutil
import pytest

from analysis import cluster
from analysis.cluster import ReleasingCluster, WatchfulSentinel
from analysis.worker import STOP_SIGNAL

KILLED = -signal.SIGKILL
IDLE, BUSY, TIMED_OUT, RECYCLED = -1, 20_000, 0, -2
WAITS = """
import signal, sys, time
signal.signal(signal.SIGUSR1, lambda *_: sys.exit(7))
open(sys.argv[1], "w").close()
time.sleep(60)
"""
PARENT = """
import subprocess, sys
subprocess.run([sys.executable, "-c", sys.argv[2], sys.argv[1]])
"""


def member(exitcode, timer=IDLE, pid=None):
    return SimpleNamespace(
        exitcode=exitcode, timer=Value("f", timer), pid=pid, name="one", is_alive=lambda: exitcode is None
    )


@pytest.fixture
def sentinel():
    made = WatchfulSentinel.__new__(WatchfulSentinel)
    made.monitor, made.pusher, made.pool = member(None), member(None), []
    return made


@pytest.fixture
def ended(monkeypatch):
    """How often the group was ended, and django-q2 replaced a process; in order."""
    happened = []
    monkeypatch.setattr(cluster, "end_group", lambda: happened.append("ended"))
    monkeypatch.setattr(cluster.Sentinel, "reincarnate", lambda *_: happened.append("replaced"))
    return happened


@pytest.mark.parametrize(
    ("exitcode", "timer"),
    [
        (-signal.SIGKILL, IDLE),
        (-signal.SIGKILL, BUSY),
        (-signal.SIGKILL, RECYCLED),
        (0, TIMED_OUT),
        (1, IDLE),
    ],
)
def test_a_worker_that_died_ends_the_cluster(sentinel, ended, exitcode, timer):
    sentinel.pool = [member(exitcode, timer)]
    sentinel.reincarnate(sentinel.pool[0])
    assert ended[0] == "ended"


def test_a_worker_that_was_retired_is_replaced(sentinel, ended):
    sentinel.pool = [member(0, RECYCLED)]
    sentinel.reincarnate(sentinel.pool[0])
    assert ended == ["replaced"]


@pytest.mark.parametrize("name", ["monitor", "pusher"])
@pytest.mark.parametrize(
    ("exitcode", "first"), [(0, "replaced"), (1, "replaced"), (-signal.SIGKILL, "ended")]
)
def test_monitor_and_pusher_may_give_up_but_not_be_killed(sentinel, ended, name, exitcode, first):
    setattr(sentinel, name, member(exitcode))
    sentinel.reincarnate(getattr(sentinel, name))
    assert ended[0] == first


@pytest.fixture
def waiting(tmp_path):
    """A process that ends with status 7 when told to stop."""
    with subprocess.Popen([sys.executable, "-c", WAITS, tmp_path / "ready"]) as child:
        wait_for((tmp_path / "ready").exists)
        yield child
        child.kill()


def wait_for(condition):
    end = time.monotonic() + 10
    while time.monotonic() < end and not condition():
        time.sleep(0.02)
    assert condition()


def test_the_others_are_told_before_the_cluster_ends(sentinel, ended, waiting):
    dead = member(KILLED, pid=None)
    sentinel.pool = [dead, member(None, IDLE, waiting.pid)]
    sentinel.reincarnate(dead)
    assert waiting.wait(10) == 7


def test_it_waits_for_another_that_is_busy_but_not_for_long(sentinel, ended, monkeypatch):
    monkeypatch.setattr(cluster, "RELEASE_SECONDS", 0.3)
    dead, busy = member(KILLED), member(None, BUSY)
    busy.timer.get_lock().acquire()  # as one that died while it handed over a result leaves it
    sentinel.pool = [dead, busy]
    began = time.monotonic()
    sentinel.reincarnate(dead)
    assert 0.3 <= time.monotonic() - began < 3
    assert ended[0] == "ended"


def test_a_cluster_that_stops_tells_its_workers_and_none_of_theirs(tmp_path, monkeypatch):
    """A process that decodes for a worker is the worker's to end, which then knows why."""
    monkeypatch.setattr(cluster, "end_group", lambda: None)
    made, ready = ReleasingCluster.__new__(ReleasingCluster), str(tmp_path / "ready")
    script = [sys.executable, "-c", PARENT, ready, WAITS]
    with subprocess.Popen(script) as worker:
        wait_for((tmp_path / "ready").exists)
        made.sentinel = SimpleNamespace(pid=os.getpid(), is_alive=lambda: False)
        made.sig_handler(signal.SIGTERM, None)
        assert worker.wait(10) == -STOP_SIGNAL
        (grandchild,) = [process for process in psutil.process_iter() if ready in cmdline(process)]
        assert grandchild.is_running()
        grandchild.kill()


def cmdline(process):
    with suppress(psutil.Error):
        return process.cmdline()
    return []


def test_a_cluster_that_does_not_stop_is_ended(monkeypatch):
    happened = []
    monkeypatch.setattr(cluster, "STOP_SECONDS", 0.1)
    monkeypatch.setattr(cluster, "end_group", lambda: happened.append("ended"))
    made = ReleasingCluster.__new__(ReleasingCluster)
    made.sentinel = SimpleNamespace(pid=None, is_alive=lambda: False)
    made.sig_handler(signal.SIGTERM, None)
    wait_for(lambda: happened == ["ended"])


def test_the_stop_signal_is_one_that_no_terminal_sends():
    assert STOP_SIGNAL not in {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
