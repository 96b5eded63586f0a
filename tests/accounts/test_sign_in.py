"""allauth's pages as they stand in the product."""

import re
from importlib import import_module
from pathlib import Path

import allauth
import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.sessions.models import Session
from django.template.loader import get_template
from django.test import Client
from django.urls import get_resolver, resolve

from accounts import account_urls
from echodepth.env import BASE_DIR
from tests.factories import PASSWORD, UserFactory
from tests.support.sign_in import passkey, reauthenticate, second_factor, signed_in

NEW = "a quiet harbour at noon"


def text(response):
    return " ".join(response.content.decode().split())


def sign_in(client, email, password=PASSWORD):
    return client.post("/account/login/", {"login": email, "password": password})


def link(mail):
    return re.search(r"https?://\S+/account/\S+", mail.body)[0]


@pytest.fixture(autouse=True)
def _address(settings):
    settings.BASE_URL = "http://testserver"


@pytest.fixture
def person(db):
    return UserFactory(email="person@example.org")


def test_address_and_password_open_the_door(client, person):
    response = sign_in(client, "Person@Example.org")

    assert response.headers["Location"] == "/"
    assert client.session["_auth_user_id"] == str(person.pk)


@pytest.mark.parametrize("email", ["person@example.org", "nobody@example.org"])
def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, person, email):
    page = text(sign_in(client, email, "wrong password"))

    assert "The email address and/or password you specified are not correct." in page
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("email", ["person@example.org", "nobody@example.org"])
def test_many_wrong_passwords_close_the_door_for_a_while(client, person, email):
    for _ in range(5):
        assert sign_in(client, email, "wrong password").status_code == 200

    refused = sign_in(client, email)

    assert refused.status_code == 429
    assert 890 < int(refused.headers["Retry-After"]) <= 901
    assert "Too many attempts" in text(refused)
    assert "Wait 15 minutes, then try again." in text(refused).replace("16", "15")
    assert email not in text(refused)
    assert "_auth_user_id" not in client.session


def test_the_door_stays_open_from_elsewhere_and_for_others(client, person):
    UserFactory(email="other@example.org")
    for _ in range(5):
        sign_in(client, person.email, "wrong password")

    assert sign_in(Client(REMOTE_ADDR="198.51.100.7"), person.email).status_code == 302
    assert sign_in(Client(), "other@example.org").status_code == 302


def test_an_address_that_tries_many_accounts_is_refused_for_all(client, person):
    for number in range(30):
        assert sign_in(client, f"guess{number}@example.org", "wrong password").status_code == 200

    assert sign_in(client, person.email).status_code == 429
    assert sign_in(Client(REMOTE_ADDR="198.51.100.7"), person.email).status_code == 302


def test_signing_in_in_between_buys_no_more_guesses(client, person):
    UserFactory(email="mine@example.org")
    for _ in range(5):
        sign_in(client, person.email, "wrong password")
        sign_in(Client(), "mine@example.org")

    assert sign_in(client, person.email).status_code == 429


def test_a_new_password_by_mail_opens_the_door_again(client, person, mailoutbox):
    for _ in range(5):
        sign_in(client, person.email, "wrong password")
    client.post("/account/password/reset/", {"email": person.email})
    page = client.get(link(mailoutbox[0]), follow=True)
    client.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW})

    assert sign_in(client, person.email, NEW).status_code == 302


def test_a_known_and_an_unknown_address_cost_the_same_work(client, person, monkeypatch):
    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *facts: hashed.append(1) or encode(*facts))
    work = {}
    for email in (person.email, "nobody@example.org"):
        hashed.clear()
        answer = sign_in(client, email, "wrong password")
        work[email] = (len(hashed), answer.status_code, text(answer).replace(email, ""))

    assert work[person.email][:2] == work["nobody@example.org"][:2] == (1, 200)
    assert without_token(work[person.email][2]) == without_token(work["nobody@example.org"][2])


def without_token(page):
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


def test_resets_are_counted_alike(client, person):
    answers = {
        email: [client.post("/account/password/reset/", {"email": email}).status_code for _ in range(6)]
        for email in (person.email, "nobody@example.org")
    }

    assert answers[person.email] == answers["nobody@example.org"] == [302] * 5 + [429]


def test_signing_in_rotates_the_session(client, person):
    client.get("/account/login/")
    session = client.session
    session["planted"] = "before"
    session.save()
    client.cookies["sessionid"] = planted = session.session_key

    sign_in(client, person.email)

    assert client.session.session_key != planted
    assert not Session.objects.filter(pk=planted).exists()


@pytest.mark.parametrize(("remember", "ends"), [("", True), ("on", False)])
def test_a_session_ends_with_the_browser_unless_asked(client, person, remember, ends):
    client.post("/account/login/", {"login": person.email, "password": PASSWORD, "remember": remember})

    assert client.session.get_expire_at_browser_close() is ends
    assert client.cookies["sessionid"]["httponly"]
    assert client.cookies["sessionid"]["samesite"] == "Lax"


def test_nobody_signs_themselves_up(client, db):
    fields = {"email": "new@example.org", "password1": NEW, "password2": NEW}

    page = text(client.post("/account/signup/", fields, follow=True))

    assert "Accounts come by invitation" in page
    assert not UserFactory._meta.model.objects.exists()


def test_a_forgotten_password_is_replaced(client, person, mailoutbox):
    done = client.post("/account/password/reset/", {"email": person.email}, follow=True)
    page = client.get(link(mailoutbox[0]), follow=True)
    client.post(page.request["PATH_INFO"], {"password1": NEW, "password2": NEW})

    assert "Look into your mail" in text(done)
    assert mailoutbox[0].subject == "Choose a new EchoDepth password"
    assert mailoutbox[1].subject == "Your EchoDepth password was set"
    assert sign_in(client, person.email, NEW).status_code == 302
    assert sign_in(Client(), person.email, PASSWORD).status_code == 200


def test_an_unknown_address_learns_nothing_on_the_page(client, person, mailoutbox):
    known = text(client.post("/account/password/reset/", {"email": person.email}, follow=True))
    unknown = text(client.post("/account/password/reset/", {"email": "nobody@example.org"}, follow=True))

    assert known == unknown
    assert mailoutbox[1].to == ["nobody@example.org"]
    assert "There is no account with this address." in mailoutbox[1].body


def test_a_short_password_is_refused_at_its_field(client, person):
    sign_in(client, person.email)
    fields = {"oldpassword": PASSWORD, "password1": "short", "password2": "short"}

    page = text(client.post("/account/password/change/", fields))

    assert 'href="#id_password1"' in page
    assert "at least 12 characters" in page


def test_the_password_is_changed_told_by_mail_and_ends_other_sessions(client, person, mailoutbox):
    elsewhere = Client()
    sign_in(elsewhere, person.email)
    assert elsewhere.get("/account/security/").status_code == 200
    sign_in(client, person.email)
    fields = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}

    page = text(client.post("/account/password/change/", fields, follow=True))

    assert "The password was saved." in page
    assert elsewhere.get("/account/security/").headers["Location"].startswith("/account/login/")
    assert client.get("/account/security/").status_code == 200
    assert mailoutbox[0].subject == "Your EchoDepth password was changed"
    assert "http://testserver/account/password/reset/" in mailoutbox[0].body


def test_a_new_address_counts_once_it_is_confirmed(client, person, mailoutbox):
    sign_in(client, person.email)

    asked = client.post("/account/email/", {"email": "new@example.org", "action_add": ""}, follow=True)
    fields = {"password": PASSWORD, "next": "/account/email/"}
    page = text(client.post("/account/reauthenticate/", fields, follow=True))
    person.refresh_from_db()
    assert "Is it you?" in text(asked)
    assert "new@example.org" in page
    assert person.email == "person@example.org"

    confirm = next(mail for mail in mailoutbox if mail.to == ["new@example.org"])
    client.post(link(confirm))
    person.refresh_from_db()
    assert person.email == "new@example.org"


def test_an_unconfirmed_address_does_not_sign_in(client, db, mailoutbox):
    user = UserFactory(address=False)
    user.emailaddress_set.create(email=user.email, primary=True, verified=False)

    response = client.post("/account/login/", {"login": user.email, "password": PASSWORD}, follow=True)

    assert "Look into your mail" in text(response)
    assert "_auth_user_id" not in client.session
    client.post(link(mailoutbox[0]))
    assert sign_in(client, user.email).status_code == 302


def test_signing_out_asks_first_and_ends_the_session(client, person):
    sign_in(client, person.email)

    assert "Sign out?" in text(client.get("/account/logout/"))
    assert client.post("/account/logout/").headers["Location"] == "/account/login/"

    assert client.get("/organisations/").headers["Location"].startswith("/account/login/")


def test_an_address_somebody_else_has_is_not_told(client, person, mailoutbox):
    UserFactory(email="other@example.org")
    sign_in(client, person.email)
    reauthenticate(client)

    pages = {
        email: text(client.post("/account/email/", {"email": email, "action_add": ""}, follow=True))
        for email in ("free@example.org", "other@example.org")
    }

    assert all(email in page for email, page in pages.items())
    assert without_token(pages["free@example.org"]).replace("free", "x") == without_token(
        pages["other@example.org"]
    ).replace("other", "x")
    client.post(link(next(mail for mail in mailoutbox if mail.to == ["other@example.org"])))
    person.refresh_from_db()
    assert person.email == "person@example.org"


PAGES = (
    "",
    "2fa/",
    "2fa/authenticate/",
    "2fa/reauthenticate/",
    "2fa/recovery-codes/",
    "2fa/recovery-codes/generate/",
    "2fa/totp/activate/",
    "2fa/totp/deactivate/",
    "2fa/webauthn/",
    "2fa/webauthn/add/",
    "2fa/webauthn/keys/999/edit/",
    "2fa/webauthn/keys/999/remove/",
    "2fa/webauthn/login/",
    "2fa/webauthn/reauthenticate/",
    "confirm-email/",
    "confirm-email/abc/",
    "email/",
    "inactive/",
    "login/",
    "logout/",
    "password/change/",
    "password/reset/",
    "password/reset/done/",
    "password/reset/key/1-abc/",
    "password/reset/key/done/",
    "password/set/",
    "reauthenticate/",
    "security/",
    "sessions/",
    "signup/",
)
ELSEWHERE = {"mfa_download_recovery_codes", "account_end_session"}
"""A file, and what is only sent."""
LEFT_OUT = {
    "account_confirm_login_code": "signing in by a code in a mail is not offered",
    "socialaccount_login_cancelled": "single sign-on has its own pages",
    "socialaccount_login_error": "likewise",
    "socialaccount_signup": "likewise",
    "socialaccount_connections": "likewise",
    "openid_connect_login": "likewise",
    "openid_connect_callback": "likewise",
}
LIBRARIES = (
    "allauth.account.urls",
    "allauth.mfa.urls",
    "allauth.usersessions.urls",
    "allauth.socialaccount.urls",
    "allauth.socialaccount.providers.openid_connect.urls",
)


def names(patterns):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from names(pattern.url_patterns)
        elif pattern.name:
            yield pattern.name


def test_every_page_of_the_library_is_looked_at_or_left_out():
    offered = {name for library in LIBRARIES for name in names(import_module(library).urlpatterns)}
    ours = set(names(account_urls.urlpatterns))
    looked_at = {resolve(f"/account/{page}").url_name for page in PAGES}

    assert offered - ours == set(LEFT_OUT)
    assert ours - ELSEWHERE == looked_at
    assert set(LEFT_OUT) & set(names(get_resolver().url_patterns)) == set()


def person_with_everything(email):
    person = UserFactory(email=email)
    second_factor(person)
    RecoveryCodes.activate(person)
    passkey(person, pk=999)
    return person


@pytest.mark.parametrize("who", ["nobody", "plain", "reauthenticated", "with everything"])
@pytest.mark.parametrize("page", PAGES)
def test_no_page_of_the_library_appears_undressed(db, page, who):
    client = Client()
    if who != "nobody":
        person = person_with_everything("a@example.org") if "every" in who else UserFactory()
        client = signed_in(person)
    if who in {"reauthenticated", "with everything"}:
        reauthenticate(client)

    html = client.get(f"/account/{page}", follow=True).content.decode()

    assert "css/tokens.css" in html
    assert html.count("<h1") == 1
    assert not re.search(r"<[^>]+ style=|<script(?![^>]*( src=|type=\"application/(?:ld\+)?json\"))", html)


UNUSED_TEXTS = (
    "account/email/account_already_exists",  # signing up is closed
    "account/email/email_confirmation_signup",
    "account/email/login_code",
    "account/email/password_reset_code",
    "account/messages/login_code_sent.txt",
    "account/messages/phone_",
    "usersessions/messages/sessions_logged_out.txt",
    "mfa/email/base",
)


def test_every_mail_and_message_of_the_library_is_in_our_words():
    folder = Path(allauth.__file__).parent / "templates"
    texts = {str(path.relative_to(folder)) for path in folder.rglob("*.txt")}
    ours = {name for name in texts if str(get_template(name).origin).startswith(str(BASE_DIR / "templates"))}
    left = {name for name in texts - ours if not name.startswith(("socialaccount/", *UNUSED_TEXTS))}

    assert left == set()
    assert len(ours) > 30
