"""Counting working days by the calendar of the prospect's country: its weekend and its public holidays."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import holidays

if TYPE_CHECKING:
    from reports.models import SampleRequest

PROMISED = 5
"""Working days in which a report is there; the day of receipt does not count."""
PARTS = {"GB": "ENG"}
"""Where hardly a bank holiday is the whole country's, the part in which most people live. Elsewhere the
holidays of the whole country count alone, so that a report is rather due too early."""
A_DAY = timedelta(days=1)
PLAIN_WEEKEND = frozenset({5, 6})
"""Of a country that the calendars do not know, as `date.weekday` counts."""


def add(day: date, days: int, country: str) -> date:
    """The last of so many working days after `day`; `day` itself where they are none."""
    return next(islice(_working_days_after(day, country), days - 1, None)) if days > 0 else day


def between(start: date, end: date, country: str) -> int:
    """Working days after `start` up to `end`; less than none where `end` comes first."""
    if end < start:
        return -between(end, start, country)
    span = (start + A_DAY * number for number in range(1, (end - start).days + 1))
    return sum(is_working(day, country) for day in span)


def is_working(day: date, country: str) -> bool:
    """Whether people work in the country on this day."""
    calendar = _calendar(country, day.year)
    return day.weekday() not in PLAIN_WEEKEND if calendar is None else calendar.is_working_day(day)


def due_on(sample: "SampleRequest") -> date:
    """The day on which the report of a received sample is due, put off by the working days that it waited.

    Days begin and end as they do at the desk. In the scope of its organisation. Raises ValueError for one
    that was not received.
    """
    if sample.received_at is None:
        raise ValueError(sample)
    zone = ZoneInfo(sample.organisation.time_zone)
    waited = sum(between(*_days(pause, zone), sample.country) for pause in sample.pauses)
    return add(sample.received_at.astimezone(zone).date(), PROMISED + waited, sample.country)


def _days(pause: list[str], zone: ZoneInfo) -> tuple[date, date]:
    start, end = (datetime.fromisoformat(moment).astimezone(zone).date() for moment in pause)
    return start, end


def _working_days_after(day: date, country: str) -> Iterator[date]:
    while True:
        day += A_DAY
        if is_working(day, country):
            yield day


@lru_cache(maxsize=512)
def _calendar(country: str, year: int) -> holidays.HolidayBase | None:
    """Of one year, whole: one that grows by itself is not safe among threads."""
    try:
        return holidays.country_holidays(country, PARTS.get(country), years=year, expand=False)
    except NotImplementedError:
        return None
