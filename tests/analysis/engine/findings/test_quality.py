import numpy as np
import pytest

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


def test_time_without_the_face_is_not_face_time():
    time = np.concatenate([courses.times(1), courses.times(1, start=30)])

    assert durations(time).sum() == pytest.approx(2.0, abs=0.3)


@pytest.mark.parametrize("n", [0, 1])
def test_hardly_any_rows(n):
    assert track_quality(courses.rows(courses.times(1)[:n])).frames == n
