"""Rows come back from the spool as they went in."""

import numpy as np

from analysis.engine.cover import Looks
from analysis.engine.spool import SpoolReader, SpoolWriter
from analysis.engine.types import CODE, NO_TRACK, Rows


def rows(start, count):
    random = np.random.default_rng(start)
    number = np.arange(start, start + count, dtype=np.int32)
    return Rows(
        frame=number // 2,
        time=number / 60.0,
        track=np.where(number % 5 == 4, NO_TRACK, 100 + number % 2).astype(np.int32),
        box=random.random((count, 4), dtype=np.float32),
        confidence=random.random(count, dtype=np.float32),
        pose=random.random((count, 3), dtype=np.float32),
        gaze=random.random((count, 2), dtype=np.float32),
        quality=random.random((count, 3), dtype=np.float32),
        excluded=(number % 3).astype(np.uint8),
        points=random.random((count, 478, 3), dtype=np.float32),
        code=random.random((count, CODE), dtype=np.float32),
    )


def looks(start, count):
    random = np.random.default_rng(start + 1000)
    return Looks(
        colour=random.integers(0, 256, (count, 468, 3)).astype(np.uint8),
        eyes_apart=random.random(count, dtype=np.float32),
        presence=random.random(count, dtype=np.float32),
    )


def spooled(folder, *blocks):
    with SpoolWriter(folder) as writer:
        for block in blocks:
            writer.append(block, looks(int(block.time[0] * 60), len(block.frame)))
    reader = SpoolReader(folder)
    reader.set_tracks({100: 1, 101: 2})
    return reader


def test_all_comes_back(tmp_path):
    first, second = rows(0, 10), rows(10, 7)
    reader = spooled(tmp_path / "spool", first, second)
    assert len(reader) == 17
    back = reader.read_rows(np.arange(17))
    for name in Rows.__dataclass_fields__:
        if name != "track":
            whole = np.concatenate([getattr(first, name), getattr(second, name)])
            np.testing.assert_array_equal(getattr(back, name), whole, err_msg=name)


def test_tracklets_become_tracks_and_a_frame_without_face_stays_so(tmp_path):
    reader = spooled(tmp_path / "spool", rows(0, 10))
    assert reader.columns().track.tolist() == [1, 2, 1, 2, NO_TRACK, 2, 1, 2, 1, NO_TRACK]


def test_rows_may_be_asked_for_in_any_order(tmp_path):
    reader = spooled(tmp_path / "spool", rows(0, 30))
    wanted = np.array([3, 9, 4, 28])
    light = reader.columns(wanted)
    assert light.frame.tolist() == [1, 4, 2, 14]
    assert light.points.shape == (4, 0, 3)
    assert light.code.shape == (4, 0)
    np.testing.assert_array_equal(reader.read_rows(wanted).points, rows(0, 30).points[wanted])
    np.testing.assert_array_equal(reader.read_rows(wanted).code, rows(0, 30).code[wanted])
    assert len(reader.read_rows(np.arange(0)).points) == 0


def test_how_faces_look_comes_back(tmp_path):
    reader = spooled(tmp_path / "spool", rows(0, 10), rows(10, 7))
    wanted = np.array([9, 12, 10])
    back = reader.read_looks(wanted)
    for name in Looks.__dataclass_fields__:
        whole = np.concatenate([getattr(looks(0, 10), name), getattr(looks(10, 7), name)])
        np.testing.assert_array_equal(getattr(back, name), whole[wanted], err_msg=name)
    assert len(reader.read_looks(np.arange(0)).colour) == 0


def test_what_is_amended_is_amended_and_nothing_else(tmp_path):
    reader = spooled(tmp_path / "spool", rows(0, 10))
    before = reader.columns()
    reader.amend(np.array([2, 6]), np.uint8([8, 4]), np.float32([0.5, 0.25]))
    after = reader.columns()
    others = np.setdiff1d(np.arange(10), [2, 6])
    assert after.excluded[[2, 6]].tolist() == [8, 4]
    assert after.confidence[[2, 6]].tolist() == [0.5, 0.25]
    for name in ("frame", "time", "box", "pose", "gaze", "quality"):
        np.testing.assert_array_equal(getattr(after, name), getattr(before, name))
    for name in ("excluded", "confidence"):
        np.testing.assert_array_equal(getattr(after, name)[others], getattr(before, name)[others])
    reader.amend(np.arange(0), np.zeros(0, np.uint8), np.zeros(0, np.float32))
