import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.usersessions.models import UserSession
from django.test import Client

from tests.factories import PASSWORD, UserFactory
from tests.support.sign_in import code, passkey, reauthenticate, second_factor, signed_in

JSON = {"Accept": "application/json"}


def text(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def person(db):
    return UserFactory(email="person@example.org")


def sign_in(client, **fields):
    return client.post("/account/login/", {"login": "person@example.org", "password": PASSWORD} | fields)


@pytest.fixture
def client(person):
    """The person, who proved a moment ago that it is them."""
    client = signed_in(person)
    reauthenticate(client)
    return client


def test_the_page_of_security_gathers_what_proves_the_person(client, person):
    page = text(client.get("/account/security/"))
    assert "person@example.org Confirmed" in page
    assert "Your password alone opens your account" in page

    second_factor(person), RecoveryCodes.activate(person)
    passkey(person, "Phone"), passkey(person, "Key ring")
    passkey(UserFactory(), "Somebody else's")
    page = text(client.get("/account/security/"))
    assert "Your password alone" not in page
    assert "Authenticator app On" in page
    assert "10 left" in page
    assert "Phone Signs in alone" in page
    assert "Key ring" in page
    assert "Somebody else" not in page


def test_what_changes_the_account_asks_again_who_it_is(person):
    second_factor(person), RecoveryCodes.activate(person)
    key = passkey(person)
    client = signed_in(person)
    pages = (
        "totp/deactivate/",
        "recovery-codes/",
        "recovery-codes/generate/",
        "recovery-codes/download/",
        "webauthn/add/",
        f"webauthn/keys/{key.pk}/edit/",
        f"webauthn/keys/{key.pk}/remove/",
    )
    for page in pages:
        for ask in (client.get, client.post):
            answer = ask(f"/account/2fa/{page}")
            shown_alone = ask == client.post and page == "recovery-codes/"
            assert shown_alone or answer.headers["Location"].startswith("/account/reauthenticate/?"), page
            assert not shown_alone or answer.status_code == 405
    assert Authenticator.objects.filter(user=person).count() == 3
    assert RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()


def test_an_app_is_set_up_by_picture_or_key_and_gives_codes(client, person, mailoutbox):
    page = client.get("/account/2fa/totp/activate/")
    secret = page.context["form"].secret
    assert 'src="data:image/svg+xml;base64,' in page.content.decode()
    assert secret in text(page)

    done = client.post("/account/2fa/totp/activate/", {"code": code(secret)}, follow=True)

    assert done.request["PATH_INFO"] == "/account/2fa/recovery-codes/"
    assert "10 of 10 left" in text(done)
    assert Authenticator.objects.filter(user=person, type="totp").exists()
    assert "Authenticator app On" in text(client.get("/account/security/"))


def test_a_wrong_code_sets_nothing_up(client, person):
    secret = client.get("/account/2fa/totp/activate/").context["form"].secret

    page = client.post("/account/2fa/totp/activate/", {"code": code(secret, steps=40)})

    assert "Incorrect code." in text(page)
    assert secret in text(page)
    assert not Authenticator.objects.exists()


def test_the_codes_come_as_a_file_and_are_replaced(client, person):
    second_factor(person)
    before = RecoveryCodes.activate(person).get_unused_codes()

    answer = client.get("/account/2fa/recovery-codes/download/")
    client.post("/account/2fa/recovery-codes/generate/")
    after = client.get("/account/2fa/recovery-codes/").context["unused_codes"]

    assert answer.headers["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'
    assert "no-store" in answer.headers["Cache-Control"]
    assert all(old in answer.content.decode() for old in before)
    assert not set(before) & set(after)


def test_signing_in_takes_the_second_step(person):
    second_factor(person)
    client = Client()

    first = sign_in(client, next="/organisations/")
    assert first.headers["Location"] == "/account/2fa/authenticate/"
    assert client.get("/organisations/").status_code == 302

    done = client.post("/account/2fa/authenticate/", {"code": code()})
    assert done.headers["Location"] == "/organisations/"
    assert client.get("/organisations/").status_code == 200


def test_a_recovery_code_signs_in_once(person):
    second_factor(person)
    first = RecoveryCodes.activate(person).get_unused_codes()[0]
    answers = []
    for _ in range(2):
        client = Client()
        sign_in(client)
        answers.append(client.post("/account/2fa/authenticate/", {"code": first}).status_code)

    assert answers == [302, 200]


def test_wrong_codes_close_the_second_step(person):
    second_factor(person)
    client = Client()
    sign_in(client)
    for _ in range(5):
        assert client.post("/account/2fa/authenticate/", {"code": "000000"}).status_code == 200

    refused = client.post("/account/2fa/authenticate/", {"code": code()})

    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "900"
    assert "Too many attempts" in text(refused)


def test_the_app_is_removed_and_its_codes_with_it(client, person, mailoutbox):
    second_factor(person), RecoveryCodes.activate(person)

    page = client.post("/account/2fa/totp/deactivate/", follow=True)

    assert "The authenticator app was removed." in text(page)
    assert not Authenticator.objects.exists()
    assert mailoutbox[0].subject == "Your EchoDepth authenticator app was removed"


def test_passkeys_are_renamed_and_removed_by_their_owner_alone(client, person, mailoutbox):
    mine, other = passkey(person, "Old"), passkey(UserFactory(), "Theirs")

    client.post(f"/account/2fa/webauthn/keys/{mine.pk}/edit/", {"name": "New"})
    assert "New" in text(client.get("/account/security/"))
    for page in ("edit", "remove"):
        answer = client.post(f"/account/2fa/webauthn/keys/{other.pk}/{page}/", {"name": "Mine"})
        assert answer.status_code == 404
        assert "Theirs" not in text(answer)

    page = client.post(f"/account/2fa/webauthn/keys/{mine.pk}/remove/", follow=True)
    assert "The passkey was removed." in text(page)
    assert list(Authenticator.objects.all()) == [other]
    assert Authenticator.objects.get().wrap().name == "Theirs"


def test_a_passkey_that_was_never_asked_for_is_refused(client, person):
    page = client.post("/account/2fa/webauthn/add/", {"name": "x", "credential": "{}"})

    assert page.status_code == 200
    assert not Authenticator.objects.exists()


def test_signing_in_by_passkey_begins_with_a_challenge_that_names_nobody(person):
    passkey(person)
    client = Client()

    options = client.get("/account/2fa/webauthn/login/", headers=JSON).json()["request_options"]
    refused = client.post(
        "/account/2fa/webauthn/login/", {"credential": '{"response": {"userHandle": "MQ"}}'}, follow=True
    )

    assert options["publicKey"]["userVerification"] == "required"
    assert not options["publicKey"].get("allowCredentials")
    assert refused.request["PATH_INFO"] == "/account/login/"
    assert "_auth_user_id" not in client.session


def test_asking_again_offers_every_way_of_the_person(person):
    second_factor(person), passkey(person)
    client = signed_in(person)

    page = text(client.get("/account/reauthenticate/?next=/account/email/"))

    assert "Use a code from your app" in page
    assert "Use a passkey" in page
    assert "Use your password" not in page
    answer = client.post(
        "/account/2fa/reauthenticate/", {"code": code(), "next": "/account/2fa/webauthn/add/"}
    )
    assert answer.headers["Location"] == "/account/2fa/webauthn/add/"
    assert client.get("/account/2fa/webauthn/add/").status_code == 200


def test_sessions_are_listed_with_browser_and_address(person):
    here, there = (
        Client(),
        Client(REMOTE_ADDR="198.51.100.7", headers={"User-Agent": "X11; Linux Firefox/140"}),
    )
    sign_in(here), sign_in(there)
    Client().post("/account/login/", {"login": UserFactory().email, "password": PASSWORD})

    page = text(here.get("/account/sessions/"))

    assert "Firefox on Linux 198.51.100.7" in page
    assert page.count("This session") == 1
    assert len(here.get("/account/sessions/").context["sessions"]) == 2


def test_a_session_is_ended_by_its_button_and_all_others_by_another(person):
    here, one, two = Client(), Client(), Client()
    for client in (here, one, two):
        sign_in(client)
    listed = UserSession.objects.get(session_key=one.session.session_key)

    assert here.get(f"/account/sessions/{listed.pk}/end/").status_code == 405
    page = here.post(f"/account/sessions/{listed.pk}/end/", follow=True)
    assert "The session was ended." in text(page)
    assert one.get("/account/security/").status_code == 302
    assert two.get("/account/security/").status_code == 200
    assert here.post(f"/account/sessions/{listed.pk}/end/").status_code == 404

    page = here.post("/account/sessions/", follow=True)
    assert "1 session was ended." in text(page)
    assert two.get("/account/security/").status_code == 302
    assert here.get("/account/security/").status_code == 200


@pytest.mark.parametrize(
    ("page", "fields", "tries"),
    [
        ("reauthenticate/", {"password": "wrong password"}, 5),
        ("2fa/reauthenticate/", {"code": "000000"}, 5),
        ("password/change/", {"oldpassword": "wrong", "password1": "a" * 20, "password2": "a" * 20}, 10),
    ],
)
def test_a_stolen_session_guesses_a_few_times_alone(person, page, fields, tries):
    second_factor(person)
    client = signed_in(person)

    answers = [client.post(f"/account/{page}", fields) for _ in range(tries + 1)]

    assert [answer.status_code for answer in answers] == [200] * tries + [429]
    assert int(answers[-1].headers["Retry-After"]) > 0
