"""`manage.py worker` as real processes on a database of their own."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from uuid import uuid4

import psutil
import pytest

from echodepth.env import BASE_DIR, VARIABLES

MANAGE = [sys.executable, "manage.py"]


class Machine:
    """A data folder, and the workers on it."""

    def __init__(self, folder):
        self.folder = folder
        names = {variable.name for variable in VARIABLES}
        self.environment = {name: value for name, value in os.environ.items() if name not in names} | {
            "ECHODEPTH_DATA_FOLDER": str(folder),
            "ECHODEPTH_DEMO": "true",
            "ECHODEPTH_WORKERS": "2",
            "DJANGO_SETTINGS_MODULE": "echodepth.settings",
        }

    def migrate(self):
        command = [*MANAGE, "migrate", "-v0"]
        subprocess.run(command, cwd=BASE_DIR, env=self.environment, check=True, timeout=120)

    @contextmanager
    def working(self):
        with subprocess.Popen([*MANAGE, "worker"], cwd=BASE_DIR, env=self.environment) as worker:
            self.pid = worker.pid
            try:
                yield worker
            finally:
                family = psutil.Process(worker.pid).children(recursive=True) if worker.poll() is None else []
                for process in [worker, *family]:
                    process.kill()

    def cluster(self):
        """Process id of the cluster; None while there is none."""
        return next((child.pid for child in psutil.Process(self.pid).children()), None)

    def members(self):
        """Workers first, then monitor and pusher: in the order in which a sentinel starts them."""
        try:
            (sentinel,) = psutil.Process(self.cluster()).children()
            return sorted(sentinel.children(), key=lambda process: process.pid)
        except (ValueError, psutil.NoSuchProcess):
            return []

    def last_beat(self):
        """When a worker last took a task, as text; empty before the first."""
        with closing(sqlite3.connect(self.folder / "echodepth.sqlite3", timeout=20)) as database:
            rows = database.execute("SELECT max(beat_at) FROM analysis_workerbeat").fetchone()
        return rows[0] or ""


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    made = Machine(tmp_path_factory.mktemp("migrated"))
    made.migrate()
    return made.folder / "echodepth.sqlite3"


@pytest.fixture
def machine(migrated, tmp_path):
    shutil.copy(migrated, tmp_path)
    return Machine(tmp_path)


def wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return False


def test_it_sweeps_at_its_start_and_ends_within_seconds(machine):
    left = machine.folder / "work" / f"{uuid4()}.{uuid4()}"
    left.mkdir(parents=True)
    with machine.working() as worker:
        assert wait_for(lambda: not left.exists() and len(machine.members()) == 4)
        family = psutil.Process(worker.pid).children(recursive=True)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(15) == 0
    _gone, alive = psutil.wait_procs(family, timeout=3)
    assert alive == []


@pytest.mark.parametrize("which", ["worker", "pusher"])
def test_tasks_are_taken_again_after_an_idle_process_was_killed(machine, which):
    with machine.working():
        assert wait_for(lambda: len(machine.members()) == 4 and machine.last_beat())
        time.sleep(1)  # the first sweep is done: all are idle
        cluster, beat = machine.cluster(), machine.last_beat()
        machine.members()[{"worker": 0, "pusher": 3}[which]].kill()
        assert wait_for(lambda: machine.cluster() not in {cluster, None}, seconds=10)
        assert wait_for(lambda: machine.last_beat() > beat, seconds=20)


def test_a_killed_supervisor_takes_its_cluster_along(machine):
    with machine.working() as worker:
        assert wait_for(lambda: len(machine.members()) == 4)
        family = psutil.Process(worker.pid).children(recursive=True)
        worker.kill()
        _gone, alive = psutil.wait_procs(family, timeout=15)
    assert alive == []
