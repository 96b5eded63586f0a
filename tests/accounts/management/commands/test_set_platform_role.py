import pytest
from django.core.management import CommandError, call_command

from accounts.enums import PlatformRole
from accounts.models import User
from tests.factories import StaffSessionFactory, UserFactory
from tests.support.tenants import fresh


@pytest.mark.parametrize("role", ["sales", "support", "admin"])
def test_somebody_begins_to_work_for_the_platform(db, capsys, role):
    UserFactory(email="ada@example.org")
    other = UserFactory()

    call_command("set_platform_role", "Ada@example.org", role)

    assert User.objects.get(email="ada@example.org").platform_role == role
    assert User.objects.get(pk=other.pk).platform_role == PlatformRole.NONE
    assert f"ada@example.org has this role for the platform now: {PlatformRole(role).label}" in (
        capsys.readouterr().out
    )


@pytest.mark.parametrize(("word", "role"), [("none", PlatformRole.NONE), ("sales", PlatformRole.SALES)])
def test_somebody_leaves_and_is_out(db, word, role):
    session = StaffSessionFactory()

    call_command("set_platform_role", session.user.email, word)

    assert User.objects.get(pk=session.user.pk).platform_role == role
    assert not fresh(session).is_open


def test_only_people_and_roles_that_are_there(db):
    UserFactory(email="ada@example.org")

    with pytest.raises(CommandError, match=r"no account of bob@example\.org"):
        call_command("set_platform_role", "bob@example.org", "admin")
    with pytest.raises(CommandError, match="invalid choice"):
        call_command("set_platform_role", "ada@example.org", "owner")
    assert User.objects.get().platform_role == PlatformRole.NONE
