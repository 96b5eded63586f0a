from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from accounts.actor import acting
from accounts.audit_actions import AuditAction
from accounts.domain.members import add_membership, change_role, remove_member, transfer_ownership
from accounts.enums import Role
from accounts.models import ApiToken, AuditRecord, Invitation, Membership, User
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory
from tests.support.people import actor, invited
from tests.support.tenants import every, fresh, save


@pytest.fixture
def admin(organisation):
    return MembershipFactory(organisation=organisation, role=Role.ADMIN)


def do(function, member, *arguments):
    """As this member, in their organisation."""
    who = actor(member)
    with tenant(member.organisation_id), acting(who):
        return function(who, *arguments)


def refused(function, member, *arguments):
    with pytest.raises(UserError) as caught:
        do(function, member, *arguments)
    return caught.value.code


def recorded(organisation):
    with tenant(organisation.pk):
        return [(line.action, line.facts) for line in AuditRecord.objects.order_by("number")]


def test_a_person_is_added_once_and_within_the_quota(organisation, viewer):
    save(organisation, quota_members=2)
    with tenant(organisation.pk):
        added = add_membership(organisation, UserFactory(), Role.ANALYST)
        with pytest.raises(UserError) as caught:
            add_membership(organisation, UserFactory(), Role.ANALYST)
    assert caught.value.code == "quota_members"
    assert fresh(added).role == Role.ANALYST

    save(organisation, quota_members=None)
    with tenant(organisation.pk), pytest.raises(UserError) as caught:
        add_membership(organisation, viewer.user, Role.ADMIN)
    assert (caught.value.code, fresh(viewer).role) == ("already_member", Role.VIEWER)


@pytest.mark.parametrize(("before", "after"), [(Role.OWNER, Role.VIEWER), (Role.VIEWER, Role.OWNER)])
def test_an_admin_changes_no_owner(admin, owner, before, after):
    other = MembershipFactory(organisation=owner.organisation, role=before)

    assert refused(change_role, admin, other, after) == "owner_needed"
    assert fresh(other).role == before


def test_an_admin_removes_no_owner(admin, owner):
    MembershipFactory(organisation=owner.organisation, role=Role.OWNER)

    assert refused(remove_member, admin, owner) == "owner_needed"
    assert fresh(owner).role == Role.OWNER


def test_an_admin_changes_and_removes_others(admin, viewer, organisation):
    do(change_role, admin, viewer, Role.ANALYST)
    assert fresh(viewer).role == Role.ANALYST

    do(remove_member, admin, viewer)
    assert every(Membership) == [admin]
    assert User.objects.filter(pk=viewer.user.pk).exists()
    assert recorded(organisation) == [
        (AuditAction.ROLE_CHANGED, {"before": "viewer", "after": "analyst"}),
        (AuditAction.MEMBER_REMOVED, {"role": "analyst", "left": False, "withdrawn": 0}),
    ]


def test_a_guest_who_gets_a_role_is_bound_to_no_report(owner, organisation):
    guest = MembershipFactory(organisation=organisation, role=Role.GUEST, guest_of=uuid4())

    do(change_role, owner, guest, Role.VIEWER)

    assert (fresh(guest).role, fresh(guest).guest_of) == (Role.VIEWER, None)


def test_tokens_go_with_their_member_and_others_stay(owner, analyst, organisation):
    for number, member in enumerate((owner, analyst)):
        with tenant(organisation.pk):
            ApiToken.objects.create(
                organisation=organisation,
                membership=member,
                name="Script",
                prefix="ed",
                token_hash=str(number),
                expires_at=timezone.now() + timedelta(days=1),
            )

    do(remove_member, owner, analyst)

    assert [token.membership_id for token in every(ApiToken)] == [owner.pk]


@pytest.mark.parametrize(("by_another", "open_ones"), [(True, ["b"]), (False, ["a", "b"])])
def test_who_is_removed_leaves_no_invitation_behind(owner, admin, outsider, by_another, open_ones):
    for sender, name in ((admin, "a"), (owner, "b"), (outsider, "c")):
        invited(sender, f"{name}@example.org")

    do(remove_member, owner if by_another else admin, admin)

    found = [one.email[0] for one in every(Invitation) if one.revoked_at is None]
    assert sorted(found) == [*open_ones, "c"]


def test_the_last_owner_stays(owner, outsider, admin):
    assert refused(change_role, owner, owner, Role.ADMIN) == "last_owner"
    assert refused(remove_member, owner, owner) == "last_owner"
    assert fresh(owner).role == Role.OWNER


def test_one_of_two_owners_may_go(owner, organisation):
    second = MembershipFactory(organisation=organisation, role=Role.OWNER)

    do(remove_member, owner, owner)

    assert every(Membership) == [second]
    assert recorded(organisation) == [
        (AuditAction.MEMBER_REMOVED, {"role": "owner", "left": True, "withdrawn": 0})
    ]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.GUEST])
def test_everybody_may_leave(owner, organisation, role):
    member = MembershipFactory(
        organisation=organisation, role=role, guest_of=uuid4() if role == Role.GUEST else None
    )

    do(remove_member, member, member)

    assert every(Membership) == [owner]


def test_who_was_removed_meanwhile_is_said_to_be_gone(owner, viewer):
    do(remove_member, owner, viewer)

    assert refused(change_role, owner, viewer, Role.ADMIN) == "member_gone"
    assert every(Membership) == [owner]


def test_ownership_is_handed_over(owner, analyst, organisation):
    do(transfer_ownership, owner, analyst)

    assert (fresh(owner).role, fresh(analyst).role) == (Role.ADMIN, Role.OWNER)
    assert recorded(organisation) == [(AuditAction.OWNERSHIP_TRANSFERRED, {})]


def test_ownership_goes_from_an_owner_to_another_full_member(owner, admin, viewer, organisation):
    guest = MembershipFactory(organisation=organisation, role=Role.GUEST, guest_of=uuid4())

    assert refused(transfer_ownership, admin, viewer) == "owner_needed"
    assert refused(transfer_ownership, owner, owner) == "transfer_to_another"
    assert refused(transfer_ownership, owner, guest) == "transfer_to_another"
    roles = {fresh(one).role for one in (admin, viewer, guest)}
    assert roles == {Role.ADMIN, Role.VIEWER, Role.GUEST}
    assert fresh(owner).role == Role.OWNER


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("function", [remove_member, change_role])
def test_of_two_owners_who_go_at_once_one_stays(function):
    organisation = OrganisationFactory()
    owners = MembershipFactory.create_batch(2, organisation=organisation, role=Role.OWNER)
    together = Barrier(2)

    def go(member):
        try:
            together.wait(20)
            do(function, member, member, *([Role.VIEWER] if function is change_role else []))
        except UserError as error:
            return error.code
        finally:
            connection.close()
        return "went"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(go, owners)) == ["last_owner", "went"]
    assert [one.role for one in every(Membership)].count(Role.OWNER) == 1
