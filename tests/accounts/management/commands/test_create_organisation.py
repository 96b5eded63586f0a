import re

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.domain.invitations import find_invitation
from accounts.enums import Role
from accounts.models import Invitation, Membership, Organisation, User
from tests.factories import OrganisationFactory, UserFactory
from tests.support.tenants import every

PASSWORD = "a quiet harbour at noon"


def test_a_first_owner_accepts_by_the_mailed_link_and_works_there(db, capsys, mailoutbox, settings):
    settings.BASE_URL = "http://testserver"
    settings.EMAIL_HOST = "smtp.example.org"

    call_command(
        "create_organisation", "Harbour Institute", "Owner@Harbour.example", time_zone="Europe/Berlin"
    )

    (organisation,) = every(Organisation)
    assert (organisation.name, organisation.slug) == ("Harbour Institute", "harbour-institute")
    assert organisation.time_zone == "Europe/Berlin"
    assert every(Membership) == []
    said = capsys.readouterr().out
    assert "Harbour Institute was made: http://testserver/o/harbour-institute/projects/." in said
    assert "on its way to owner@harbour.example" in said
    (mail,) = mailoutbox
    assert mail.body.startswith("You are invited to Harbour Institute on EchoDepth. Your role: Owner.")
    client = Client()
    answers = {"full_name": "Olga Owner", "password": PASSWORD, "again": PASSWORD}
    client.post(re.search(r"http://\S+", mail.body)[0], answers)
    (membership,) = every(Membership)
    assert (membership.user.email, membership.role) == ("owner@harbour.example", Role.OWNER)
    assert "Olga Owner" in client.get("/o/harbour-institute/members/").content.decode()


def test_someone_with_an_account_is_invited_too(db, mailoutbox):
    known = UserFactory(email="known@example.org")

    call_command("create_organisation", "Sea Office", "KNOWN@example.org")

    assert User.objects.get() == known
    (invitation,) = every(Invitation)
    assert (invitation.email, invitation.role) == ("known@example.org", Role.OWNER)
    assert mailoutbox[0].to == ["known@example.org"]


def test_without_a_mail_server_it_says_where_the_mail_lies(db, capsys, settings):
    settings.EMAIL_HOST = ""

    call_command("create_organisation", "Sea Office", "owner@example.org")

    assert f"is in {settings.EMAIL_FILE_PATH}" in capsys.readouterr().out


def test_a_mail_that_cannot_be_sent_leaves_a_link_that_works(db, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9

    with pytest.raises(CommandError, match=r"could not be sent") as caught:
        call_command("create_organisation", "Sea Office", "owner@example.org")

    secret = re.search(r"/invitations/([^/]+)/", str(caught.value))[1]
    assert find_invitation(secret).organisation.name == "Sea Office"


@pytest.mark.parametrize(
    ("name", "email", "zone", "why"),
    [
        ("Sea Office", "nobody", "UTC", "nobody is no e-mail address"),
        ("Sea Office", "a@example.org", "Mars/Olympus", "not a time zone we know"),
        (" ", "a@example.org", "UTC", "blank"),
        ("x" * 201, "a@example.org", "UTC", "200 characters"),
        ("HARBOUR institute", "a@example.org", "UTC", "/o/harbour-institute/ already"),
    ],
)
def test_what_cannot_be_made_is_refused_whole(db, mailoutbox, name, email, zone, why):
    there = OrganisationFactory(name="Harbour Institute", slug="harbour-institute")

    with pytest.raises(CommandError, match=why):
        call_command("create_organisation", name, email, time_zone=zone)
    assert every(Organisation) == [there]
    assert every(Invitation) == []
    assert mailoutbox == []
