import errno
import hashlib
import os
import re

import pytest

from analysis import confined
from analysis.confined import calls, supervise
from analysis.confined.child import CALLS
from analysis.engine import segments
from analysis.engine.errors import CancelledError, EmptyFileError, TooLongError, UnreadableError
from analysis.engine.probe import Limits, probe
from tests.support.clips import portrait_clip
from tests.support.models import FOLDER, real_models

LIMITS = Limits()


@pytest.fixture(scope="module")
def long_clip(tmp_path_factory):
    """One that can be cut in two."""
    path = tmp_path_factory.mktemp("long") / "portrait.mp4"
    return portrait_clip(path, frames=300, options={})


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_confined_probe_finds_what_the_engine_finds(clip):
    assert confined.probe(clip, LIMITS, sha256(clip)) == probe(clip, LIMITS)


def test_what_the_engine_refuses_is_refused_with_its_facts(clip, tmp_path):
    text = tmp_path / "text.mp4"
    text.write_text("no video " * 1000)
    empty = tmp_path / "empty.mp4"
    empty.touch()

    with pytest.raises(UnreadableError):
        confined.probe(text, LIMITS, "")
    with pytest.raises(EmptyFileError):
        confined.probe(empty, LIMITS, "")
    with pytest.raises(TooLongError) as caught:
        confined.plan(clip, Limits(max_seconds=0.1), None, "")
    assert caught.value.facts == {"seconds": pytest.approx(20 / 30, abs=0.01), "limit": 0.1}


def test_a_confined_plan_is_the_engines(long_clip):
    assert confined.plan(long_clip, LIMITS, 256, sha256(long_clip)) == segments.plan(long_clip, LIMITS, 256)


def test_a_confined_segment_is_the_engines(clip, tmp_path):
    models = real_models()
    plan = segments.plan(clip, LIMITS)
    for name in ("ours", "engines"):
        (tmp_path / name).mkdir()
    seen = []

    ours = confined.run_segment(
        clip, tmp_path / "ours", plan, 0, FOLDER, LIMITS, lambda *state: seen.append(state)
    )

    engines = segments.run_segment(clip, tmp_path / "engines", plan, 0, models, LIMITS, lambda *_: None)
    assert ours == engines
    assert ours.frames == 20
    assert contents(tmp_path / "ours" / "spool") == contents(tmp_path / "engines" / "spool")
    assert seen[-1] == ("analysing", 20, 20)


def test_a_segment_can_be_cancelled(long_clip, tmp_path):
    def progress(_stage, done, _total):
        if done:
            raise CancelledError

    with pytest.raises(CancelledError):
        confined.run_segment(
            long_clip, tmp_path, segments.plan(long_clip, LIMITS), 0, FOLDER, LIMITS, progress
        )


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_a_full_disk_is_no_fault_of_the_recording(number, clip, tmp_path, monkeypatch):
    monkeypatch.setattr(calls, "call", lambda *_: supervise._answer({"os_error": number}, *_ended()))
    plan = segments.plan(clip, LIMITS)

    with pytest.raises(OSError, match=re.escape(os.strerror(number))):
        confined.run_segment(clip, tmp_path, plan, 0, FOLDER, LIMITS, lambda *_: None)


def test_a_file_larger_than_there_can_be_is(clip, tmp_path, monkeypatch):
    monkeypatch.setattr(calls, "call", lambda *_: supervise._answer({"os_error": errno.EFBIG}, *_ended()))
    plan = segments.plan(clip, LIMITS)

    with pytest.raises(confined.DecoderFailedError):
        confined.run_segment(clip, tmp_path, plan, 0, FOLDER, LIMITS, lambda *_: None)


def test_a_recording_that_goes_on_for_ever_ends():
    info = segments.MediaInfo("", 1, "mp4", "h264", 1, 1, 0, None, 0, None, False)
    plan = segments.Plan(info, (segments.Cut(0, 0),))

    bounds = calls._working(plan, 0, LIMITS)

    assert 3600 < bounds.cpu_seconds < 14 * 24 * 3600
    assert bounds.memory < 4 << 30


@pytest.mark.parametrize(("side", "seconds"), [(64, 120), (1440, 120), (4096, 971)])
def test_large_pictures_may_take_longer(side, seconds):
    info = segments.MediaInfo("", 1, "mp4", "h264", side, side, 0, None, 0, None, False)

    assert calls._silence(info) == pytest.approx(seconds, abs=1)


def test_the_child_answers_these_calls_and_no_other():
    assert set(CALLS) == {"probe", "plan", "run_segment"} == set(confined.__all__) - {"DecoderFailedError"}


def _ended():
    """A process that went well, and had nothing to complain of."""

    class Process:
        returncode = 0

    return Process, b""
