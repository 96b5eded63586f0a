"""Every picture, upright, at its own time."""

from fractions import Fraction

import av
import numpy as np
import pytest

from analysis.engine import errors
from analysis.engine.decode import FrameReader
from analysis.engine.probe import Limits, probe
from tests.support import clips


def read(path, limits=None):
    """Frames, and whether the file was truncated."""
    info = probe(path, Limits())
    with FrameReader(path, info, limits or Limits()) as reader:
        frames = list(reader)
    return frames, reader.truncated


def corners(width=64, height=48):
    """A picture whose upper left is red, upper right green, lower left blue, lower right white."""
    image = np.full((height, width, 3), 255, dtype=np.uint8)
    image[: height // 2, : width // 2] = (255, 0, 0)
    image[: height // 2, width // 2 :] = (0, 255, 0)
    image[height // 2 :, : width // 2] = (0, 0, 255)
    return image


def test_all_pictures_come_in_order_with_their_times(tmp_path):
    frames, truncated = read(clips.portrait_clip(tmp_path / "a.mp4", frames=40))
    assert [frame.index for frame in frames] == list(range(40))
    np.testing.assert_allclose([frame.time for frame in frames], np.arange(40) / 30, atol=1e-6)
    assert not truncated
    image = frames[0].image
    assert image.shape == (240, 320, 3)
    assert image.dtype == np.uint8
    assert image.flags.c_contiguous
    assert np.abs(image.astype(int) - next(clips.pictures(1)).astype(int)).mean() < 4


@pytest.mark.parametrize("name", ["a.mp4", "a.webm"])
def test_a_variable_frame_rate(tmp_path, name):
    times = [0, 33, 66, 200, 233, 500, 510, 900]
    codec = "libvpx" if name.endswith("webm") else "libx264"
    frames, _ = read(clips.portrait_clip(tmp_path / name, frames=8, times=times, codec=codec))
    np.testing.assert_allclose([frame.time for frame in frames], np.array(times) / 1000, atol=5e-4)


@pytest.mark.parametrize(("matrix", "clockwise"), [(90, 270), (180, 180), (-90, 90)])
def test_a_rotation_flag_is_obeyed(tmp_path, matrix, clockwise):
    upright = corners()
    stored = np.ascontiguousarray(np.rot90(upright, clockwise // 90))
    path = clips.write(tmp_path / "a.mp4", [stored] * 3, rotation=matrix)
    assert probe(path, Limits()).rotation == clockwise
    frames, _ = read(path)
    assert frames[0].image.shape == upright.shape
    assert np.abs(frames[0].image.astype(int) - upright.astype(int)).mean() < 15


def test_odd_dimensions(tmp_path):
    image = np.full((241, 321, 3), 90, dtype=np.uint8)
    frames, _ = read(clips.write(tmp_path / "a.mp4", [image] * 2))
    assert frames[0].image.shape == (241, 321, 3)


@pytest.mark.parametrize("count", [1, 2])
def test_one_and_two_pictures(tmp_path, count):
    frames, truncated = read(clips.portrait_clip(tmp_path / "a.mp4", frames=count))
    assert len(frames) == count
    assert not truncated


def test_no_duration_in_the_header(tmp_path):
    source = clips.portrait_clip(tmp_path / "a.webm", frames=20, codec="libvpx")
    frames, truncated = read(clips.without_duration(tmp_path / "b.webm", source))
    assert len(frames) == 20
    assert not truncated


@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [
        ("a.mp4", "libx264", {"movflags": "faststart"}),
        ("a.webm", "libvpx", {}),
        ("a.avi", "mjpeg", {}),
    ],
)
def test_a_recording_that_ends_early_says_so(tmp_path, name, codec, options):
    source = clips.portrait_clip(tmp_path / name, frames=90, codec=codec, options=options)
    frames, truncated = read(clips.shortened(tmp_path / f"b{name}", source, 0.6))
    assert 10 < len(frames) < 85
    assert truncated


def test_damage_in_the_middle_loses_only_what_is_damaged(tmp_path):
    path = clips.portrait_clip(tmp_path / "a.avi", frames=30, codec="mjpeg")
    content = bytearray(path.read_bytes())
    chunk = content.index(b"00dc", len(content) // 2)
    size = int.from_bytes(content[chunk + 4 : chunk + 8], "little")
    content[chunk + 8 : chunk + 8 + size] = bytes(size)
    path.write_bytes(content)
    frames, truncated = read(path)
    assert len(frames) == 29
    assert truncated


def test_too_long_is_noticed_where_the_header_is_silent(tmp_path):
    source = clips.portrait_clip(tmp_path / "a.webm", frames=60, codec="libvpx")
    path = clips.without_duration(tmp_path / "b.webm", source)
    with pytest.raises(errors.TooLongError):
        read(path, Limits(max_seconds=1.0))


def joined(path, *parts):
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    return path


def test_a_picture_size_that_changes_on_the_way_does_not_change_ours(tmp_path):
    parts = [
        clips.write(
            tmp_path / f"{width}.ts", clips.blank(5, width=width), times=range(start, start + 165, 33)
        )
        for width, start in ((320, 0), (240, 165))
    ]
    frames, _ = read(joined(tmp_path / "a.ts", *parts))
    assert len(frames) == 10
    assert {frame.image.shape for frame in frames} == {(240, 320, 3)}


def test_times_never_go_back(tmp_path):
    part = clips.write(tmp_path / "part.ts", clips.blank(5))
    frames, _ = read(joined(tmp_path / "a.ts", part, part))
    steps = np.diff([frame.time for frame in frames])
    assert len(frames) == 10
    np.testing.assert_allclose(steps, 1 / 30, atol=2e-3)


def test_a_stream_that_begins_on_the_way_takes_no_picture(tmp_path):
    path = clips.write(tmp_path / "a.ts", clips.blank(60), sound=2.0)
    content = bytearray(path.read_bytes())
    # The last packet of the sound (stream 0x101) that begins a frame is given a stream of its own.
    starts = [at for at in range(0, len(content), 188) if content[at : at + 3] == b"\x47\x41\x01"]
    content[starts[-1] + 2] = 0x6A
    path.write_bytes(content)
    assert len(read(path)[0]) == 60


@pytest.mark.parametrize("rotation", [None, 90])
def test_a_mirrored_picture_is_mirrored_back(tmp_path, rotation):
    shown = corners()
    stored = np.rot90(shown[:, ::-1], -(rotation or 0) // 90)
    path = clips.write(
        tmp_path / "a.mp4", [np.ascontiguousarray(stored)] * 2, rotation=rotation, mirrored=True
    )
    frames, _ = read(path)
    assert frames[0].image.shape == shown.shape
    assert np.abs(frames[0].image.astype(int) - shown.astype(int)).mean() < 15


def test_pixels_become_square(tmp_path):
    frames, _ = read(clips.write(tmp_path / "a.mp4", [corners()] * 2, aspect=Fraction(2)))
    wanted = np.repeat(corners(), 2, axis=1)
    assert frames[0].image.shape == wanted.shape
    assert np.abs(frames[0].image.astype(int) - wanted.astype(int)).mean() < 15


def test_sound_that_goes_on_is_no_sign_of_missing_pictures(tmp_path):
    frames, truncated = read(clips.write(tmp_path / "a.mp4", clips.blank(20), sound=5.0))
    assert len(frames) == 20
    assert not truncated


def test_a_trimmed_recording_is_whole(tmp_path):
    # Pictures before time 0 stay in the file and are hidden by an edit list, as phones trim recordings.
    path = clips.write(tmp_path / "a.mp4", clips.blank(60), times=range(-1000, 1000, 33))
    frames, truncated = read(path)
    assert len(frames) == 29
    assert not truncated


@pytest.mark.parametrize(
    ("name", "codec", "options"),
    [
        ("a.webm", "libvpx", {}),
        ("a.mp4", "libx264", {"movflags": "frag_keyframe+empty_moov", "frag_duration": "200000"}),
        ("a.wmv", "wmv2", {}),
    ],
)
def test_a_recording_with_sound_that_ends_early_says_so(tmp_path, name, codec, options):
    pictures = clips.pictures(60)
    source = clips.write(tmp_path / name, pictures, codec=codec, sound=2.0, options=options)
    assert not read(source)[1]
    frames, truncated = read(clips.shortened(tmp_path / f"b{name}", source, 0.6))
    assert 5 < len(frames) < 58
    assert truncated


def test_times_are_those_of_the_stream(tmp_path):
    path = clips.portrait_clip(tmp_path / "a.ts", frames=5)
    with av.open(str(path)) as container:
        stamps = [float(frame.pts * frame.time_base) for frame in container.decode(video=0)]
    assert [frame.time for frame in read(path)[0]] == stamps
    assert stamps[0] > 0
