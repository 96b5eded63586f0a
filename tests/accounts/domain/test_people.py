import re

import pytest
from django.db import IntegrityError, transaction

from accounts.domain.people import (
    DEMO_EMAIL,
    confirm_address,
    create_demo,
    create_person,
    generate_password,
    owns_address,
    person_of,
)
from accounts.enums import Role
from accounts.models import Membership, Organisation, Project, Subject, User
from tests.factories import UserFactory
from tests.support.tenants import every


def test_the_demonstration_is_made_once(db):
    organisation = create_demo("first password")
    second = create_demo("second password")

    owner = User.objects.get()
    assert second is None
    assert (organisation.name, organisation.time_zone) == ("Demo organisation", "UTC")
    assert owner.check_password("first password")
    assert owner.emailaddress_set.get(email=DEMO_EMAIL).verified
    (membership,) = every(Membership)
    assert (membership.user, membership.role) == (owner, Role.OWNER)
    assert membership.organisation_id == organisation.pk
    assert (len(every(Project)), len(every(Subject)), len(every(Organisation))) == (1, 1, 1)


def test_passwords_differ_and_can_be_read_out():
    found = {generate_password() for _ in range(50)}

    assert len(found) == 50
    assert all(re.fullmatch(r"([a-z2-9]{5}-){3}[a-z2-9]{5}", word) for word in found)
    assert not set("".join(found)) & set("l1o0")


def test_a_person_is_made_once_with_a_verified_address(db):
    made = create_person("New@Example.org", "a long password", full_name="Nina New")

    address = made.emailaddress_set.get()
    assert (made.email, made.full_name) == ("new@example.org", "Nina New")
    assert (address.email, address.verified, address.primary) == ("new@example.org", True, True)
    with pytest.raises(IntegrityError), transaction.atomic():
        create_person("NEW@example.org", "another password")
    assert User.objects.get().check_password("a long password")


def test_a_person_is_found_by_an_address_that_is_theirs(db):
    person, other = UserFactory(email="one@example.org"), UserFactory()
    person.emailaddress_set.create(email="second@example.org", verified=True)
    person.emailaddress_set.create(email="claimed@example.org", verified=False)

    assert person_of("ONE@example.org") == person
    assert person_of("Second@example.org") == person
    assert person_of("claimed@example.org") is None
    assert owns_address(person, "SECOND@example.org")
    assert not owns_address(other, "second@example.org")
    assert not owns_address(person, "claimed@example.org")


def test_the_address_that_received_the_link_is_confirmed_and_no_other(db):
    person = UserFactory(email="one@example.org", address=False)
    mine = person.emailaddress_set.create(email="one@example.org", verified=False)
    other = person.emailaddress_set.create(email="two@example.org", verified=False)

    confirm_address(person)

    mine.refresh_from_db()
    other.refresh_from_db()
    assert (mine.verified, other.verified) == (True, False)
