from datetime import timedelta

from django.utils import timezone

from accounts.models import StaffSession

NOW = timezone.now()
HOUR = timedelta(hours=1)


def test_open_until_its_time_or_its_end():
    assert StaffSession(ends_at=NOW + HOUR).is_open
    assert not StaffSession(ends_at=NOW - HOUR).is_open
    assert not StaffSession(ends_at=NOW + HOUR, closed_at=NOW).is_open


def test_it_lasted_until_whichever_came_first():
    assert StaffSession(ends_at=NOW).until == NOW
    assert StaffSession(ends_at=NOW, closed_at=NOW - HOUR).until == NOW - HOUR
    assert StaffSession(ends_at=NOW, closed_at=NOW + HOUR).until == NOW
