"""People of the platform for tests, signed in as they must be to open a staff session."""

from django.test import Client

from accounts.enums import PlatformRole
from accounts.models import User
from tests.factories import UserFactory
from tests.support.sign_in import prove_second_factor, reauthenticate, second_factor, signed_in


def platform_person(role=PlatformRole.ADMIN, **fields):
    return UserFactory(platform_role=role, **fields)


def at_work(user: User) -> Client:
    """Signed in with a second factor, a moment ago."""
    second_factor(user)
    client = signed_in(user)
    prove_second_factor(client)
    reauthenticate(client)
    return client
