"""Rows come back from the spool as they went in."""

import numpy as np

from analysis.engine.spool import SpoolReader, SpoolWriter
from analysis.engine.types import NO_TRACK, Rows


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
    )


def spooled(folder, *blocks):
    with SpoolWriter(folder) as writer:
        for block in blocks:
            writer.append(block)
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
    np.testing.assert_array_equal(reader.read_rows(wanted).points, rows(0, 30).points[wanted])
    assert len(reader.read_rows(np.arange(0)).points) == 0
