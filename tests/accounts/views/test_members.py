import smtplib

import pytest

from accounts.enums import Role
from accounts.models import Membership
from tests.factories import MembershipFactory

PAGE = "/o/harbour/members/"


def text(response):
    return " ".join(response.content.decode().split())


def test_an_owner_adds_a_member_who_gets_a_mail(owner_client, organisation, mailoutbox):
    response = owner_client.post(PAGE, {"email": "new@example.org", "role": "analyst"}, follow=True)

    assert "new@example.org is a member. A mail is on its way." in text(response)
    assert organisation.memberships.get(user__email="new@example.org").role == Role.ANALYST
    assert [mail.to for mail in mailoutbox] == [["new@example.org"]]


@pytest.mark.parametrize(
    ("email", "sentence"),
    [("viewer@harbour.example", "already a member"), ("nobody", "Enter a valid email address")],
)
def test_what_is_wrong_stands_at_the_field(owner_client, viewer, mailoutbox, email, sentence):
    page = text(owner_client.post(PAGE, {"email": email, "role": "analyst"}))

    assert 'href="#id_email"' in page
    assert page.count(sentence) == 2
    assert mailoutbox == []


def test_a_mail_that_cannot_be_sent_is_told(owner_client, organisation, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr("accounts.domain.invitations.send_mail", refuse)

    page = text(owner_client.post(PAGE, {"email": "new@example.org", "role": "analyst"}, follow=True))

    assert "new@example.org is a member, but the mail could not be sent." in page
    assert organisation.memberships.filter(user__email="new@example.org").exists()


def test_the_mail_can_be_sent_again(owner_client, organisation, mailoutbox):
    owner_client.post(PAGE, {"email": "new@example.org", "role": "analyst"})
    added = organisation.memberships.get(user__email="new@example.org")

    owner_client.post(f"{PAGE}{added.pk}/invite/")

    assert len(mailoutbox) == 2
    assert "No password chosen yet" in text(owner_client.get(PAGE))


def test_role_is_changed_and_member_removed(owner_client, viewer):
    owner_client.post(f"{PAGE}{viewer.pk}/", {"role": "admin"})
    viewer.refresh_from_db()
    assert viewer.role == Role.ADMIN

    page = owner_client.post(f"{PAGE}{viewer.pk}/remove/", follow=True)
    assert "viewer@harbour.example was removed." in text(page)
    assert not Membership.objects.filter(pk=viewer.pk).exists()


def test_the_last_owner_is_told_why_they_stay(owner_client, owner):
    response = owner_client.post(f"{PAGE}{owner.pk}/remove/")

    assert response.status_code == 409
    assert "keeps at least one owner" in text(response)
    assert Membership.objects.filter(pk=owner.pk).exists()


def test_a_link_does_not_remove(owner_client, viewer):
    assert owner_client.get(f"{PAGE}{viewer.pk}/remove/").status_code == 405
    assert Membership.objects.filter(pk=viewer.pk).exists()


def test_an_admin_is_not_offered_owners(client, owner):
    admin = MembershipFactory(organisation=owner.organisation, role=Role.ADMIN)
    client.force_login(admin.user)

    page = text(client.get(PAGE))

    assert f'href="{PAGE}{owner.pk}/"' not in page
    assert 'value="owner"' not in page
    assert client.post(PAGE, {"email": "new@example.org", "role": "owner"}).context["form"].errors["role"]


def test_another_organisations_member_is_not_found(owner_client, outsider):
    for address in ("", "remove/", "invite/"):
        assert owner_client.post(f"{PAGE}{outsider.pk}/{address}", {"role": "viewer"}).status_code == 404
    outsider.refresh_from_db()
    assert outsider.role == Role.OWNER
