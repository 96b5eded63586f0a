"""What can be cut, and what cannot."""

import numpy as np
import pytest

from analysis.engine import errors
from analysis.engine.probe import Limits, probe
from analysis.engine.scan import scan
from tests.analysis.engine.test_stretch import moving
from tests.support import clips


def scanned(path, limits=None):
    return scan(path, probe(path, Limits()), limits or Limits())


def grey(count, width=64, height=48):
    return (np.full((height, width, 3), 60 + i % 100, dtype=np.uint8) for i in range(count))


def test_timestamps_and_keyframes_are_read_without_decoding(tmp_path):
    path = clips.write(
        tmp_path / "a.mkv",
        grey(90),
        times=range(0, 3600, 40),
        coding={"g": "30", "bf": "2", "sc_threshold": "0"},
    )
    timeline = scanned(path)
    assert timeline.pts.tolist() == list(range(0, 3600, 40))
    assert [one.pts for one in timeline.keyframes] == [0, 1200, 2400]
    assert timeline.before(1199).pts == 0
    assert timeline.before(1200).pts == 1200
    assert timeline.rank(1200) == 30


def test_too_long_is_refused_before_anything_is_analysed(tmp_path):
    source = clips.write(tmp_path / "a.webm", grey(90), codec="libvpx")
    path = clips.without_duration(tmp_path / "b.webm", source)
    with pytest.raises(errors.TooLongError):
        scanned(path, Limits(max_seconds=2.0))


def test_a_damaged_or_short_file_is_not_cut(tmp_path):
    source = clips.write(tmp_path / "a.webm", grey(90), codec="libvpx")
    assert scanned(source)
    assert scanned(clips.shortened(tmp_path / "b.webm", source, 0.7)) is None


def test_timestamps_that_are_missing_wrong_or_come_twice_are_not_cut(tmp_path):
    without = clips.write(tmp_path / "a.mpg", moving(600), codec="mpeg2video", coding={"bf": "2"})
    wrong = clips.write(tmp_path / "a.avi", grey(60), coding={"bf": "2"})
    part = clips.write(tmp_path / "part.ts", grey(60), coding={"bf": "0"})
    twice = tmp_path / "twice.ts"
    twice.write_bytes(part.read_bytes() * 2)
    assert scanned(part)
    assert [scanned(path) for path in (without, wrong, twice)] == [None] * 3


def test_hidden_pictures_are_not_counted(tmp_path):
    trimmed = clips.write(tmp_path / "a.mp4", grey(60), times=range(-1000, 1400, 40))
    assert len(scanned(trimmed).pts) == 35
    alternate = clips.write(
        tmp_path / "a.webm",
        clips.pictures(60, 64, 48, 0.3),
        codec="libvpx",
        coding={"auto-alt-ref": "1", "lag-in-frames": "16", "arnr-maxframes": "7"},
    )
    assert len(scanned(alternate).pts) == 60
