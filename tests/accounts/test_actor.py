from uuid import uuid4

import pytest

from accounts.actor import acting, current_actor
from accounts.enums import Role
from accounts.models import Membership, Organisation, User
from accounts.permissions import Action
from tests.support.people import actor


def of(role, **fields):
    return actor(Membership(role=role, organisation=Organisation(), user=User(), **fields))


def test_who_acts_is_known_inside_and_forgotten_after():
    outer, inner = of(Role.OWNER), of(Role.VIEWER)

    assert current_actor() is None
    with acting(outer):
        with acting(inner):
            assert current_actor() is inner
        assert current_actor() is outer
    assert current_actor() is None


def test_it_is_forgotten_after_a_failure_too():
    with pytest.raises(ZeroDivisionError), acting(of(Role.OWNER)):
        raise ZeroDivisionError
    assert current_actor() is None


def test_an_actor_may_what_the_role_may():
    assert of(Role.ANALYST).may(Action.UPLOAD)
    assert not of(Role.VIEWER).may(Action.UPLOAD)


def test_a_guest_is_known_as_one():
    assert of(Role.GUEST, guest_of=uuid4()).is_guest
    assert not of(Role.VIEWER).is_guest
