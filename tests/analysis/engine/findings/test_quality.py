import numpy as np
import pytest

from analysis.engine.cover import Region
from analysis.engine.findings.quality import durations, track_quality
from analysis.engine.types import Exclusion
from tests.support import courses


def test_what_was_seen_scored_and_left_out():
    time = courses.times(10)
    excluded = np.zeros(len(time))
    excluded[:60], excluded[60:75] = Exclusion.TURNED_AWAY, Exclusion.BLURRED

    found = track_quality(courses.rows(time, excluded=excluded))

    assert (found.frames, found.scored_frames) == (300, 225)
    assert found.excluded == {"turned_away": 60, "blurred": 15}
    assert found.scored_seconds == pytest.approx(7.5)
    assert (found.median_face_width, found.median_sharpness, found.median_luma) == (120, 300, 120)


def test_where_the_head_was_turned_and_what_lay_over_the_face():
    time = courses.times(10)
    pose = np.zeros((300, 3))
    pose[:, 0], pose[:, 1] = -12, 4
    pose[:40] = 30
    regions = np.zeros(300, np.uint8)
    regions[:45] = Region.LOWER
    excluded = np.where(np.arange(300) < 75, Exclusion.TURNED_AWAY, Exclusion.NONE)

    found = track_quality(courses.rows(time, pose=pose, excluded=excluded), regions)

    assert (found.median_yaw, found.median_pitch) == (-12, 4)
    assert found.covered_share == pytest.approx(0.15)
    assert found.coverage == pytest.approx(0.75)


def test_coverage_is_of_the_time_between_first_and_last_sighting():
    time = np.concatenate([courses.times(1), courses.times(1, start=9)])

    found = track_quality(courses.rows(time))

    assert found.coverage == pytest.approx(0.2, abs=0.03)
    assert found.covered_share is None


def test_time_without_the_face_is_not_face_time():
    time = np.concatenate([courses.times(1), courses.times(1, start=30)])

    assert durations(time).sum() == pytest.approx(2.0, abs=0.3)


@pytest.mark.parametrize("n", [0, 1])
def test_hardly_any_rows(n):
    assert track_quality(courses.rows(courses.times(1)[:n])).frames == n
