import time

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.usersessions.models import UserSession

from accounts.domain import security
from accounts.enums import Role
from accounts.models import AuditRecord
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from tests.factories import PASSWORD, MembershipFactory, UserFactory
from tests.support.sign_in import passkey, prove_second_factor, reauthenticate, second_factor, signed_in
from tests.support.tenants import every, fresh


def session_of(client, rf):
    request = rf.get("/page/?a=b")
    request.session = client.session
    return request


def test_an_app_or_a_passkey_is_a_second_factor_and_codes_are_none(db):
    nobody, by_app, by_passkey, by_codes = UserFactory.create_batch(4)
    second_factor(by_app), passkey(by_passkey), RecoveryCodes.activate(by_codes)

    found = [security.has_second_factor(person) for person in (nobody, by_app, by_passkey, by_codes)]

    assert found == [False, True, True, False]


def test_a_password_alone_is_no_proof_of_the_second_factor(db, rf):
    person = UserFactory()
    client = signed_in(person)
    reauthenticate(client)
    assert not security.used_second_factor(session_of(client, rf), person)

    prove_second_factor(client)
    assert security.used_second_factor(session_of(client, rf), person)


def test_who_has_passkeys_alone_confirms_with_one(db, rf):
    person = UserFactory()
    passkey(person)

    with pytest.raises(UserError) as caught:
        security.require_second_factor(session_of(signed_in(person), rf), person)

    assert caught.value.way.url == "/account/2fa/webauthn/reauthenticate/?next=%2Fpage%2F%3Fa%3Db"


@pytest.mark.parametrize(
    ("record", "proved"),
    [
        ({"method": "sso", "reauthenticated": True}, True),
        ({"method": "sso"}, False),
        ({"method": "password", "reauthenticated": True}, False),
        ({"method": "sso", "reauthenticated": True, "at": 1.0}, False),
    ],
)
def test_the_provider_counts_when_it_asked_anew_a_moment_ago(db, rf, record, proved):
    person = UserFactory()
    request = session_of(signed_in(person), rf)
    request.session["account_authentication_methods_user"] = str(person.pk)
    request.session["account_authentication_methods"] = [{"at": time.time()} | record]

    assert security.proved_by_provider(request, person) is proved


def test_members_with_a_second_factor_are_counted_once_and_of_this_organisation(organisation):
    both, app, none = MembershipFactory.create_batch(3, organisation=organisation)
    elsewhere = MembershipFactory()
    for person in (both.user, app.user, elsewhere.user):
        second_factor(person)
    passkey(both.user)
    RecoveryCodes.activate(none.user)

    with tenant(organisation.pk):
        assert security.members_with_second_factor() == 2


def test_who_has_no_second_factor_cannot_require_one(owner):
    with tenant(owner.organisation_id), pytest.raises(UserError) as caught:
        security.set_mfa_required(owner.organisation, owner.user, required=True)

    assert caught.value.code == "no_second_factor"
    assert fresh(owner.organisation).require_mfa is False
    assert every(AuditRecord) == []


def test_the_requirement_is_switched_and_told_once(owner):
    second_factor(owner.user)
    with tenant(owner.organisation_id):
        for required in (True, True, False):
            security.set_mfa_required(owner.organisation, owner.user, required=required)
            assert fresh(owner.organisation).require_mfa is required

    told = sorted(every(AuditRecord), key=lambda record: record.number)
    assert [(line.action, line.facts) for line in told] == [
        ("organisation.security_changed", {"require_mfa": True}),
        ("organisation.security_changed", {"require_mfa": False}),
    ]


def test_it_can_be_switched_off_without_a_second_factor(owner):
    """By an owner whose app was lost, and who came by the organisation's own provider."""
    second_factor(owner.user).delete()
    owner.organisation.require_mfa = True
    with tenant(owner.organisation_id):
        owner.organisation.save()
        security.set_mfa_required(owner.organisation, owner.user, required=False)

    assert fresh(owner.organisation).require_mfa is False
    assert owner.role == Role.OWNER


@pytest.fixture
def places(db):
    """Sessions of one person at two places, and of another: clients."""
    person, other = UserFactory(), UserFactory()
    clients = [signed_in(user) for user in (person, person, other)]
    for client in clients:
        client.cookies.clear()
        email = (person if client is not clients[2] else other).email
        client.post("/account/login/", {"login": email, "password": PASSWORD})
    return person, *clients


def opens(client):
    return client.get("/account/security/").status_code == 200


def test_one_session_is_ended_and_no_other(places):
    person, here, there, others = places
    listed = UserSession.objects.get(session_key=there.session.session_key)

    assert security.end_session(person, listed.pk, here.session.session_key)

    assert [opens(client) for client in (here, there, others)] == [True, False, True]


def test_neither_this_session_nor_somebody_elses_is_ended_by_number(places):
    person, here, there, others = places
    for client in (here, others):
        listed = UserSession.objects.get(session_key=client.session.session_key)
        assert not security.end_session(person, listed.pk, here.session.session_key)

    assert [opens(client) for client in (here, there, others)] == [True, True, True]


def test_all_others_are_ended(places):
    person, here, there, others = places

    assert security.end_other_sessions(person, here.session.session_key) == 1

    assert [opens(client) for client in (here, there, others)] == [True, False, True]
    assert security.end_other_sessions(person, here.session.session_key) == 0
