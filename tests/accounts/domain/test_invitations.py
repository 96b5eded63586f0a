import re

import pytest
from django.test import Client

from accounts.domain.invitations import invite, password_link
from accounts.domain.members import add_member
from accounts.enums import Role
from tests.factories import UserFactory

PASSWORD = "a quiet harbour at noon"


def links(mail):
    return re.findall(r"https?://\S+", mail.body)


def test_a_new_person_chooses_a_password_by_the_link_and_signs_in(owner, mailoutbox, settings):
    settings.BASE_URL = "http://testserver"
    membership = add_member(owner, "new@example.org", Role.ANALYST)
    invite(membership, owner.user)
    mail = mailoutbox[0]
    client = Client()

    page = client.get(links(mail)[0], follow=True)
    chosen = client.post(
        page.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD}, follow=True
    )
    client.post("/account/login/", {"login": "new@example.org", "password": PASSWORD})

    assert mail.to == ["new@example.org"]
    assert mail.subject == "You are now a member of Harbour Institute on EchoDepth"
    assert "owner@harbour.example added you to Harbour Institute" in mail.body
    assert "Your role: Analyst." in mail.body
    assert "Password saved" in chosen.content.decode()
    assert client.session["_auth_user_id"] == str(membership.user_id)
    assert membership.user.emailaddress_set.get().verified


def test_the_link_works_once(owner, settings):
    settings.BASE_URL = "http://testserver"
    user = add_member(owner, "new@example.org", Role.ANALYST).user
    link = password_link(user)
    user.set_password(PASSWORD)
    user.save()

    page = Client().get(link)

    assert "This link no longer works" in page.content.decode()


def test_a_person_with_a_password_is_told_only(owner, mailoutbox):
    UserFactory(email="known@example.org")

    invite(add_member(owner, "known@example.org", Role.VIEWER), owner.user)

    assert links(mailoutbox[0]) == ["http://127.0.0.1:8000/"]
    assert "the password you already have" in mailoutbox[0].body


@pytest.mark.parametrize("name", ["A & B <Lab>", "Zoë's place"])
def test_names_stand_in_the_mail_as_they_are(owner, mailoutbox, name):
    owner.organisation.name = name
    owner.organisation.save()

    invite(add_member(owner, "new@example.org", Role.ANALYST), owner.user)

    assert name in mailoutbox[0].subject
    assert name in mailoutbox[0].body
