import csv
from datetime import UTC, date, datetime
from io import StringIO

from echodepth.tenancy import tenant
from reports.domain.samples import exports, listing
from reports.domain.samples.listing import Filters
from tests.factories import ProjectFactory, SampleRequestFactory, UserFactory
from tests.support.samples import desk


def test_every_column_is_told_and_text_stays_text(db):
    organisation = desk()
    user = UserFactory(full_name="@Owner")
    SampleRequestFactory(
        project=ProjectFactory(organisation=organisation),
        company='Comma, "Quote" Ltd',
        name="+44 20",
        email="-x@prospect.example",
        owner=user,
        state="received",
        received_at=datetime(2026, 7, 1, 12, tzinfo=UTC),
        due_on=date(2026, 7, 8),
        tags=["a", "=b"],
    )

    with tenant(organisation.pk):
        text, count = exports.table(listing.queue(Filters(), user, organisation))

    (row,) = csv.DictReader(StringIO(text))
    assert count == 1
    assert tuple(row) == exports.FIELDS
    assert row["company"] == 'Comma, "Quote" Ltd'
    assert [row[name] for name in ("name", "email", "owner")] == [
        "'+44 20",
        "'-x@prospect.example",
        "'@Owner",
    ]
    assert (row["stage"], row["overdue"], row["due_on"], row["ended_at"]) == (
        "file_gone",
        "yes",
        "2026-07-08",
        "",
    )
    assert row["received_at"].startswith("2026-07-01T")
