"""Children are real processes here: what matters is what the system does with them."""

import os
import signal
import subprocess
import sys
import textwrap
import time

import psutil
import pytest

from analysis.children import Child
from echodepth.env import BASE_DIR

FAMILY = """
import os, sys, time
if os.fork() == 0:
    time.sleep(60)
open(sys.argv[1], "w").write(str(os.getpid()))
time.sleep(60)
"""


DEAF = """
import signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
open(sys.argv[1], "w").close()
time.sleep(60)
"""


def wait_for(condition, seconds=10):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


def members(group):
    return [p.pid for p in psutil.process_iter() if _group(p) == group]


def _group(process):
    try:
        return os.getpgid(process.pid) if process.status() != psutil.STATUS_ZOMBIE else None
    except (ProcessLookupError, psutil.NoSuchProcess):
        return None


@pytest.fixture
def family(tmp_path):
    """A child that has a child of its own."""
    ready = tmp_path / "ready"
    child = Child("family", [sys.executable, "-c", FAMILY, str(ready)])
    child.start()
    assert wait_for(lambda: ready.exists() and ready.read_text())
    yield child, int(ready.read_text())
    child.stop(time.monotonic())


def test_stop_ends_the_whole_group(family):
    child, group = family
    assert len(members(group)) == 2
    child.ask_to_stop()
    child.stop(time.monotonic() + 5)
    assert wait_for(lambda: members(group) == [])  # killed at once, reaped by init a moment later
    assert child.returncode == -signal.SIGTERM


def test_a_child_that_does_not_heed_is_killed(tmp_path):
    ready = tmp_path / "ready"
    child = Child("deaf", [sys.executable, "-c", DEAF, str(ready)])
    child.start()
    assert wait_for(ready.exists)
    child.ask_to_stop()
    child.stop(time.monotonic() + 0.5)
    assert child.returncode == -signal.SIGKILL


def test_a_dead_child_is_revived_without_what_it_left(family):
    child, group = family
    assert not child.revive()
    os.kill(group, signal.SIGKILL)
    assert wait_for(child.revive)
    assert child.returncode is None
    assert wait_for(lambda: members(group) == [])


def test_a_child_that_dies_of_its_start_is_revived_later_and_later():
    child = Child("broken", [sys.executable, "-c", "raise SystemExit(3)"])
    child.start()
    starts = []
    began = time.monotonic()
    while time.monotonic() - began < 4:
        if child.revive():
            starts.append(time.monotonic() - began)
        time.sleep(0.02)
    assert 1 <= len(starts) <= 2
    assert starts[0] >= 0.9


@pytest.mark.skipif(sys.platform != "linux", reason="a killed parent is noticed on Linux only")
def test_a_child_is_told_when_its_parent_is_killed():
    script = """
        import sys, time
        from analysis.children import Child
        child = Child("sleeper", [sys.executable, "-c", "import time; time.sleep(60)"])
        child.start()
        print(child._process.pid, flush=True)
        time.sleep(60)
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    with subprocess.Popen(command, cwd=BASE_DIR, stdout=subprocess.PIPE, text=True) as parent:
        child = int(parent.stdout.readline())
        assert members(child) == [child]
        parent.kill()
        parent.wait(5)
    assert wait_for(lambda: members(child) == [])
