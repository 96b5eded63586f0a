"""Old records go behind a cut; the names needed for them alone go with them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import ProgrammingError, connection

from accounts.audit_actions import AuditAction
from accounts.domain import audit
from accounts.domain.audit import record, record_as
from accounts.domain.audit_expiry import Expired, expirable, expire
from accounts.domain.audit_verify import verify
from accounts.models import AuditHead, AuditParty, AuditRecord
from echodepth.postgresql.owner import as_owner
from echodepth.tenancy import tenant
from tests.factories import MembershipFactory, ProjectFactory

pytestmark = pytest.mark.django_db(transaction=True)

START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def days(monkeypatch):
    """Set the clock to a day after the start."""

    def to(number):
        monkeypatch.setattr(audit.timezone, "now", lambda: START + timedelta(days=number))

    return to


@pytest.fixture
def trail(owner, analyst, days):
    """Days 0 and 1 by the owner, days 2 to 4 by the analyst, who also acted on day 0."""
    project, kept = (ProjectFactory(organisation=owner.organisation, name=name) for name in ("Old", "New"))
    with tenant(owner.organisation_id):
        for day, (membership, target) in enumerate(
            [(owner, project), (owner, analyst), (analyst, kept), (analyst, None), (analyst, kept)]
        ):
            days(day)
            record_as(membership.user, AuditAction.PROJECT_CHANGED, target)
        days(5)
        yield owner.organisation


def numbers():
    return list(AuditRecord.objects.order_by("number").values_list("number", flat=True))


def test_a_prefix_goes_and_the_rest_still_proves_itself(trail):
    with as_owner():
        gone = expire(START + timedelta(days=2))

    assert gone == Expired(records=2, up_to=2, names=2)
    assert numbers() == [3, 4, 5, 6]
    assert verify().holds
    assert (verify().records, verify().cut) == (4, 2)
    assert AuditHead.objects.get().cut_at == START + timedelta(days=5)


def test_that_it_was_cut_is_recorded(trail):
    with as_owner():
        expire(START + timedelta(days=2))

    line = AuditRecord.objects.first()
    assert (line.action, line.facts, line.actor) == ("audit.cut", {"up_to": 2, "records": 2}, None)


def test_names_that_are_still_needed_stay(trail, owner, analyst):
    with as_owner():
        expire(START + timedelta(days=2))

    assert set(AuditParty.objects.values_list("key", flat=True)) == {
        str(analyst.user_id),
        *(f"project:{line.target}" for line in AuditRecord.objects.filter(target_kind="project")),
    }


def test_a_person_who_is_a_target_alone_keeps_the_name(trail, owner, analyst, days):
    with as_owner():
        expire(START + timedelta(days=1))

    assert str(analyst.user_id) in set(AuditParty.objects.values_list("key", flat=True))
    assert AuditRecord.objects.get(number=2).target_kind == "person"


def test_a_second_cut_goes_on_from_the_first(trail):
    with as_owner():
        expire(START + timedelta(days=2))
        assert expire(START + timedelta(days=2)) == Expired(0, 0, 0)
        expire(START + timedelta(days=4))

    assert numbers() == [5, 6, 7]
    assert verify().holds


def test_everything_may_go_and_recording_goes_on(trail):
    with as_owner():
        expire(START + timedelta(days=30))
    record(AuditAction.LIST_READ)

    assert numbers() == [6, 7]
    assert verify().holds


def test_a_clock_set_back_makes_nothing_newer_go(trail, days):
    days(-3)
    record(AuditAction.LIST_READ)

    assert expirable(START + timedelta(days=1)) == Expired(1, 1, 0)


def test_nothing_of_another_organisation_goes(trail, days):
    other = MembershipFactory()
    with tenant(other.organisation_id):
        days(0)
        record_as(other.user, AuditAction.LIST_READ)

    with as_owner():
        expire(START + timedelta(days=30))

    with tenant(other.organisation_id):
        assert numbers() == [1]
        assert AuditParty.objects.count() == 1
        assert verify().holds


def test_a_trail_that_has_not_begun_has_nothing_to_lose(organisation):
    with tenant(organisation.pk), as_owner():
        assert expire(START) == Expired(0, 0, 0)


if connection.vendor == "postgresql":

    def test_the_application_cannot_expire(trail):
        with pytest.raises(ProgrammingError, match="permission denied"):
            expire(START + timedelta(days=2))

        assert numbers() == [1, 2, 3, 4, 5]
        assert AuditHead.objects.get().cut_number == 0
