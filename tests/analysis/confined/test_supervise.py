import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import psutil
import pytest

from analysis.confined import supervise
from analysis.confined.errors import DecoderFailedError, Reason
from analysis.confined.supervise import Patience
from analysis.confined.wire import Task
from analysis.engine.errors import CancelledError
from echodepth.env import BASE_DIR
from tests.analysis.confined.conftest import BOUNDS, MIB


def failed(hostile, call, facts=None, **options):
    with pytest.raises(DecoderFailedError) as caught:
        hostile(call, facts, **options)
    return caught.value.facts["reason"]


@pytest.fixture(autouse=True)
def _nothing_is_left():
    """No process, zombies included, and no open file of a call that is over."""
    me = psutil.Process()
    before, children = me.num_fds(), me.children()  # a browser of other tests among them
    yield
    assert [child for child in me.children() if child not in children] == []
    assert me.num_fds() <= before


def test_a_crash_is_told(hostile):
    assert failed(hostile, "crash") == Reason.CRASH


def test_an_abort_of_a_library_is_told(hostile):
    assert failed(hostile, "abort") == Reason.CRASH


def test_what_a_child_complains_of_is_kept_in_short(hostile, caplog):
    assert failed(hostile, "complain") == Reason.CRASH

    (record,) = caplog.records
    assert "ValueError: at last" in record.getMessage()
    assert len(record.getMessage()) < supervise.MOST_COMPLAINT + 100


def test_a_child_that_takes_memory_gets_no_more(hostile):
    most = {"peak": 0}

    def heard(*_state):
        for child in psutil.Process().children():
            most["peak"] = max(most["peak"], child.memory_info().rss)

    assert failed(hostile, "take_memory", heard=heard) == Reason.MEMORY
    assert 256 * MIB < most["peak"] < BOUNDS.memory + 256 * MIB


def test_a_child_that_computes_for_ever_is_ended(hostile):
    begun = time.monotonic()

    assert failed(hostile, "spin", bounds=replace(BOUNDS, cpu_seconds=2)) == Reason.TIME
    assert time.monotonic() - begun < 20


def test_a_child_that_makes_no_progress_is_ended(hostile):
    seen = []

    reason = failed(
        hostile, "sleep", {"steps": 3}, patience=Patience(5, 60), heard=lambda *state: seen.append(state)
    )

    assert reason == Reason.TIME
    assert seen[-1] == ("analysing", 2, None)


def test_a_child_is_not_blamed_for_what_its_parent_waits_for(hostile):
    waited = []

    def heard(*_state):
        if not waited:
            waited.append(True)
            time.sleep(6)

    assert hostile("inherited", patience=Patience(5, 5), heard=heard)["media"] > 2


def test_a_call_takes_no_longer_than_it_may(hostile):
    assert failed(hostile, "sleep", {"steps": 3}, patience=Patience(60, 1.5)) == Reason.TIME


@pytest.mark.parametrize(
    "said",
    [
        "nonsense\n",
        "[" * 100_000 + "\n",
        '{"result": 1}\n{"result": 2}\n',
        '{"progress": ["scoring", 1, 2]}\n',
        '{"progress": ["analysing", 1e400, 2]}\n',
        '{"progress": ["analysing", "1", 2]}\n',
        '{"progress": []}\n',
        '{"error": {"code": "engine_error", "facts": {}}}\n',
        '{"error": {"code": ["too_long"], "facts": {}}}\n',
        '{"error": 1}\n',
        '{"os_error": "28"}\n',
        '{"result": 1, "error": {}}\n',
    ],
)
def test_a_child_that_says_what_none_of_ours_says_is_not_believed(hostile, said):
    assert failed(hostile, "say_raw", {"said": said, "times": 1}) == Reason.OUTPUT


@pytest.mark.parametrize("said", ["x" * (1 << 20), '{"progress": ["analysing", 1, 2]}\n' * (1 << 15)])
def test_a_child_that_says_too_much_is_ended(hostile, said):
    me = psutil.Process()
    before = me.memory_info().rss

    assert failed(hostile, "say_raw", {"said": said, "times": 1 << 10}) == Reason.OUTPUT
    assert me.memory_info().rss - before < 64 * MIB


@pytest.mark.parametrize(("files", "size"), [(5, MIB // 2), (200, 1)])
@pytest.mark.parametrize("wait", [True, False])
def test_a_child_that_fills_the_disk_is_ended(hostile, tmp_path, files, size, wait):
    facts = {"folder": str(tmp_path), "files": files, "bytes": size, "wait": wait}

    assert failed(hostile, "fill_folder", facts, write=(str(tmp_path),)) == Reason.OUTPUT


def test_a_child_that_writes_no_more_than_it_may_is_let(hostile, tmp_path):
    facts = {"folder": str(tmp_path), "files": 3, "bytes": MIB // 2, "wait": False}

    assert hostile("fill_folder", facts, write=(str(tmp_path),)) is None
    assert len(list(tmp_path.iterdir())) == 3


def test_a_cancelled_call_ends_its_child_at_once(hostile):
    children, calls = [], []
    others = psutil.Process().children()

    def heard(*_state):
        calls.append(time.monotonic())
        children[:] = [child for child in psutil.Process().children() if child not in others]
        if len(calls) == 5:
            raise CancelledError

    with pytest.raises(CancelledError):
        hostile("sleep", {"steps": 1}, heard=heard)

    assert time.monotonic() - calls[-1] < 1
    assert [child for child in children if child.is_running()] == []
    assert max(after - before for before, after in pairwise(calls)) < 0.5


def test_a_stop_of_the_worker_does_not_end_its_child(hostile):
    """Ctrl-C and the service manager signal every process of a worker; the worker then cancels the call."""
    seen = []

    def heard(*state):
        seen.append(state)
        for child in psutil.Process().children():
            child.send_signal(signal.SIGTERM)
            child.send_signal(signal.SIGINT)
        if len(seen) == 6:
            raise CancelledError

    with pytest.raises(CancelledError):
        hostile("sleep", {"steps": 1}, heard=heard)


SCRIPT = """
import sys
from pathlib import Path
from analysis.confined import supervise, wire
supervise.COMMAND = (sys.executable, "-m", "tests.support.hostile_child")
bounds = wire.Bounds(memory=1 << 30, cpu_seconds=20, file_bytes=0)
said = lambda *state: print(*state, flush=True)
task = wire.Task("sleep", {"steps": 2}, bounds)
supervise.call(task, Path(sys.argv[1]), supervise.Patience(60), said)
"""


def test_a_child_dies_with_its_parent(clip):
    with subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(clip)], cwd=BASE_DIR, stdout=subprocess.PIPE, text=True
    ) as parent:
        while "analysing" not in parent.stdout.readline():
            assert parent.poll() is None
        (child,) = psutil.Process(parent.pid).children()
        os.kill(parent.pid, signal.SIGKILL)

    assert psutil.wait_procs([child], timeout=5)[1] == []


def test_what_cannot_be_opened_or_started_is_the_systems_refusal(monkeypatch, clip):
    monkeypatch.setattr(supervise, "COMMAND", ("/nowhere/python",))

    for media in (clip, Path("/nowhere/media")):
        with pytest.raises(FileNotFoundError):
            supervise.call(Task("probe", {}, BOUNDS), media, Patience(1, 1), lambda *_: None)
