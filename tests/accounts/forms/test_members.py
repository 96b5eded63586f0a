import pytest

from accounts.enums import Role
from accounts.forms.members import AddMemberForm, RoleForm
from accounts.models import Membership


def offered(form):
    return [value for value, _label in form.fields["role"].choices]


@pytest.mark.parametrize(("role", "owners"), [(Role.OWNER, True), (Role.ADMIN, False)])
def test_only_an_owner_is_offered_to_make_owners(role, owners):
    form = RoleForm({"role": Role.OWNER}, actor=Membership(role=role))

    assert (Role.OWNER in offered(form)) is owners
    assert form.is_valid() is owners
    assert {Role.ADMIN, Role.ANALYST, Role.VIEWER} <= set(offered(form))


@pytest.mark.parametrize(("email", "valid"), [("a@example.org", True), ("a", False), ("", False)])
def test_a_new_member_has_an_address(email, valid):
    form = AddMemberForm({"email": email, "role": Role.VIEWER}, actor=Membership(role=Role.ADMIN))

    assert form.is_valid() is valid
    assert list(form.fields) == ["email", "role"]
    assert form.fields["role"].initial == Role.ANALYST
