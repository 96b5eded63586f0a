"""Whom a provider's word lets in: the rules, and what a hostile provider tries."""

import time

import pytest

from accounts.audit_actions import AuditAction
from accounts.domain.members import remove_member
from accounts.domain.sso.claims import Claims
from accounts.domain.sso.people import LinkWanted, admit, confirm_link
from accounts.enums import Role
from accounts.models import AuditRecord, Identity, Membership, User
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from tests.factories import (
    DomainFactory,
    IdentityFactory,
    IdentityProviderFactory,
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
)
from tests.support.people import actor
from tests.support.tenants import every, save

ADA = "ada@harbour.example"


@pytest.fixture
def provider(organisation):
    DomainFactory(organisation=organisation, name="harbour.example")
    return IdentityProviderFactory(organisation=organisation, role=Role.REVIEWER)


@pytest.fixture
def hostile(db):
    """Another tenant's provider, whose admins make it say what they want."""
    made = IdentityProviderFactory(organisation=OrganisationFactory(slug="hostile"))
    DomainFactory(organisation=made.organisation, name="hostile.example")
    return made


def claims(subject="s-1", email=ADA, *, verified=True, name=""):
    return Claims(subject, email, verified, name)


def let_in(provider, told=None):
    with tenant(provider.organisation_id):
        return admit(provider, told or claims())


def refused(provider, told):
    people = User.objects.count()
    with pytest.raises(UserError) as caught:
        let_in(provider, told)
    assert User.objects.count() == people
    return caught.value.code


def link(provider, user, subject="s-1", email=ADA):
    wanted = LinkWanted(str(provider.organisation_id), str(provider.pk), subject, email, time.time())
    with tenant(provider.organisation_id):
        return confirm_link(provider, wanted, user)


def trail(organisation):
    with tenant(organisation.pk):
        return [line.action for line in AuditRecord.objects.order_by("number")]


def test_a_newcomer_gets_an_account_a_link_and_the_providers_role(provider):
    user = let_in(provider, claims(name="Ada Lovelace"))

    membership, identity = every(Membership)[0], every(Identity)[0]
    assert (user.email, user.full_name, user.has_usable_password()) == (ADA, "Ada Lovelace", False)
    assert (membership.user, membership.role, membership.organisation_id) == (
        user,
        Role.REVIEWER,
        provider.organisation_id,
    )
    assert (identity.user, identity.subject, identity.provider_id) == (user, "s-1", provider.pk)
    assert trail(provider.organisation) == [AuditAction.MEMBER_JOINED, AuditAction.IDENTITY_LINKED]


def test_the_address_is_the_providers_word_and_not_verified_by_us(provider):
    address = let_in(provider).emailaddress_set.get()

    assert (address.email, address.primary, address.verified) == (ADA, True, False)


def test_the_same_subject_comes_back_to_the_same_account(provider):
    first = let_in(provider)
    again = let_in(provider)

    assert again == first
    assert len(every(Identity)) == len(every(Membership)) == 1
    assert every(Identity)[0].last_used_at


def test_a_changed_address_does_not_move_the_identity(provider):
    """Not even to the address of somebody else who is here, nor to one that would not be let in."""
    ada = let_in(provider)
    other = MembershipFactory(organisation=provider.organisation, user__email="owner@harbour.example")

    assert let_in(provider, claims(email=other.user.email)) == ada
    assert let_in(provider, claims(email="ada@elsewhere.example", verified=False)) == ada
    ada.refresh_from_db()
    assert ada.email == ADA


def test_a_reused_address_of_another_subject_is_not_the_account_that_had_it(provider):
    """Somebody left, and the company gave the address to somebody new."""
    let_in(provider)

    assert let_in(provider, claims(subject="s-2")) is None
    assert [identity.subject for identity in every(Identity)] == ["s-1"]


def test_the_same_subject_at_two_providers_is_two_people(provider, hostile):
    ours = let_in(provider)
    theirs = let_in(hostile, claims(email="ada@hostile.example"))

    assert ours != theirs
    assert {(i.provider_id, i.subject, i.user_id) for i in every(Identity)} == {
        (provider.pk, "s-1", ours.pk),
        (hostile.pk, "s-1", theirs.pk),
    }


@pytest.mark.parametrize(
    "told",
    [
        claims(verified=False),
        claims(email=""),
        claims(email="ada"),
        claims(email="ada@harbour.example\n"),
        claims(email=f"{'a' * 250}@harbour.example"),
    ],
)
def test_an_address_must_be_verified_and_be_one(provider, told):
    assert refused(provider, told) == "sso_email_unverified"


@pytest.mark.parametrize(
    "email",
    [
        "ada@elsewhere.example",
        "ada@sub.harbour.example",
        "ada@harbour.example.org",
        "ada@\N{FULLWIDTH LATIN CAPITAL LETTER H}arbour.example",
    ],
)
def test_the_domain_must_be_proven_by_this_organisation(provider, email):
    assert refused(provider, claims(email=email)) in {"sso_domain_not_proven", "sso_email_unverified"}


def test_a_domain_that_is_only_claimed_counts_for_nothing(provider):
    DomainFactory(organisation=provider.organisation, name="claimed.example", proven_at=None)

    assert refused(provider, claims(email="ada@claimed.example")) == "sso_domain_not_proven"


@pytest.mark.parametrize("known", [True, False])
def test_a_hostile_provider_asserts_another_tenants_address(provider, hostile, known):
    """Of somebody with an account, or of nobody yet: neither account nor membership comes of it."""
    if known:
        MembershipFactory(organisation=provider.organisation, role=Role.OWNER, user__email=ADA)
    before = len(every(Membership))

    assert refused(hostile, claims()) == "sso_domain_not_proven"
    assert every(Identity) == []
    assert len(every(Membership)) == before


def test_a_hostile_provider_cannot_claim_the_tenants_domain_either(provider, hostile):
    """A second row for the same domain, not proven, does not make it theirs."""
    DomainFactory(organisation=hostile.organisation, name="harbour.example", proven_at=None)

    assert refused(hostile, claims()) == "sso_domain_not_proven"


def test_a_hostile_provider_names_the_subject_of_another(provider, hostile):
    """The subject alone is nothing."""
    ada = let_in(provider, claims(subject="s-1"))

    assert refused(hostile, claims(subject="s-1")) == "sso_domain_not_proven"
    assert let_in(hostile, claims(subject="s-1", email="x@hostile.example")) != ada


def test_a_provider_in_its_own_domain_does_not_open_an_account_that_is_there(hostile):
    """A person who works for two tenants: the one that has the mail domain must not get the other's data."""
    victim = MembershipFactory(role=Role.OWNER, user__email="victim@hostile.example").user

    assert let_in(hostile, claims(email="victim@hostile.example")) is None
    assert let_in(hostile, claims(email="VICTIM@hostile.example")) is None
    assert every(Identity) == []
    assert [membership.user for membership in every(Membership)] == [victim]


def test_a_second_address_of_an_account_counts_as_the_account(hostile):
    user = UserFactory(email="victim@elsewhere.example")
    user.emailaddress_set.create(email="victim@hostile.example", verified=True, primary=False)

    assert let_in(hostile, claims(email="victim@hostile.example")) is None


def test_a_removed_member_stays_outside_until_invited(provider, owner):
    ada = let_in(provider)
    with tenant(provider.organisation_id):
        remove_member(actor(owner), Membership.objects.get(user=ada))

    assert refused(provider, claims()) == "sso_not_a_member"
    assert refused(provider, claims(email="ada2@harbour.example")) == "sso_not_a_member"
    assert [row.user for row in every(Membership)] == [owner.user]

    MembershipFactory(organisation=provider.organisation, user=ada, role=Role.VIEWER)
    assert let_in(provider) == ada


def test_membership_elsewhere_does_not_count(provider, owner):
    ada = let_in(provider)
    with tenant(provider.organisation_id):
        remove_member(actor(owner), Membership.objects.get(user=ada))
    MembershipFactory(user=ada)

    assert refused(provider, claims()) == "sso_not_a_member"


def test_an_account_made_in_the_same_moment_is_not_taken_over(provider, monkeypatch):
    UserFactory(email=ADA)
    monkeypatch.setattr("accounts.domain.sso.people.person_of", lambda _email: None)

    assert refused(provider, claims()) == "sso_try_again"
    assert every(Membership) == every(Identity) == []


def test_a_switched_off_account_stays_off(provider):
    ada = let_in(provider)
    ada.is_active = False
    ada.save()

    assert refused(provider, claims()) == "sso_person_disabled"


def test_newcomers_count_as_members(provider):
    save(provider.organisation, quota_members=1)
    let_in(provider)

    assert refused(provider, claims(subject="s-2", email="bob@harbour.example")) == "quota_members"
    assert len(every(Identity)) == 1


def test_the_owner_of_an_account_links_it_and_joins(provider):
    user = UserFactory(email=ADA)
    elsewhere = MembershipFactory(user=user, role=Role.OWNER)

    membership = link(provider, user)

    assert (membership.organisation_id, membership.role) == (provider.organisation_id, Role.REVIEWER)
    assert let_in(provider) == user
    assert {row.pk for row in every(Membership)} == {membership.pk, elsewhere.pk}
    assert trail(provider.organisation) == [AuditAction.MEMBER_JOINED, AuditAction.IDENTITY_LINKED]
    assert trail(elsewhere.organisation) == []


def test_a_member_who_links_keeps_the_role(provider):
    user = UserFactory(email=ADA)
    MembershipFactory(organisation=provider.organisation, user=user, role=Role.OWNER)

    assert link(provider, user).role == Role.OWNER
    assert trail(provider.organisation) == [AuditAction.IDENTITY_LINKED]


def test_somebody_else_cannot_confirm(provider):
    UserFactory(email=ADA)
    other = UserFactory(email="mallory@harbour.example")

    with pytest.raises(UserError) as caught:
        link(provider, other)
    assert caught.value.code == "sso_other_account"
    assert every(Identity) == []


def test_a_domain_that_was_lost_meanwhile_links_nobody(hostile):
    user = UserFactory(email=ADA)

    with pytest.raises(UserError) as caught:
        link(hostile, user)
    assert caught.value.code == "sso_domain_not_proven"
    assert every(Identity) == []
    assert every(Membership) == []


def test_an_account_has_one_subject_at_a_provider(provider):
    user = let_in(provider)

    with pytest.raises(UserError) as caught:
        link(provider, user, subject="s-2")
    assert caught.value.code == "sso_already_linked"


def test_a_subject_that_is_somebody_elses_is_not_linked_again(provider):
    IdentityFactory(provider=provider, subject="s-1")
    user = UserFactory(email=ADA)

    with pytest.raises(UserError) as caught:
        link(provider, user)
    assert caught.value.code == "sso_already_linked"
    assert every(Membership) == []


def test_the_quota_holds_for_links_too(provider):
    save(provider.organisation, quota_members=0)

    with pytest.raises(UserError) as caught:
        link(provider, UserFactory(email=ADA))
    assert caught.value.code == "quota_members"
    assert every(Identity) == []
