import sys

import pytest

from analysis.confined import supervise, wire
from tests.support.clips import portrait_clip

MIB = 1 << 20
BOUNDS = wire.Bounds(memory=1024 * MIB, cpu_seconds=20, file_bytes=MIB)
PATIENCE = supervise.Patience(20, 20)


@pytest.fixture(scope="session")
def clip(tmp_path_factory):
    return portrait_clip(tmp_path_factory.mktemp("clip") / "portrait.mp4", frames=20)


@pytest.fixture
def hostile(monkeypatch, clip):
    """Asks a child of `tests.support.hostile_child` one of its calls."""

    def ask(call, facts=None, *, bounds=BOUNDS, patience=PATIENCE, heard=lambda *_: None, free=False, **task):
        command = (sys.executable, "-m", "tests.support.hostile_child", *(("--free",) if free else ()))
        monkeypatch.setattr(supervise, "COMMAND", command)
        return supervise.call(wire.Task(call, facts or {}, bounds, **task), clip, patience, heard)

    return ask
