"""allauth's pages as they stand in the product."""

import re

import pytest
from allauth.account import urls as account_urls
from django.test import Client
from django.urls import resolve

from tests.factories import PASSWORD, UserFactory

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


def test_many_wrong_passwords_close_the_door_for_a_while(client, person):
    for _ in range(6):
        page = text(sign_in(client, person.email, "wrong password"))

    assert "Too many failed login attempts" in page


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


def test_the_password_is_changed_and_told_by_mail(client, person, mailoutbox):
    sign_in(client, person.email)
    fields = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}

    page = text(client.post("/account/password/change/", fields, follow=True))

    assert "The password was saved." in page
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
    client.post("/account/logout/")

    assert client.get("/").headers["Location"].startswith("/account/login/")


PAGES = (
    "confirm-email/",
    "confirm-email/abc/",
    "email/",
    "inactive/",
    "login/",
    "login/code/confirm/",
    "logout/",
    "password/change/",
    "password/reset/",
    "password/reset/done/",
    "password/reset/key/1-abc/",
    "password/reset/key/done/",
    "password/set/",
    "reauthenticate/",
    "signup/",
)


def test_every_page_of_the_library_is_looked_at():
    patterns = {pattern.name for pattern in account_urls.urlpatterns}
    looked_at = {resolve(f"/account/{page}").url_name for page in PAGES}

    assert patterns == looked_at


@pytest.mark.parametrize("signed_in", [False, True])
@pytest.mark.parametrize("page", PAGES)
def test_no_page_of_the_library_appears_undressed(client, person, page, signed_in):
    if signed_in:
        sign_in(client, person.email)

    html = client.get(f"/account/{page}", follow=True).content.decode()

    assert "css/tokens.css" in html
    assert html.count("<h1>") == 1
