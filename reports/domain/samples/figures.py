"""How the desk does, week by week: what is asked for, delivered on time, and who becomes a customer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from accounts.models import Organisation
from reports.domain.samples import stages
from reports.models import SampleRequest

WEEKS = 12
A_WEEK = timedelta(days=7)


@dataclass(slots=True)
class Week:
    """Counts of the requests that were asked for in it, and of the reports that were delivered in it."""

    monday: date
    asked: int = 0
    """Requests whose address was confirmed, or that staff entered."""
    converted: int = 0
    """Of those asked for in this week, how many became customers since."""
    delivered: int = 0
    on_time: int = 0
    """Of those delivered in this week, how many were so by their due date."""

    @property
    def on_time_share(self) -> int | None:
        """Per cent; None where nothing was delivered."""
        return round(100 * self.on_time / self.delivered) if self.delivered else None

    @property
    def converted_share(self) -> int | None:
        return round(100 * self.converted / self.asked) if self.asked else None


def by_week(organisation: Organisation, count: int = WEEKS) -> list[Week]:
    """The latest weeks, oldest first, the present one last; in the desk's zone and one query."""
    zone = ZoneInfo(organisation.time_zone)
    last = _monday(stages.today(organisation))
    weeks = {last - A_WEEK * back: Week(last - A_WEEK * back) for back in reversed(range(count))}
    first = datetime.combine(min(weeks), datetime.min.time(), zone)
    for created, delivered_at, due, became in _facts(first):
        asked = weeks.get(_monday(created.astimezone(zone).date()))
        if asked:
            asked.asked += 1
            asked.converted += became is not None
        day = delivered_at.astimezone(zone).date() if delivered_at else None
        week = weeks.get(_monday(day)) if day else None
        if day and week:
            week.delivered += 1
            week.on_time += due is None or day <= due
    return list(weeks.values())


def total(weeks: list[Week]) -> Week:
    """All of these weeks as one."""
    names = ("asked", "converted", "delivered", "on_time")
    return Week(weeks[0].monday, **{name: sum(getattr(week, name) for week in weeks) for name in names})


def _facts(first: datetime) -> Iterable[tuple[datetime, datetime | None, date | None, UUID | None]]:
    """Nothing that names anybody: these columns stay when a request was erased."""
    recent = Q(created_at__gte=first) | Q(delivered_at__gte=first)
    proven = ~Q(confirmed_at=None) | ~Q(entered_by=None)
    columns = ("created_at", "delivered_at", "due_on", "became")
    return SampleRequest.objects.filter(recent, proven).values_list(*columns)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
