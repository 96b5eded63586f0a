"""Stretches put end to end are the recording, picture for picture, in every kind of file."""

import dataclasses
import zlib
from fractions import Fraction
from functools import cache
from itertools import pairwise

import av
import numpy as np
import pytest

from analysis.engine.decode import FrameReader
from analysis.engine.probe import Limits
from analysis.engine.segments import Cut, plan
from analysis.engine.stretch import LEAD, Stretch, StretchReader
from tests.support import clips

FRAMES = 600
KINDS = {
    "h264.mp4": ("libx264", {"g": "60", "bf": "3", "preset": "ultrafast"}),
    "open.mp4": ("libx264", {"g": "50", "bf": "4", "x264-params": "open-gop=1:b-pyramid=normal:scenecut=0"}),
    "open.mkv": ("libx264", {"g": "50", "bf": "4", "x264-params": "open-gop=1:b-pyramid=normal:scenecut=0"}),
    "open.ts": ("libx264", {"g": "50", "bf": "4", "x264-params": "open-gop=1:b-pyramid=normal:scenecut=0"}),
    "refresh.mp4": ("libx264", {"x264-params": "intra-refresh=1:keyint=40:bframes=0"}),
    "hevc.mp4": ("libx265", {"g": "50", "x265-params": "open-gop=1:log-level=none", "preset": "ultrafast"}),
    "vp8.webm": ("libvpx", {"g": "100", "deadline": "realtime", "cpu-used": "8"}),
    "vp9.webm": ("libvpx-vp9", {"g": "100", "deadline": "realtime", "cpu-used": "8"}),
    "xvid.avi": ("mpeg4", {"g": "48"}),
    "mpeg4.mp4": ("mpeg4", {"g": "48", "bf": "2"}),
    "mpeg2.ts": ("mpeg2video", {"g": "15", "bf": "2"}),
    "mjpeg.avi": ("mjpeg", {}),
    "wmv.wmv": ("wmv2", {"g": "40"}),
    "flash.flv": ("libx264", {"g": "60", "bf": "2", "preset": "ultrafast"}),
}


@cache
def moving(count):
    """Cheap pictures of which no two are alike."""
    return tuple(_moving(count))


def _moving(count):
    y, x = np.mgrid[:48, :64]
    noise = np.random.default_rng(1).integers(0, 40, (48, 64))
    for index in range(count):
        wave = 100 + 60 * np.sin((x + 3 * index) / 9) + 20 * np.cos((y - index) / 7)
        picture = np.stack([wave, np.roll(noise, index, 1) + wave / 2, 200 - wave], axis=-1)
        yield np.clip(picture, 0, 255).astype(np.uint8)


def stretch(cut: Cut) -> Stretch:
    return Stretch(cut.first_frame, cut.frames, cut.start, cut.stop, cut.lead, cut.key, cut.key_dts)


def seen(reader):
    with reader:
        return [(frame.index, frame.time, zlib.crc32(frame.image.data)) for frame in reader]


def compared(path, frames_a_segment=256):
    """Assert that the stretches are the recording; give the plan."""
    cuts = plan(path, Limits(), frames_a_segment)
    whole = seen(FrameReader(path, cuts.info, Limits()))
    readers = [StretchReader(path, cuts.info, Limits(), stretch(cut)) for cut in cuts.segments]
    assert [frame for reader in readers for frame in seen(reader)] == whole
    assert not any(reader.damaged for reader in readers)
    for before, after in pairwise(readers):
        assert len(before.tail) == LEAD
        assert before.tail == after.lead
    return cuts


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    made = {}

    def one(kind):
        if kind not in made:
            codec, options = KINDS[kind]
            path = tmp_path_factory.mktemp("kinds") / kind
            made[kind] = clips.write(path, moving(FRAMES), codec=codec, coding=options)
        return made[kind]

    return one


@pytest.mark.parametrize("kind", KINDS)
def test_stretches_are_the_recording(recording, kind):
    cuts = compared(recording(kind))
    assert [cut.first_frame for cut in cuts.segments] == [0, 256, 512]
    assert cuts.frames == FRAMES


STEPS = np.cumsum(np.random.default_rng(3).integers(8, 90, FRAMES)).tolist()


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("variable.mp4", {"times": STEPS}),
        ("variable.mkv", {"times": STEPS}),
        ("late.mp4", {"times": range(3_600_000, 3_600_000 + 40 * FRAMES, 40)}),
        ("trimmed.mp4", {"times": range(-4000, 40 * FRAMES - 4000, 40)}),
        ("turned.mp4", {"rotation": 90}),
        ("mirrored.mp4", {"mirrored": True}),
        ("wide.mp4", {"aspect": Fraction(4, 3)}),
        ("sound.mp4", {"sound": FRAMES / 30}),
        ("pieces.mp4", {"options": {"movflags": "frag_keyframe+empty_moov"}}),
        ("no-index.mkv", {"options": {"live": "1"}}),
    ],
)
def test_times_turns_and_containers(tmp_path, name, how):
    coding = {"g": "50", "bf": "2"}
    cuts = compared(clips.write(tmp_path / name, moving(FRAMES), coding=coding, **how))
    assert len(cuts.segments) == (2 if name == "trimmed.mp4" else 3)


def test_a_browsers_recording_without_length_and_index(tmp_path):
    coding = {"g": "100", "deadline": "realtime", "cpu-used": "8"}
    source = clips.write(
        tmp_path / "a.webm", moving(FRAMES), "libvpx", times=STEPS, options={"live": "1"}, coding=coding
    )
    cuts = compared(source)
    assert cuts.info.duration is None
    assert len(cuts.segments) == 3


def test_an_avi_without_its_index(tmp_path):
    path = clips.write(tmp_path / "a.avi", moving(FRAMES), "mpeg4", coding={"g": "50"})
    path.write_bytes(path.read_bytes().replace(b"idx1", b"JUNK"))
    assert len(compared(path).segments) == 3


def test_alternate_references_are_not_shown(tmp_path):
    coding = {"g": "90", "auto-alt-ref": "1", "lag-in-frames": "16", "arnr-maxframes": "7", "cpu-used": "4"}
    for codec in ("libvpx", "libvpx-vp9"):
        path = clips.write(tmp_path / f"{codec}.webm", moving(FRAMES), codec, coding=coding)
        assert len(compared(path, 512).segments) == 2


def test_borders_far_from_a_keyframe_are_left_out(tmp_path):
    never = clips.write(tmp_path / "a.mp4", moving(FRAMES), coding={"g": "9999", "sc_threshold": "0"})
    assert [cut.first_frame for cut in compared(never).segments] == [0, 256]
    assert [cut.frames for cut in plan(never, Limits(), 512).segments] == [None]
    usual = clips.write(tmp_path / "b.mp4", moving(FRAMES))
    assert [cut.first_frame for cut in compared(usual).segments] == [0, 256, 512]


def all_keyframes(path, source):
    """The same recording, of which each picture is said to be a keyframe."""
    with av.open(str(source)) as read, av.open(str(path), "w") as write:
        stream = write.add_stream_from_template(read.streams.video[0])
        for packet in read.demux(video=0):
            if packet.size:
                packet.stream = stream
                packet.is_keyframe = True
                write.mux(packet)
    return path


def test_a_keyframe_that_is_none_is_noticed(tmp_path):
    """FFmpeg reads most codecs' own word; of this one it believes the container."""
    source = clips.write(tmp_path / "a.mkv", moving(FRAMES), "msmpeg4", coding={"g": "500"})
    path = all_keyframes(tmp_path / "b.mkv", source)
    cuts = plan(path, Limits(), 256)
    first, second, _ = (StretchReader(path, cuts.info, Limits(), stretch(cut)) for cut in cuts.segments)
    whole = seen(FrameReader(path, cuts.info, Limits()))
    assert seen(first) == whole[:256]
    assert not first.damaged
    assert seen(second) != whole[256:512]
    assert second.damaged or second.lead != first.tail


def test_pictures_that_are_missing_or_damaged_are_noticed(tmp_path):
    path = clips.write(tmp_path / "a.avi", moving(FRAMES), "mjpeg")
    cut = stretch(plan(path, Limits(), 256).segments[1])
    info = plan(path, Limits()).info
    content = bytearray(path.read_bytes())
    chunk = content.index(b"00dc", len(content) // 2)
    size = int.from_bytes(content[chunk + 4 : chunk + 8], "little")
    content[chunk + 8 : chunk + 8 + size] = bytes(size)
    path.write_bytes(content)
    damaged = StretchReader(path, info, Limits(), cut)
    assert len(seen(damaged)) == 255
    assert damaged.damaged
    absent = StretchReader(path, info, Limits(), dataclasses.replace(cut, key=10**9, key_dts=10**9))
    assert seen(absent) == []
    assert absent.damaged


def test_a_seek_that_leads_too_far_is_made_good(tmp_path):
    path = clips.write(tmp_path / "a.mp4", moving(FRAMES), coding={"g": "50", "bf": "2"})
    cuts = plan(path, Limits(), 256)
    cut = dataclasses.replace(stretch(cuts.segments[1]), key_dts=10**9)
    reader = StretchReader(path, cuts.info, Limits(), cut)
    assert seen(reader) == seen(FrameReader(path, cuts.info, Limits()))[256:512]
    assert not reader.damaged


def fits(cuts, readers, frames):
    """What `segments.merge` looks at."""
    return (
        not any(reader.damaged for reader in readers)
        and [len(one) for one in frames] == [cut.frames for cut in cuts.segments]
        and all(before.tail == after.lead for before, after in pairwise(readers))
    )


@pytest.mark.parametrize("kind", ["mpeg4.mp4", "open.ts", "xvid.avi"])
def test_a_damaged_recording_is_the_same_in_stretches_or_said_to_be_damaged(recording, tmp_path, kind):
    """Stretches of a damaged file are the recording, or say that they are not."""
    content, random, noticed = recording(kind).read_bytes(), np.random.default_rng(5), 0
    path = tmp_path / kind
    for place in random.integers(len(content) // 10, len(content) * 8 // 10, 4).tolist():
        path.write_bytes(content[:place] + bytes(600) + content[place + 600 :])
        cuts = plan(path, Limits(), 256)
        if len(cuts.segments) == 1:
            noticed += 1
            continue
        readers = [StretchReader(path, cuts.info, Limits(), stretch(cut)) for cut in cuts.segments]
        frames = [seen(reader) for reader in readers]
        if fits(cuts, readers, frames):
            whole = FrameReader(path, cuts.info, Limits())
            assert [frame for one in frames for frame in one] == seen(whole)
            assert not whole.truncated
        else:
            noticed += 1
    assert noticed
