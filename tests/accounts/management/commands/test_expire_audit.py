"""`manage.py expire_audit`: old records go, by the owner, and never more than was said."""

from argparse import ArgumentTypeError
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.audit_actions import AuditAction
from accounts.domain import audit
from accounts.domain.audit import record
from accounts.domain.audit_verify import verify
from accounts.enums import DataClass
from accounts.management.commands.expire_audit import day
from accounts.models import AuditRecord
from echodepth.postgresql.owner import as_owner
from echodepth.tenancy import tenant
from tests.factories import LegalHoldFactory, OrganisationFactory, RetentionPolicyFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def trails(organisation, monkeypatch):
    """Two organisations with a record on each of four days."""
    other = OrganisationFactory(slug="other")
    with monkeypatch.context() as patch:
        for one in (organisation, other):
            for number in range(1, 5):
                now = datetime(2026, 5, number, tzinfo=UTC)
                patch.setattr(audit.timezone, "now", lambda now=now: now)
                with tenant(one.pk):
                    record(AuditAction.LIST_READ)
    return organisation, other


def numbers(organisation):
    with tenant(organisation.pk):
        return list(AuditRecord.objects.order_by("number").values_list("number", flat=True))


def run(*, before="2026-05-03", **options):
    call_command("expire_audit", f"--before={before}", **options)


def test_records_of_the_days_before_go_everywhere(trails, capsys):
    run()

    assert [numbers(one) for one in trails] == [[3, 4, 5], [3, 4, 5]]
    told = capsys.readouterr().out
    assert "harbour: 2 records went, up to number 2, and 0 names" in told
    assert "other: 2 records went" in told
    for one in trails:
        with tenant(one.pk):
            assert verify().holds


def test_one_organisation_can_be_named(trails):
    run(organisation="other")

    assert [numbers(one) for one in trails] == [[1, 2, 3, 4], [3, 4, 5]]


def test_a_dry_run_deletes_nothing(trails, capsys):
    run(dry_run=True)

    assert "harbour: 2 records, up to number 2, would go" in capsys.readouterr().out
    assert numbers(trails[0]) == [1, 2, 3, 4]


def test_a_second_time_there_is_nothing_that_old(trails, capsys):
    run()
    run()

    assert "harbour: nothing is that old" in capsys.readouterr().out
    assert numbers(trails[0]) == [3, 4, 5]


def test_a_trail_that_does_not_hold_is_not_cut_unless_told(trails):
    with as_owner(), tenant(trails[0].pk):
        AuditRecord._base_manager.filter(organisation=trails[0], number=1).update(action="nothing")

    with pytest.raises(CommandError, match="does not hold and was not cut: harbour"):
        run()
    assert [numbers(one) for one in trails] == [[1, 2, 3, 4], [3, 4, 5]]

    run(organisation="harbour", unproven=True)
    assert numbers(trails[0]) == [3, 4, 5]


def test_the_future_does_not_expire(trails):
    with pytest.raises(CommandError, match="in the future"):
        run(before=f"{datetime.now(UTC) + timedelta(days=2):%Y-%m-%d}")

    assert numbers(trails[0]) == [1, 2, 3, 4]


def test_what_is_no_date_is_refused():
    with pytest.raises(ArgumentTypeError, match="is no date such as 2026-01-31"):
        day("31.1.")
    assert day("2026-01-31") == datetime(2026, 1, 31, tzinfo=UTC)


if connection.vendor == "postgresql":

    def test_without_the_owner_it_says_what_to_set(trails, settings):
        settings.OWNER_DATABASE = None

        with pytest.raises(CommandError, match="ECHODEPTH_OWNER_DATABASE_URL"):
            run()
        assert numbers(trails[0]) == [1, 2, 3, 4]


def test_each_trail_is_cut_to_the_days_of_its_policy(trails, capsys):
    here, other = trails
    days = (datetime.now(UTC) - datetime(2026, 5, 3, tzinfo=UTC)).days + 1  # now is later in its day
    RetentionPolicyFactory(organisation=here, data_class=DataClass.LOGS, days=days)
    assert days > 180

    call_command("expire_audit", "--by-policy")

    assert numbers(here) == [3, 4, 5]
    assert numbers(other) == [1, 2, 3, 4]
    assert "harbour: 2 records went" in capsys.readouterr().out


def test_a_trail_under_a_legal_hold_stays_whole(trails, capsys):
    here, other = trails
    for one in trails:
        RetentionPolicyFactory(organisation=one, data_class=DataClass.LOGS, days=180)
    LegalHoldFactory(organisation=here, kind="organisation", object_id=here.pk)

    call_command("expire_audit", "--by-policy")

    assert numbers(here) == [1, 2, 3, 4]
    assert numbers(other) == [5]
    assert "harbour: a legal hold keeps it whole" in capsys.readouterr().out
