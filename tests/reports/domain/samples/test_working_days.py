from datetime import UTC, date, datetime

import pytest

from echodepth.tenancy import tenant
from reports.domain.samples import working_days
from tests.factories import OrganisationFactory, ProjectFactory, SampleRequestFactory


@pytest.mark.parametrize(
    ("day", "days", "country", "last"),
    [
        pytest.param(date(2026, 11, 23), 5, "GB", date(2026, 11, 30), id="Monday to Monday"),
        pytest.param(date(2026, 11, 28), 5, "GB", date(2026, 12, 4), id="from a Saturday"),
        pytest.param(date(2026, 5, 1), 1, "GB", date(2026, 5, 5), id="over the early May bank holiday"),
        pytest.param(date(2026, 8, 28), 1, "GB", date(2026, 9, 1), id="and England's in August"),
        pytest.param(date(2026, 5, 1), 1, "US", date(2026, 5, 4), id="which the United States have not"),
        pytest.param(date(2026, 12, 23), 6, "DE", date(2027, 1, 4), id="over the end of a year"),
        pytest.param(date(2021, 12, 30), 1, "US", date(2022, 1, 3), id="a new year observed in the old one"),
        pytest.param(date(2026, 11, 26), 1, "IL", date(2026, 11, 29), id="weekend on Friday and Saturday"),
        pytest.param(date(2026, 11, 27), 1, "XX", date(2026, 11, 30), id="a country without a calendar"),
        pytest.param(date(2026, 11, 28), 0, "GB", date(2026, 11, 28), id="none"),
    ],
)
def test_days_are_added_by_the_calendar_of_the_country(day, days, country, last):
    assert working_days.add(day, days, country) == last
    assert days == 0 or working_days.between(day, last, country) == days


def test_between_counts_backwards_too_and_weekends_as_nothing():
    friday, monday = date(2026, 11, 27), date(2026, 11, 30)

    assert working_days.between(friday, monday, "GB") == 1
    assert working_days.between(monday, friday, "GB") == -1
    assert working_days.between(friday, date(2026, 11, 29), "GB") == 0


def received(at, zone="Europe/London", country="GB", **more):
    project = ProjectFactory(organisation=OrganisationFactory(time_zone=zone))
    return SampleRequestFactory(project=project, received_at=at, country=country, **more)


def due(sample):
    with tenant(sample.organisation_id):
        return working_days.due_on(sample)


def test_a_report_is_due_after_five_working_days_over_easter_and_a_weekend(db):
    # Good Friday and Easter Monday of 2026 are 3 and 6 April.
    assert due(received(datetime(2026, 4, 1, 12, tzinfo=UTC))) == date(2026, 4, 10)


def test_the_day_of_receipt_is_the_desks(db):
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)

    assert due(received(late)) == date(2026, 11, 30)
    assert due(received(late, zone="Asia/Tokyo")) == date(2026, 12, 1)


def test_two_pauses_put_it_off_by_the_working_days_that_they_took(db):
    pauses = [
        ["2026-04-02T09:00:00+00:00", "2026-04-07T09:00:00+00:00"],  # Easter: one working day
        ["2026-04-09T09:00:00+00:00", "2026-04-10T09:00:00+00:00"],
    ]
    at = datetime(2026, 4, 1, 12, tzinfo=UTC)

    assert due(received(at, pauses=pauses)) == date(2026, 4, 14)
    assert due(received(at, pauses=[["2026-04-02T09:00:00+00:00", "2026-04-02T17:00:00+00:00"]])) == date(
        2026, 4, 10
    )


def test_what_was_not_received_is_not_due(db):
    with pytest.raises(ValueError, match="S-"):
        due(received(None))
