import pytest
from django.db import IntegrityError

from accounts.enums import PlatformRole
from accounts.models import User
from tests.factories import UserFactory


@pytest.mark.django_db
def test_an_address_is_one_person_whatever_its_case():
    user = User.objects.create_user("Anna@Example.ORG")

    assert user.email == "anna@example.org"
    assert User.objects.get_by_natural_key("ANNA@example.org") == user
    with pytest.raises(IntegrityError):
        User.objects.bulk_create([User(email="Anna@example.org")])


@pytest.mark.django_db
def test_an_invited_person_has_no_usable_password():
    assert not User.objects.create_user("new@example.org").has_usable_password()


def test_a_person_is_shown_by_name_and_else_by_address():
    assert str(User(email="a@example.org", full_name="Anna")) == "Anna"
    assert str(User(email="a@example.org")) == "a@example.org"


@pytest.mark.django_db
def test_an_account_administers_nothing_unless_it_is_said():
    assert not UserFactory().is_platform_admin


@pytest.mark.parametrize(
    ("role", "opens_sessions", "works_at_desk"),
    [
        (PlatformRole.NONE, False, False),
        (PlatformRole.SALES, False, True),
        (PlatformRole.SUPPORT, True, False),
        (PlatformRole.ADMIN, True, True),
    ],
)
def test_each_of_the_platforms_people_has_their_place(role, opens_sessions, works_at_desk):
    person = User(platform_role=role)

    assert (person.opens_sessions, person.works_at_desk) == (opens_sessions, works_at_desk)
