from datetime import UTC, datetime, timedelta

import pytest

from analysis.templatetags.times import ago, duration


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (-5, "0 s"),
        (0, "0 s"),
        (119, "119 s"),
        (120, "2 min"),
        (7199, "119 min"),
        (7200, "2 h"),
        (86_400 * 2, "2 days"),
    ],
)
def test_a_length_is_told_in_one_unit(seconds, told):
    assert duration(timedelta(seconds=seconds)) == told


def test_a_moment_is_told_by_its_distance_with_the_time_for_machines():
    now = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)

    assert ago(now - timedelta(minutes=3), now) == (
        '<time class="nowrap" datetime="2026-05-04T11:57:00+00:00">3 min ago</time>'
    )
    assert ago(None, now) == "\N{EN DASH}"
