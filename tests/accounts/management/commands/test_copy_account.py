"""`manage.py copy_account`: JSON of one person, and of nobody else."""

import json

import pytest
from django.core.management import CommandError, call_command

from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db


def test_it_prints_all_of_one_person(owner, capsys):
    MembershipFactory(organisation=owner.organisation, user__email="other@people.example")
    call_command("copy_account", owner.user.email)
    printed = capsys.readouterr().out
    copied = json.loads(printed)
    assert [row["email"] for row in copied["accounts.User"]] == [owner.user.email]
    assert [row["role"] for row in copied["accounts.Membership"]] == ["owner"]
    assert "other@people.example" not in printed


def test_nobody_is_refused(db):
    with pytest.raises(CommandError, match="Nobody has an account"):
        call_command("copy_account", "nobody@people.example")
