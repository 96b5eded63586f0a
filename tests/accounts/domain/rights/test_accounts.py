"""An account is copied and erased out of every organisation; other people's stay as they are."""

import pytest
from allauth.account.models import EmailAddress

from accounts.audit_actions import AuditAction
from accounts.domain.audit import record_as
from accounts.domain.rights import accounts
from accounts.enums import Role
from accounts.models import AuditParty, Invitation, Membership, User
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from tests.factories import (
    ApiTokenFactory,
    InvitationFactory,
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
)
from tests.support.tenants import every

pytestmark = pytest.mark.django_db
EMAIL = "quirina@people.example"


@pytest.fixture
def person():
    return UserFactory(email=EMAIL, full_name="Quirina Zellweger")


@pytest.fixture
def places(person):
    """Two organisations with the person, an owner beside them, and their name in the trail."""
    made = []
    for name in ("Harbour", "Elsewhere"):
        organisation = OrganisationFactory(name=name)
        MembershipFactory(organisation=organisation, role=Role.OWNER)
        member = MembershipFactory(organisation=organisation, user=person, role=Role.ADMIN)
        ApiTokenFactory(membership=member, name="Quirina's script")
        with tenant(organisation.pk):
            record_as(person, AuditAction.PROJECT_CREATED)
        made.append(organisation)
    return made


def test_a_copy_holds_every_place_and_nobody_else(person, places):
    InvitationFactory(organisation=places[0], email="other@people.example")
    copied = accounts.copy(person)
    assert [row["full_name"] for row in copied["accounts.User"]] == ["Quirina Zellweger"]
    assert [row["role"] for row in copied["accounts.Membership"]] == ["admin", "admin"]
    assert [row["name"] for row in copied["accounts.ApiToken"]] == ["Quirina's script"] * 2
    assert copied["accounts.Invitation"] == []
    assert not any("password" in row or "token_hash" in row for rows in copied.values() for row in rows)


def test_erased_nothing_says_who_it_was(person, places):
    InvitationFactory(organisation=places[1], email=EMAIL)
    accounts.erase(person)
    kept = User.objects.get(pk=person.pk)
    assert (kept.full_name, kept.is_active, kept.email) == ("", False, f"erased-{person.pk}@erased.invalid")
    assert not EmailAddress.objects.filter(email=EMAIL).exists()
    assert len(every(Membership)) == 2
    assert [row.email for row in every(Invitation)] == []
    assert [party.name for party in every(AuditParty) if "quirina" in party.name.lower()] == []


def test_the_last_owner_stays_and_so_does_everything(person, places):
    alone = OrganisationFactory(name="Alone")
    MembershipFactory(organisation=alone, user=person, role=Role.OWNER)
    with pytest.raises(UserError) as refusal:
        accounts.erase(person)
    assert refusal.value.code == "last_owner"
    assert User.objects.get(pk=person.pk).email == EMAIL
    assert len([row for row in every(Membership) if row.user_id == person.pk]) == 3
