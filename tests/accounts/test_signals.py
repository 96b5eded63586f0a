import pytest
from allauth.account.signals import user_logged_in
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.signals import request_finished
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import AuditRecord, Membership, User
from echodepth.afterwards import do_what_waits
from tests.factories import PASSWORD, MembershipFactory, UserFactory
from tests.support.sign_in import code, reauthenticate, second_factor, signed_in
from tests.support.tenants import every

NEW = "a quiet harbour at noon"


@pytest.fixture
def person(db) -> User:
    """Somebody in two organisations."""
    user = UserFactory(email="person@example.org")
    MembershipFactory(user=user)
    MembershipFactory(user=user)
    MembershipFactory(user=UserFactory(email="other@example.org"))
    return user


def trail():
    """[(action, facts, whether somebody did it)] by organisation of the person; the same in both."""
    by_organisation = {}
    for record in sorted(every(AuditRecord), key=lambda record: record.number):
        line = (record.action, record.facts, record.actor is not None)
        by_organisation.setdefault(record.organisation_id, []).append(line)
    if not by_organisation:
        return []
    one, other = by_organisation.values()
    assert one == other
    return one


def sign_in(client, email="person@example.org", password=PASSWORD):
    return client.post("/account/login/", {"login": email, "password": password})


def test_signing_in_and_out_stands_in_every_organisation_of_the_person(client, person):
    sign_in(client)
    client.post("/account/logout/")

    assert trail() == [
        ("session.entered", {"method": "password"}, True),
        ("session.ended", {}, True),
    ]
    assert {record.address is None for record in every(AuditRecord)} == {False}


def test_a_refused_sign_in_names_nobody_as_the_one_who_did_it(client, person):
    sign_in(client, password="wrong password")
    sign_in(client, email="nobody@example.org")

    assert trail() == [("session.refused", {"method": "password"}, False)]


def test_how_long_a_refusal_takes_does_not_tell_whether_there_is_the_account(person):
    counted = {}
    request_finished.disconnect(do_what_waits)
    for email in ("person@example.org", "nobody@example.org"):
        with CaptureQueriesContext(connection) as queries:
            sign_in(Client(), email, "wrong password")
        counted[email] = [query["sql"].split()[0] for query in queries]
    request_finished.connect(do_what_waits)
    assert trail() == []

    # allauth looks a second time for an address it does not find; nothing is written for either.
    assert {email: len(found) for email, found in counted.items()} == {
        "person@example.org": 1,
        "nobody@example.org": 2,
    }
    assert {word for found in counted.values() for word in found} <= {"SELECT", "DECLARE"}
    do_what_waits()
    assert trail() == [("session.refused", {"method": "password"}, False)]


def test_the_second_step_is_told_and_so_is_its_failure(client, person):
    second_factor(person)
    sign_in(client)
    assert trail() == []

    client.post("/account/2fa/authenticate/", {"code": "000000"})
    client.post("/account/2fa/authenticate/", {"code": code()})

    assert trail() == [
        ("session.refused", {"method": "totp"}, False),
        ("session.entered", {"method": "password and totp"}, True),
    ]


def test_a_changed_password_is_told(person):
    client = signed_in(person)
    fields = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}

    client.post("/account/password/change/", fields)

    assert trail() == [("account.password_changed", {"by": "the person"}, True)]


def test_a_password_set_by_mail_is_told_and_confirms_the_address(client, person, mailoutbox):
    person.emailaddress_set.update(verified=False)
    client.post("/account/password/reset/", {"email": person.email})
    path = mailoutbox[0].body.split("http://")[1].split()[0].partition("/")[2]
    page = client.get(f"/{path}", follow=True)

    client.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW})

    assert trail() == [("account.password_changed", {"by": "link in a mail"}, True)]
    assert person.emailaddress_set.get().verified
    assert sign_in(Client(), password=NEW).status_code == 302


def test_a_changed_address_is_told(person, mailoutbox):
    client = signed_in(person)
    reauthenticate(client)
    client.post("/account/email/", {"email": "new@example.org", "action_add": ""})
    assert trail() == []

    path = mailoutbox[-1].body.split("http://")[1].split()[0].partition("/")[2]
    client.post(f"/{path}")

    assert trail() == [("account.email_changed", {}, True)]


@pytest.mark.django_db(transaction=True)
def test_second_factors_added_renewed_and_removed_are_told(person):
    client = signed_in(person)
    reauthenticate(client)
    secret = client.get("/account/2fa/totp/activate/").context["form"].secret

    client.post("/account/2fa/totp/activate/", {"code": code(secret)})
    client.post("/account/2fa/recovery-codes/generate/")
    client.post("/account/2fa/totp/deactivate/")

    assert {action for action, _facts, _who in trail()} == {"account.mfa_changed"}
    assert [(facts["change"], facts["kind"]) for _action, facts, _who in trail()] == [
        ("added", "totp"),
        ("added", "recovery_codes"),
        ("renewed", "recovery_codes"),
        ("removed", "totp"),
        ("removed", "recovery_codes"),
    ]


def test_a_recovery_code_is_told_as_what_it_is(client, person):
    second_factor(person)
    codes = RecoveryCodes.activate(person).get_unused_codes()
    sign_in(client)

    client.post("/account/2fa/authenticate/", {"code": codes[0]})

    assert trail() == [("session.entered", {"method": "password and recovery_codes"}, True)]


def test_ended_sessions_are_told(person):
    sign_in(Client())
    client = Client()
    sign_in(client)

    client.post("/account/sessions/")

    assert trail()[-1] == ("session.ended", {"sessions": 1}, True)


def test_a_session_of_single_sign_on_is_its_organisations_alone(person, rf):
    first = min(str(row.organisation_id) for row in every(Membership) if row.user_id == person.pk)
    request = rf.get("/")
    request.user, request.session = person, signed_in(person).session
    request.session["sso_organisation"] = first

    user_logged_in.send(sender=User, request=request, user=person)

    assert [str(record.organisation_id) for record in every(AuditRecord)] == [first]
