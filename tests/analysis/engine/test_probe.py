"""What a file is found to be, and why it is refused."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from analysis.engine import errors
from analysis.engine.probe import Limits, probe
from tests.support import clips

LIMITS = Limits()


def test_the_facts_of_a_recording(tmp_path):
    path = clips.portrait_clip(tmp_path / "a.mp4", frames=15)
    info = probe(path, LIMITS)
    assert (info.width, info.height, info.rotation) == (320, 240, 0)
    assert info.codec == "h264"
    assert "mp4" in info.container
    assert info.frame_rate == Fraction(30)
    assert info.duration == pytest.approx(0.5)
    assert info.size == path.stat().st_size
    assert len(info.sha256) == 64
    assert not info.has_audio
    assert probe(path, LIMITS, sha256="known") == replace(info, sha256="known")


@pytest.mark.parametrize(
    ("name", "codec"), [("a.webm", "libvpx"), ("a.mkv", "libx264"), ("a.avi", "mjpeg"), ("a.mov", "libx264")]
)
def test_containers_we_read(tmp_path, name, codec):
    assert probe(clips.portrait_clip(tmp_path / name, frames=5, codec=codec), LIMITS).width == 320


def test_a_recording_without_a_duration(tmp_path):
    source = clips.portrait_clip(tmp_path / "a.webm", frames=10, codec="libvpx")
    assert probe(source, LIMITS).duration == pytest.approx(10 / 30, abs=0.05)
    assert probe(clips.without_duration(tmp_path / "b.webm", source), LIMITS).duration is None


def assert_refused(path, error, limits=LIMITS):
    with pytest.raises(error) as caught:
        probe(path, limits)
    return caught.value.facts


def test_an_empty_file(tmp_path):
    path = tmp_path / "a.mp4"
    path.touch()
    assert_refused(path, errors.EmptyFileError)


@pytest.mark.parametrize(
    "content",
    [
        b"Dear Sir or Madam,\n" * 50,
        b"<!doctype html><video src=a.mp4></video>",
        b"PK\x03\x04" + bytes(500),
        np.random.default_rng(1).bytes(5000),
        b"\x7fELF" + bytes(500),
        b"#EXTM3U\n#EXTINF:10,\n/etc/passwd\n#EXT-X-ENDLIST\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
    ],
    ids=["text", "html", "zip", "noise", "program", "playlist", "concatenation"],
)
def test_what_is_no_recording(tmp_path, content):
    path = tmp_path / "a.mp4"
    path.write_bytes(content)
    assert_refused(path, errors.UnreadableError)


def test_a_still_picture_is_no_recording(tmp_path):
    assert_refused(clips.write(tmp_path / "a.png", clips.blank(1), codec="png"), errors.UnreadableError)


def test_a_recording_cut_before_its_index(tmp_path):
    source = clips.portrait_clip(tmp_path / "a.mp4", frames=10)
    assert_refused(clips.shortened(tmp_path / "b.mp4", source, 0.5), errors.UnreadableError)


def test_sound_alone(tmp_path):
    assert_refused(clips.sound_only(tmp_path / "a.m4a"), errors.NoVideoStreamError)


def test_sound_with_a_cover_picture(tmp_path):
    assert_refused(clips.sound_with_cover(tmp_path / "a.mp3"), errors.NoVideoStreamError)


def test_a_still_picture_in_a_container_of_video(tmp_path):
    source = clips.portrait_clip(tmp_path / "a.mp4", frames=1).read_bytes()
    path = tmp_path / "a.heic"
    path.write_bytes(source[:8] + b"heic" + source[12:])
    assert_refused(path, errors.UnreadableError)


def test_pixels_that_are_not_square(tmp_path):
    wide = clips.write(tmp_path / "a.mp4", clips.blank(2), aspect=Fraction(4, 3))
    assert (probe(wide, LIMITS).width, probe(wide, LIMITS).height) == (427, 240)
    tall = clips.write(tmp_path / "b.mp4", clips.blank(2), aspect=Fraction(1, 2), rotation=90)
    assert (probe(tall, LIMITS).width, probe(tall, LIMITS).height) == (480, 320)
    assert_refused(wide, errors.TooLargeError, Limits(max_side=400))


def test_a_codec_nobody_knows(tmp_path):
    source = clips.portrait_clip(tmp_path / "a.mp4", frames=5)
    assert_refused(clips.with_codec_tag(tmp_path / "b.mp4", source), errors.UnsupportedCodecError)


def test_too_long_and_too_large(tmp_path):
    path = clips.portrait_clip(tmp_path / "a.mp4", frames=60)
    facts = assert_refused(path, errors.TooLongError, Limits(max_seconds=1.0))
    assert facts == {"seconds": pytest.approx(2.0), "limit": 1.0}
    assert_refused(path, errors.TooLargeError, Limits(max_side=319))


def test_pictures_that_cannot_be_decoded(tmp_path):
    path = clips.portrait_clip(tmp_path / "a.mkv", frames=5)
    content = bytearray(path.read_bytes())
    start = content.index(b"x264") if b"x264" in content else len(content) // 2
    content[start:] = bytes(len(content) - start)
    path.write_bytes(content)
    assert_refused(path, errors.NoFramesError)
