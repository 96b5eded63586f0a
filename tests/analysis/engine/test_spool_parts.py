"""What a segment leaves goes through one file and comes back, and becomes one spool with the others."""

import dataclasses

import numpy as np
import pytest

from analysis.engine import spool_parts
from analysis.engine.spool import SpoolReader, SpoolWriter
from analysis.engine.spool_parts import SpoolDamagedError
from tests.analysis.engine.test_joining import edge, tracklet
from tests.analysis.engine.test_spool import looks, rows


def spooled(folder, start, count):
    with SpoolWriter(folder) as writer:
        writer.append(rows(start, count), looks(start, count))
    spool_parts.write_followed(folder, [tracklet(0, 3, 7, 80)], [edge(0, last_shot=2), edge(1)])
    return folder


def content(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def same(one, other):
    return all(
        np.array_equal(getattr(one, field.name), getattr(other, field.name))
        for field in dataclasses.fields(one)
    )


def test_who_was_followed_comes_back(tmp_path):
    tracklets, edges = spool_parts.read_followed(spooled(tmp_path / "a", 0, 10))
    assert len(tracklets) == 1
    assert same(tracklets[0], tracklet(0, 3, 7, 80))
    assert [same(*pair) for pair in zip(edges, [edge(0, last_shot=2), edge(1)], strict=True)] == [True, True]


def test_nobody_was_followed(tmp_path):
    spool_parts.write_followed(tmp_path, [], [])
    assert spool_parts.read_followed(tmp_path) == ([], [])


def test_a_segment_goes_through_one_file(tmp_path):
    folder = spooled(tmp_path / "a", 0, 10)
    spool_parts.pack(folder, tmp_path / "file")
    spool_parts.unpack(tmp_path / "file", tmp_path / "b")
    assert content(tmp_path / "b") == content(folder)
    assert len(content(folder)) == 6


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_a_file_that_is_not_whole_is_refused(tmp_path, share):
    spool_parts.pack(spooled(tmp_path / "a", 0, 10), tmp_path / "file")
    whole = (tmp_path / "file").read_bytes()
    (tmp_path / "file").write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(SpoolDamagedError):
        spool_parts.unpack(tmp_path / "file", tmp_path / "b")


def test_files_of_different_length_are_refused(tmp_path):
    folder = spooled(tmp_path / "a", 0, 10)
    (folder / "points").write_bytes((folder / "points").read_bytes()[:-12])
    spool_parts.pack(folder, tmp_path / "file")
    with pytest.raises(SpoolDamagedError):
        spool_parts.unpack(tmp_path / "file", tmp_path / "b")


def test_spools_become_one_and_the_parts_are_used_up(tmp_path):
    for start, name in ((0, "a"), (10, "b"), (17, "c")):
        spool_parts.add(spooled(tmp_path / name, start, 10 if name == "a" else 7), tmp_path / "whole")
    reader = SpoolReader(tmp_path / "whole")
    reader.set_tracks({100: 1, 101: 2})
    assert len(reader) == 24
    back = reader.read_rows(np.arange(24))
    np.testing.assert_array_equal(back.time, np.arange(24) / 60)
    np.testing.assert_array_equal(
        back.points, np.concatenate([rows(0, 10).points, rows(10, 7).points, rows(17, 7).points])
    )
    assert not (tmp_path / "b" / "points").exists()
