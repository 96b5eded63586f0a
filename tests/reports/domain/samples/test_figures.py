"""Figures by week: what counts where."""

from datetime import UTC, date, datetime, timedelta

import pytest

from echodepth.tenancy import tenant
from reports.domain.samples import figures, stages
from reports.domain.samples.figures import Week
from reports.models import SampleRequest
from tests.factories import ProjectFactory, SampleRequestFactory, UserFactory
from tests.support.samples import desk

TODAY = date(2026, 11, 25)
"""A Wednesday."""


@pytest.fixture
def organisation(db, monkeypatch):
    monkeypatch.setattr(stages, "today", lambda _organisation: TODAY)
    return desk(time_zone="Pacific/Auckland")


def requested(organisation, created, **fields):
    made = SampleRequestFactory(project=ProjectFactory(organisation=organisation), **fields)
    with tenant(organisation.pk):
        SampleRequest.objects.filter(pk=made.pk).update(created_at=created)
    return made


def counted(organisation, **more):
    with tenant(organisation.pk):
        return figures.by_week(organisation, **more)


def test_the_latest_weeks_the_present_one_last(organisation):
    weeks = counted(organisation, count=3)

    assert [week.monday for week in weeks] == [date(2026, 11, 9), date(2026, 11, 16), date(2026, 11, 23)]
    assert figures.total(weeks) == Week(date(2026, 11, 9))
    assert (weeks[0].on_time_share, weeks[0].converted_share) == (None, None)


def test_a_request_counts_once_it_is_proven_and_on_the_desks_own_day(organisation):
    sunday_in_utc = datetime(2026, 11, 22, 13, tzinfo=UTC)  # Monday, 2 in the morning, at the desk
    requested(organisation, sunday_in_utc)
    requested(organisation, sunday_in_utc, confirmed_at=None)
    requested(organisation, sunday_in_utc, confirmed_at=None, entered_by=UserFactory())
    requested(organisation, sunday_in_utc - timedelta(hours=3), became="00000000-0000-4000-8000-000000000001")

    before, now = counted(organisation, count=2)

    assert (before.asked, before.converted, before.converted_share) == (1, 1, 100)
    assert (now.asked, now.converted, now.converted_share) == (2, 0, 0)


def test_on_time_is_by_the_due_date_whatever_became_of_it_since(organisation):
    moment = datetime(2026, 11, 17, 0, tzinfo=UTC)  # the 17th at the desk too
    facts = {"delivered_at": moment}
    requested(organisation, moment, due_on=date(2026, 11, 17), state="delivered", **facts)
    requested(organisation, moment, due_on=date(2026, 11, 16), state="withdrawn", **facts)
    requested(organisation, moment - timedelta(days=200), due_on=date(2026, 11, 18), **facts)
    requested(organisation, moment, state="declined", due_on=date(2026, 11, 16))

    (week, now) = counted(organisation, count=2)

    assert (week.asked, week.delivered, week.on_time, week.on_time_share) == (3, 3, 2, 67)
    assert (now.asked, now.delivered) == (0, 0)
    assert figures.total([week, now]).delivered == 3


def test_another_organisations_requests_count_nowhere(organisation):
    SampleRequestFactory(company="Elsewhere")

    assert figures.total(counted(organisation)).asked == 0
