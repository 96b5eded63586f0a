from uuid import uuid4

from accounts.models import Membership
from echodepth.tenancy import tenant
from reports.templatetags.guests import with_reports
from tests.factories import RunFactory


def test_guests_are_shown_with_what_they_read(organisation, django_assert_num_queries):
    runs = [
        RunFactory(recording__project__organisation=organisation, recording__title=title) for title in "AB"
    ]
    theirs = RunFactory(recording__title="Not ours")
    rows = [Membership(guest_of=key) for key in (runs[0].pk, runs[1].pk, theirs.pk, uuid4(), None)]

    with tenant(organisation.pk), django_assert_num_queries(1):
        found = with_reports(iter(rows))

    assert [row.report_title for row in found] == ["A", "B", "", "", ""]


def test_without_guests_nothing_is_asked(organisation, django_assert_num_queries):
    with tenant(organisation.pk), django_assert_num_queries(0):
        assert with_reports([Membership()])[0].report_title == ""
