import smtplib
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.domain.invitations import find_invitation
from accounts.enums import Role
from accounts.models import Invitation, Membership
from echodepth.tenancy import tenant
from tests.factories import MembershipFactory, RunFactory
from tests.support.pages import text_of
from tests.support.people import invited
from tests.support.sign_in import reauthenticate, signed_in
from tests.support.tenants import every, fresh, save

PAGE = "/o/harbour/members/"
NEW = "new@example.org"


@pytest.fixture
def guest(organisation):
    run = RunFactory(recording__project__organisation=organisation, recording__title="Interview Ä")
    return MembershipFactory(
        organisation=organisation, role=Role.GUEST, guest_of=run.pk, user__email="guest@example.org"
    )


def test_an_owner_invites_somebody_who_gets_a_mail_and_is_no_member_yet(
    owner_client, owner, mailoutbox, settings
):
    settings.BASE_URL = "http://testserver"
    response = owner_client.post(PAGE, {"email": NEW, "role": "analyst"}, follow=True)

    assert "new@example.org is invited. A mail is on its way." in text_of(response)
    assert "Open invitations" in text_of(response)
    assert every(Membership) == [owner]
    assert [mail.to for mail in mailoutbox] == [[NEW]]
    secret = mailoutbox[0].body.partition("/invitations/")[2].partition("/")[0]
    assert find_invitation(secret).role == Role.ANALYST


@pytest.mark.parametrize(
    ("email", "role", "sentence"),
    [
        ("viewer@harbour.example", "analyst", "already a member"),
        ("nobody", "analyst", "Enter a valid email address"),
        (NEW, "guest", "guest is not one of the available choices"),
    ],
)
def test_what_is_wrong_stands_at_the_field(owner_client, viewer, mailoutbox, email, role, sentence):
    page = text_of(owner_client.post(PAGE, {"email": email, "role": role}))

    assert page.count(sentence) == 2
    assert mailoutbox == []
    assert every(Invitation) == []


def test_a_mail_that_cannot_be_sent_is_told(owner_client, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr("accounts.domain.invitations.send_mail", refuse)

    page = text_of(owner_client.post(PAGE, {"email": NEW, "role": "analyst"}, follow=True))

    assert "new@example.org is invited, but the mail could not be sent." in page
    assert [one.email for one in every(Invitation)] == [NEW]


def test_an_invitation_is_sent_again_and_withdrawn(owner_client, owner, mailoutbox):
    invitation = invited(owner, NEW).invitation
    page = f"{PAGE}invitations/{invitation.pk}/"

    assert "A mail is on its way." in text_of(owner_client.post(f"{page}send/", follow=True))
    assert fresh(invitation).token_hash != invitation.token_hash
    assert len(mailoutbox) == 1

    told = text_of(owner_client.post(f"{page}withdraw/", follow=True))
    assert "The invitation of new@example.org was withdrawn." in told
    assert "Open invitations" not in told
    assert owner_client.post(f"{page}send/").status_code == 404
    assert len(mailoutbox) == 1


def test_an_expired_invitation_is_marked(owner_client, owner):
    save(invited(owner, NEW).invitation, expires_at=timezone.now())

    assert "Expired" in text_of(owner_client.get(PAGE))


def test_the_list_shows_which_report_a_guest_reads(owner_client, owner, guest):
    invited(owner, NEW, Role.GUEST, guest_of=uuid4())
    page = text_of(owner_client.get(PAGE))

    assert f'<a href="/o/harbour/results/{guest.guest_of}/">reads Interview Ä</a>' in page
    assert "reads a report that is no longer there" in page


def test_role_is_changed_and_member_removed(owner_client, viewer):
    owner_client.post(f"{PAGE}{viewer.pk}/", {"role": "admin"})
    assert fresh(viewer).role == Role.ADMIN

    page = owner_client.post(f"{PAGE}{viewer.pk}/remove/", follow=True)
    assert "viewer@harbour.example was removed." in text_of(page)
    assert viewer not in every(Membership)


def test_a_guest_is_offered_to_become_a_viewer_and_nothing_higher_at_first(owner_client, guest):
    page = owner_client.get(f"{PAGE}{guest.pk}/")

    assert "This person is a guest" in text_of(page)
    assert '<option value="viewer" selected>' in text_of(page)
    owner_client.post(f"{PAGE}{guest.pk}/", {"role": "viewer"})
    assert (fresh(guest).role, fresh(guest).guest_of) == (Role.VIEWER, None)


def test_the_last_owner_is_told_why_they_stay(owner_client, owner):
    reauthenticate(owner_client)
    response = owner_client.post(f"{PAGE}{owner.pk}/remove/")

    assert response.status_code == 409
    assert "keeps at least one owner" in text_of(response)
    assert every(Membership) == [owner]


@pytest.mark.parametrize(
    ("address", "data"), [("transfer/", {}), ("", {"role": "owner"}), ("remove/", {}), (None, {})]
)
def test_about_owners_one_proves_first_that_it_is_oneself(owner_client, owner, address, data):
    other = MembershipFactory(
        organisation=owner.organisation,
        role=Role.OWNER if address == "remove/" else Role.ANALYST,
    )
    to = PAGE if address is None else f"{PAGE}{other.pk}/{address}"
    data = {"email": NEW, "role": "owner"} if address is None else data
    before = sorted((one.pk, one.role) for one in every(Membership))

    asked = owner_client.post(to, data)

    assert asked.headers["Location"].startswith("/account/reauthenticate/")
    assert sorted((one.pk, one.role) for one in every(Membership)) == before
    assert every(Invitation) == []

    reauthenticate(owner_client)
    owner_client.post(to, data)
    after = sorted((one.pk, one.role) for one in every(Membership))
    assert after != before or [one.role for one in every(Invitation)] == [Role.OWNER]


def test_ownership_is_handed_over(owner_client, owner, analyst):
    reauthenticate(owner_client)

    page = text_of(owner_client.post(f"{PAGE}{analyst.pk}/transfer/", follow=True))

    assert "analyst@harbour.example is now owner, and you are admin." in page
    assert (fresh(owner).role, fresh(analyst).role) == (Role.ADMIN, Role.OWNER)


def test_an_admin_hands_nothing_over(owner, viewer):
    client = signed_in(MembershipFactory(organisation=owner.organisation, role=Role.ADMIN).user)
    reauthenticate(client)

    assert client.post(f"{PAGE}{viewer.pk}/transfer/").status_code == 403
    assert "Hand over ownership" not in text_of(client.get(f"{PAGE}{viewer.pk}/"))
    assert (fresh(owner).role, fresh(viewer).role) == (Role.OWNER, Role.VIEWER)


@pytest.mark.parametrize("address", ["remove/", "transfer/"])
def test_a_link_changes_nothing(owner_client, owner, viewer, address):
    reauthenticate(owner_client)
    assert owner_client.get(f"{PAGE}{viewer.pk}/{address}").status_code == 405
    assert (fresh(owner).role, fresh(viewer).role) == (Role.OWNER, Role.VIEWER)


def test_an_admin_is_not_offered_owners(owner, mailoutbox):
    invitation = invited(owner, "next@example.org", Role.OWNER).invitation
    client = signed_in(MembershipFactory(organisation=owner.organisation, role=Role.ADMIN).user)

    page = text_of(client.get(PAGE))

    assert f'href="{PAGE}{owner.pk}/"' not in page
    assert 'value="owner"' not in page
    assert str(invitation.pk) not in page
    assert client.post(PAGE, {"email": NEW, "role": "owner"}).context["form"].errors["role"]
    assert client.post(f"{PAGE}invitations/{invitation.pk}/withdraw/").status_code == 403
    assert fresh(invitation).revoked_at is None


def test_another_organisations_people_are_not_found(owner_client, outsider):
    theirs = invited(outsider, NEW).invitation
    reauthenticate(owner_client)

    for address in ("", "remove/", "transfer/"):
        assert owner_client.post(f"{PAGE}{outsider.pk}/{address}", {"role": "viewer"}).status_code == 404
    for address in ("send/", "withdraw/"):
        assert owner_client.post(f"{PAGE}invitations/{theirs.pk}/{address}").status_code == 404
    assert fresh(outsider).role == Role.OWNER
    assert (fresh(theirs).token_hash, fresh(theirs).revoked_at) == (theirs.token_hash, None)
    assert "elsewhere.example" not in text_of(owner_client.get(PAGE))


def test_the_list_asks_the_database_as_often_for_many_as_for_one(owner_client, owner, guest):
    def count():
        with CaptureQueriesContext(connection) as asked:
            owner_client.get(PAGE)
        return len(asked)

    owner_client.get(PAGE)
    few = count()
    MembershipFactory.create_batch(5, organisation=owner.organisation)
    MembershipFactory.create_batch(3, organisation=owner.organisation, role=Role.GUEST, guest_of=uuid4())
    for number in range(4):
        invited(owner, f"more{number}@example.org")
    assert count() == few


def test_a_member_leaves_by_themselves(viewer_client, viewer, owner):
    assert "Leave Harbour Institute" in text_of(viewer_client.get("/o/harbour/leave/"))
    assert viewer in every(Membership)

    page = viewer_client.post("/o/harbour/leave/", follow=True)

    assert "You left Harbour Institute." in text_of(page)
    assert every(Membership) == [owner]
    assert viewer_client.get("/o/harbour/").status_code == 404


def test_a_guest_leaves_too(guest, owner):
    signed_in(guest.user).post("/o/harbour/leave/")

    assert every(Membership) == [owner]
    with tenant(owner.organisation_id):
        assert not Membership.objects.filter(role=Role.GUEST).exists()
