import pytest

from accounts.domain.members import add_member, change_role, remove_member
from accounts.enums import Role
from accounts.models import Membership, User
from echodepth.errors import UserError
from tests.factories import MembershipFactory, UserFactory


@pytest.fixture
def admin(organisation):
    return MembershipFactory(organisation=organisation, role=Role.ADMIN)


def test_a_new_person_gets_an_account_without_a_password(owner):
    membership = add_member(owner, "New.Person@Example.org", Role.ANALYST)

    address = membership.user.emailaddress_set.get()
    assert membership.user.email == "new.person@example.org"
    assert not membership.user.has_usable_password()
    assert (address.email, address.primary, address.verified) == ("new.person@example.org", True, False)
    assert (membership.organisation, membership.role) == (owner.organisation, Role.ANALYST)


def test_a_person_we_know_keeps_their_account(owner):
    known = UserFactory(email="known@example.org")

    membership = add_member(owner, "KNOWN@example.org", Role.VIEWER)

    assert membership.user == known
    assert User.objects.filter(email__iexact="known@example.org").count() == 1


def test_nobody_is_added_twice(owner, viewer):
    with pytest.raises(UserError) as caught:
        add_member(owner, viewer.user.email, Role.ADMIN)

    viewer.refresh_from_db()
    assert (caught.value.code, viewer.role) == ("already_member", Role.VIEWER)


def test_only_an_owner_makes_owners(admin):
    with pytest.raises(UserError) as caught:
        add_member(admin, "new@example.org", Role.OWNER)

    assert (caught.value.code, caught.value.status) == ("owner_needed", 403)
    assert not User.objects.filter(email="new@example.org").exists()


@pytest.mark.parametrize(("before", "after"), [(Role.OWNER, Role.VIEWER), (Role.VIEWER, Role.OWNER)])
def test_an_admin_changes_no_owner(admin, owner, before, after):
    other = MembershipFactory(organisation=owner.organisation, role=before)

    with pytest.raises(UserError) as caught:
        change_role(admin, other, after)

    other.refresh_from_db()
    assert (caught.value.code, other.role) == ("owner_needed", before)


def test_an_admin_changes_and_removes_others(admin, viewer):
    change_role(admin, viewer, Role.ANALYST)
    viewer.refresh_from_db()
    assert viewer.role == Role.ANALYST

    remove_member(admin, viewer)
    assert not Membership.objects.filter(user=viewer.user).exists()
    assert User.objects.filter(pk=viewer.user.pk).exists()


def test_the_last_owner_stays(owner, outsider):
    for attempt in (lambda: change_role(owner, owner, Role.ADMIN), lambda: remove_member(owner, owner)):
        with pytest.raises(UserError) as caught:
            attempt()
        assert caught.value.code == "last_owner"
    owner.refresh_from_db()
    assert owner.role == Role.OWNER


def test_one_of_two_owners_may_go(owner):
    second = MembershipFactory(organisation=owner.organisation, role=Role.OWNER)

    remove_member(owner, second)

    assert list(owner.organisation.memberships.all()) == [owner]
