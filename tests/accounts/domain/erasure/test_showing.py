from datetime import UTC, datetime

import pytest

from accounts.domain.erasure import showing


@pytest.mark.parametrize(
    "moment",
    ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-02-30T00:00:00Z", "soon", 7, None],
)
def test_a_moment_that_no_page_can_show_is_none(moment):
    assert showing.of_body({"finished_at": moment}).finished_at is None


def test_moments_are_told_in_utc():
    told = showing.of_body({"finished_at": "2026-01-01T01:00:00+02:00"})
    assert told.finished_at == datetime(2025, 12, 31, 23, 0, tzinfo=UTC)
    assert told.finished_at.tzinfo == UTC
