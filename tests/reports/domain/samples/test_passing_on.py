from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditRecord
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from reports.domain.samples import links, opening, passing_on
from tests.factories import ProjectFactory, SampleRequestFactory
from tests.support.sample_work import received
from tests.support.samples import desk
from tests.support.tenants import every, fresh


def test_the_new_link_leads_to_the_request_and_is_audited_without_it(db):
    sample = SampleRequestFactory(project=ProjectFactory(organisation=desk()))

    with tenant(sample.organisation_id):
        secret = passing_on.renew(sample)

    assert links.find(secret).pk == sample.pk
    (line,) = [row for row in every(AuditRecord) if row.action == "sample.changed"]
    assert line.facts == {"changed": "link"}


@pytest.mark.parametrize("state", ["unconfirmed", "withdrawn", "converted"])
def test_no_link_where_it_proves_or_opens_nothing(db, state):
    sample = SampleRequestFactory(project=ProjectFactory(organisation=desk()), state=state)
    before = fresh(sample).token_hash

    with tenant(sample.organisation_id), pytest.raises(UserError) as refused:
        passing_on.renew(sample)

    assert refused.value.code == "sample_state_differs"
    assert fresh(sample).token_hash == before


NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("erase_on", "until"),
    [
        (date(2026, 12, 20), NOW + timedelta(days=14)),
        (date(2026, 11, 30), datetime(2026, 11, 30, tzinfo=UTC)),
    ],
)
def test_a_delivered_report_opens_again_but_not_after_its_erasure(db, monkeypatch, erase_on, until):
    over = NOW - timedelta(days=1)
    sample = received(desk(), state="delivered", report_until=over, erase_on=erase_on)
    monkeypatch.setattr(timezone, "now", lambda: NOW)

    with tenant(sample.organisation_id):
        passing_on.renew(sample)
        is_over = opening.is_over(fresh(sample))

    assert (fresh(sample).report_until, is_over) == (until, False)


def test_what_is_not_delivered_does_not_open_by_a_new_link(db):
    sample = received(desk())

    with tenant(sample.organisation_id):
        passing_on.renew(sample)

    assert fresh(sample).report_until is None
