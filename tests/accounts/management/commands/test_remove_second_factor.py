import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import AuditRecord
from tests.factories import PASSWORD, MembershipFactory
from tests.support.sign_in import code, passkey, second_factor
from tests.support.tenants import every


def sign_in(email):
    client = Client()
    client.post("/account/login/", {"login": email, "password": PASSWORD})
    return client


def opens(client):
    return client.get("/account/security/").status_code == 200


@pytest.fixture
def people(db):
    """Two members, each with an app, a passkey and codes, and a session each."""
    found = []
    for email in ("lost@example.org", "other@example.org"):
        user = MembershipFactory(user__email=email).user
        second_factor(user), passkey(user), RecoveryCodes.activate(user)
        client = sign_in(email)
        client.post("/account/2fa/authenticate/", {"code": code()})
        found.append((user, client))
    return found


def test_whoever_lost_everything_begins_anew(people, mailoutbox, capsys):
    (lost, client), (other, elsewhere) = people
    assert opens(client)
    mailoutbox.clear()

    call_command("remove_second_factor", "Lost@example.org")

    assert "lost@example.org signs in by password alone now." in capsys.readouterr().out
    assert [opens(client), opens(elsewhere)] == [False, True]
    assert set(Authenticator.objects.values_list("user_id", flat=True)) == {other.pk}
    assert opens(sign_in(lost.email))
    assert [mail.to for mail in mailoutbox] == [["lost@example.org"]]
    assert "/account/security/" in mailoutbox[0].body
    told = [line for line in every(AuditRecord) if line.action == "account.mfa_changed"]
    assert [(line.facts, line.actor, line.target_kind) for line in told] == [
        ({"change": "removed", "kind": "all"}, None, "person")
    ]


def test_nothing_is_removed_from_whom_it_is_not_asked_for(people, mailoutbox):
    MembershipFactory(user__email="plain@example.org")
    mailoutbox.clear()
    for email, said in (
        ("nobody@example.org", "There is no account"),
        ("plain@example.org", "has no second"),
    ):
        with pytest.raises(CommandError, match=said):
            call_command("remove_second_factor", email)

    assert Authenticator.objects.count() == 6
    assert mailoutbox == []
