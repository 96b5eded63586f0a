"""`manage.py erase_from_audit`: a name goes everywhere, or in one organisation."""

import pytest
from django.core.management import CommandError, call_command

from accounts.audit_actions import AuditAction
from accounts.domain.audit import record_as
from accounts.domain.audit_verify import verify
from accounts.models import AuditParty
from echodepth import client_address
from echodepth.tenancy import tenant
from tests.factories import MembershipFactory, ProjectFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def both(owner):
    """The same person, from the same address, in two organisations."""
    elsewhere = MembershipFactory(user=owner.user, organisation__slug="elsewhere")
    client_address.current.set("203.0.113.9")
    for one in (owner, elsewhere):
        with tenant(one.organisation_id):
            record_as(owner.user, AuditAction.PROJECT_CREATED, ProjectFactory(organisation=one.organisation))
    client_address.current.set("")
    return owner, elsewhere


def kinds(membership):
    with tenant(membership.organisation_id):
        assert verify().holds
        return sorted(AuditParty.objects.values_list("kind", flat=True))


def test_a_person_is_erased_everywhere(both, capsys):
    call_command("erase_from_audit", person="OWNER@harbour.example")

    assert [kinds(one) for one in both] == [["address", "subject"], ["address", "subject"]]
    assert capsys.readouterr().out.splitlines() == ["elsewhere: 1 erased", "harbour: 1 erased"]


def test_an_address_is_erased_in_one_organisation(both):
    call_command("erase_from_audit", address="203.0.113.9", organisation="elsewhere")

    assert [kinds(one) for one in both] == [["address", "person", "subject"], ["person", "subject"]]


def test_a_title_is_erased(both):
    with tenant(both[0].organisation_id):
        key = AuditParty.objects.get(kind="subject").key

    call_command("erase_from_audit", label=key)

    assert [kinds(one) for one in both] == [["address", "person"], ["address", "person", "subject"]]


def test_an_unknown_person_is_told(both):
    with pytest.raises(CommandError, match=r"Nobody has an account with nobody@example\.org"):
        call_command("erase_from_audit", person="nobody@example.org")

    assert kinds(both[0]) == ["address", "person", "subject"]
