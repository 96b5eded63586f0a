import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.enums import Role
from accounts.models import Membership, Organisation, User
from tests.factories import OrganisationFactory, UserFactory

PASSWORD = "a quiet harbour at noon"


def test_a_new_owner_chooses_a_password_by_the_mailed_link_and_works_there(db, capsys, mailoutbox, settings):
    settings.BASE_URL = "http://testserver"
    settings.EMAIL_HOST = "smtp.example.org"

    call_command(
        "create_organisation", "Harbour Institute", "Owner@Harbour.example", time_zone="Europe/Berlin"
    )

    membership = Membership.objects.get()
    organisation = membership.organisation
    assert (organisation.name, organisation.slug) == ("Harbour Institute", "harbour-institute")
    assert organisation.time_zone == "Europe/Berlin"
    assert (membership.user.email, membership.role) == ("owner@harbour.example", Role.OWNER)
    said = capsys.readouterr().out
    assert "Harbour Institute was made, with the owner owner@harbour.example" in said
    assert "on its way to owner@harbour.example" in said
    (mail,) = mailoutbox
    assert mail.body.startswith("You were added to Harbour Institute on EchoDepth. Your role: Owner.")
    client = Client()
    page = client.get(re.search(r"http://\S+", mail.body)[0], follow=True)
    client.post(page.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD})
    client.post("/account/login/", {"login": "owner@harbour.example", "password": PASSWORD})
    assert client.get("/o/harbour-institute/members/").status_code == 200


def test_someone_with_an_account_becomes_owner_with_the_password_they_have(db, mailoutbox, settings):
    settings.DEFAULT_ORGANISATION_TIME_ZONE = "UTC"
    known = UserFactory(email="known@example.org")

    call_command("create_organisation", "Sea Office", "KNOWN@example.org")

    assert User.objects.get() == known
    assert known.memberships.get().organisation.name == "Sea Office"
    assert "the password you already have" in mailoutbox[0].body


def test_without_a_mail_server_it_says_where_the_mail_lies(db, capsys, settings):
    settings.EMAIL_HOST = ""

    call_command("create_organisation", "Sea Office", "owner@example.org")

    assert f"is in {settings.EMAIL_FILE_PATH}" in capsys.readouterr().out


def test_a_mail_that_cannot_be_sent_is_told_and_undoes_nothing(db, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    with pytest.raises(CommandError, match=r"could not be sent.*/account/password/reset/"):
        call_command("create_organisation", "Sea Office", "owner@example.org")
    assert Membership.objects.get().organisation.name == "Sea Office"


@pytest.mark.parametrize(
    ("name", "email", "zone", "why"),
    [
        ("Sea Office", "nobody", "UTC", "nobody is no e-mail address"),
        ("Sea Office", "a@example.org", "Mars/Olympus", "not a time zone we know"),
        (" ", "a@example.org", "UTC", "blank"),
        ("x" * 201, "a@example.org", "UTC", "200 characters"),
        ("HARBOUR institute", "a@example.org", "UTC", "already"),
    ],
)
def test_what_cannot_be_made_is_refused_whole(db, mailoutbox, name, email, zone, why):
    OrganisationFactory(name="Harbour Institute")

    with pytest.raises(CommandError, match=why):
        call_command("create_organisation", name, email, time_zone=zone)
    assert Organisation.objects.count() == 1
    assert not User.objects.exists()
    assert mailoutbox == []
