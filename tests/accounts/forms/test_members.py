import pytest

from accounts.enums import Role
from accounts.forms.members import GuestForm, InvitationForm, NewPersonForm, RoleForm
from accounts.models import Membership, Organisation, User
from tests.support.people import actor

PASSWORD = "a quiet harbour at noon"


def of(role):
    return actor(Membership(role=role, organisation=Organisation(), user=User()))


def offered(form):
    return [value for value, _label in form.fields["role"].choices]


@pytest.mark.parametrize(("role", "owners"), [(Role.OWNER, True), (Role.ADMIN, False)])
def test_only_an_owner_is_offered_to_make_owners(role, owners):
    form = RoleForm({"role": Role.OWNER}, actor=of(role))

    assert (Role.OWNER in offered(form)) is owners
    assert form.is_valid() is owners
    assert {Role.ADMIN, Role.ANALYST, Role.REVIEWER, Role.VIEWER} <= set(offered(form))


def test_nobody_becomes_guest_without_a_report():
    form = RoleForm({"role": Role.GUEST}, actor=of(Role.OWNER))

    assert Role.GUEST not in offered(form)
    assert not form.is_valid()


@pytest.mark.parametrize(("email", "valid"), [("a@example.org", True), ("a", False), ("", False)])
def test_an_invitation_has_an_address(email, valid):
    form = InvitationForm({"email": email, "role": Role.VIEWER}, actor=of(Role.ADMIN))

    assert form.is_valid() is valid
    assert GuestForm({"email": email}).is_valid() is valid
    assert list(form.fields) == ["email", "role"]
    assert form.fields["role"].initial == Role.ANALYST


def errors(**changes):
    given = {"full_name": "Nina New", "password": PASSWORD, "again": PASSWORD} | changes
    return NewPersonForm(given, email="nina@example.org").errors


def test_a_good_answer_is_taken():
    assert errors() == {}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"password": "", "again": ""}, "password"),
        ({"password": "nina@example.org", "again": "nina@example.org"}, "password"),
        ({"password": "Wilhelmina 1", "again": "Wilhelmina 1", "full_name": "Wilhelmina"}, "password"),
        ({"again": "another harbour"}, "again"),
        ({"full_name": " "}, "full_name"),
    ],
)
def test_the_rules_for_passwords_know_name_and_address(changes, field):
    assert field in errors(**changes)


def test_blanks_belong_to_a_password():
    assert "again" in errors(password=f" {PASSWORD}", again=PASSWORD)
