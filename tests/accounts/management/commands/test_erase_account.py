"""`manage.py erase_account`: one account, told by its number; what it may not erase stays."""

import pytest
from django.core.management import CommandError, call_command

from accounts.enums import Role
from accounts.models import User
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db


def test_the_account_is_nobodys_afterwards(owner, capsys):
    member = MembershipFactory(organisation=owner.organisation, user__email="quirina@people.example")
    call_command("erase_account", "Quirina@people.example")
    assert capsys.readouterr().out == f"Account {member.user_id} was erased.\n"
    assert not User.objects.filter(email__icontains="quirina").exists()
    assert User.objects.filter(email=owner.user.email).exists()


def test_the_last_owner_and_nobody_are_refused(owner):
    with pytest.raises(CommandError, match="at least one owner"):
        call_command("erase_account", owner.user.email)
    with pytest.raises(CommandError, match="Nobody has an account"):
        call_command("erase_account", "nobody@people.example")
    assert (owner.role, User.objects.get(pk=owner.user_id).email) == (Role.OWNER, owner.user.email)
