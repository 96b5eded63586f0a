"""Hundreds of hostile files, each read whole by a child of its own.

Most children are forked from the test, which spares an interpreter's start for each; every tenth is a new
interpreter, as in the product. Both are bound alike.
"""

import gc
import hashlib
import sys
import time
from collections import Counter
from dataclasses import asdict

import psutil
import pytest

from analysis import confined
from analysis.confined import supervise
from analysis.confined.supervise import Patience
from analysis.confined.wire import Bounds, Task
from analysis.engine.errors import EngineError
from analysis.engine.probe import Limits
from tests.support import reading_child
from tests.support.forked_child import Forked
from tests.support.models import FOLDER, real_models
from tests.support.mutations import CONTAINERS, FRAMES, bases, corpus

MIB = 1 << 20
LIMITS = Limits(max_seconds=600)
LONGEST = 25.0
"""Seconds that any file may take; most take hundredths of one."""
KINDS = (*CONTAINERS, "else")
SPAWN = supervise._spawn


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    found = {kind: [] for kind in KINDS}
    for name, content in corpus(tmp_path_factory.mktemp("bases")):
        kind = name.partition(":")[0]
        found[kind if kind in CONTAINERS else "else"].append((name, content))
    return found


@pytest.fixture
def forked(monkeypatch):
    """Switches between children that are forked (True) and new interpreters."""
    monkeypatch.setattr(supervise, "COMMAND", (sys.executable, "-m", reading_child.__name__))

    def switch(on):
        spawn = (lambda asked, _descriptor: Forked(asked, reading_child.CALLS)) if on else SPAWN
        monkeypatch.setattr(supervise, "_spawn", spawn)

    switch(on=True)
    return switch


def read(path):
    """`read` and how many frames, or the code of what was raised and the reason."""
    task = Task("read", {"limits": asdict(LIMITS)}, Bounds(1024 * MIB, round(LONGEST), 0))
    try:
        found = supervise.call(task, path, Patience(LONGEST, LONGEST), lambda *_: None)
    except EngineError as error:
        return error.code, error.facts.get("reason")
    return "read", found["frames"]


def test_there_are_enough_of_them_and_no_two_alike(files):
    contents = [content for named in files.values() for _, content in named]

    assert len(contents) >= 200
    assert len(set(contents)) > 0.95 * len(contents)
    assert max(map(len, contents)) < 4 * MIB


def test_whole_files_are_read_whole(tmp_path, forked):
    bases(tmp_path)

    found = {suffix: read(tmp_path / f"base.{suffix}") for suffix in CONTAINERS}

    assert found == dict.fromkeys(CONTAINERS, ("read", FRAMES))


def left(folder):
    """What a call might leave behind in its parent."""
    me = psutil.Process()
    return me.num_fds(), me.num_threads(), me.children(), [one.name for one in folder.iterdir()]


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_files_hurt_nobody(kind, files, tmp_path, forked):
    path, took, came = tmp_path / "media", {}, {}
    path.touch()
    before, memory = left(tmp_path), psutil.Process().memory_info().rss
    for place, (name, content) in enumerate(files[kind]):
        forked(on=bool(place % 10))
        path.write_bytes(content)
        begun = time.monotonic()
        came[name] = read(path)
        took[name] = time.monotonic() - begun

    assert left(tmp_path) == before, came
    assert max(took.values()) < LONGEST, took
    gc.collect()
    assert psutil.Process().memory_info().rss - memory < 32 * MIB
    # Files that are all read, or none of them, would show nothing.
    codes = Counter(code for code, _ in came.values())
    assert len(codes) > 1 or kind == "else"
    assert codes["read"] < sum(codes.values())


@pytest.mark.parametrize("suffix", CONTAINERS)
def test_a_damaged_recording_goes_the_whole_way_or_is_refused(suffix, files, tmp_path):
    """Through the product's own calls: probe, plan, and the networks on what can be read."""
    real_models()
    content = dict(files[suffix])[f"{suffix}: 16 bits flipped, anywhere"]
    path = tmp_path / "media"
    path.write_bytes(content)
    (tmp_path / "own").mkdir()
    sha256 = hashlib.sha256(content).hexdigest()

    try:
        info = confined.probe(path, LIMITS, sha256)
        plan = confined.plan(path, LIMITS, 256, sha256)
        facts = confined.run_segment(path, tmp_path / "own", plan, 0, FOLDER, LIMITS, lambda *_: None)
    except EngineError as error:
        assert error.code in {"no_frames", "unreadable", "no_video_stream"}  # noqa: PT017
    else:
        assert info == plan.info
        assert 0 < facts.frames <= FRAMES
    assert {one.name for one in (tmp_path / "own").iterdir()} <= {"spool"}
