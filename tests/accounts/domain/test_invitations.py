import hashlib
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from accounts import limits
from accounts.actor import Actor
from accounts.audit_actions import AuditAction
from accounts.domain.invitations import (
    accept_as_new_person,
    accept_invitation,
    find_invitation,
    invite,
    invite_again,
    open_invitations,
    revoke_invitation,
    send_invitation,
)
from accounts.domain.people import create_person
from accounts.enums import OrganisationState, PlatformRole, Role
from accounts.models import AuditRecord, Invitation, Membership, StaffSession, User
from accounts.permissions import Permissions
from echodepth.errors import UserError
from echodepth.limits import Limit
from echodepth.tenancy import tenant
from tests.factories import PASSWORD, MembershipFactory, OrganisationFactory, UserFactory
from tests.support.people import actor, invited
from tests.support.tenants import every, fresh, save

NEW = "new@example.org"


def refused(attempt, *arguments, **keywords):
    """The code of the refusal."""
    with pytest.raises(UserError) as caught:
        attempt(*arguments, **keywords)
    return caught.value.code


def recorded(organisation):
    with tenant(organisation.pk):
        return [(line.action, line.facts) for line in AuditRecord.objects.order_by("number")]


@pytest.fixture
def admin(organisation):
    return MembershipFactory(organisation=organisation, role=Role.ADMIN)


def test_the_secret_is_kept_nowhere_and_its_hash_finds_the_invitation(owner):
    invitation, secret = invited(owner, " New@Example.org ", Role.REVIEWER)

    stored = fresh(invitation)
    assert stored.token_hash == hashlib.sha256(secret.encode()).hexdigest()
    assert secret not in str(vars(stored))
    assert len(secret) >= 43
    assert (stored.email, stored.role, stored.invited_by) == (NEW, Role.REVIEWER, owner.user)
    assert timedelta(days=6.99) < stored.expires_at - timezone.now() <= timedelta(days=7)
    assert find_invitation(secret) == stored
    assert recorded(owner.organisation) == [(AuditAction.MEMBER_INVITED, {"role": "reviewer"})]


def test_an_invitation_makes_no_member_and_no_account(owner):
    invited(owner, NEW)

    assert every(Membership) == [owner]
    assert not User.objects.filter(email=NEW).exists()


def test_the_mail_names_who_invites_where_as_what_and_until_when(owner, mailoutbox, settings):
    settings.BASE_URL = "https://echo.example"
    owner.user.full_name = "Olga Owner"
    owner.user.save()
    issued = invited(owner, NEW, Role.REVIEWER)
    send_invitation(issued)

    (mail,) = mailoutbox
    assert mail.to == [NEW]
    assert mail.subject == "Invitation to Harbour Institute on EchoDepth"
    assert "Olga Owner (owner@harbour.example) invites you to Harbour Institute" in mail.body
    assert "Your role: Reviewer." in mail.body
    assert re.findall(r"https?://\S+", mail.body) == [f"https://echo.example/invitations/{issued.secret}/"]
    until = issued.invitation.expires_at.astimezone(ZoneInfo("Europe/Berlin")).strftime("%-d %B %Y, %H:%M")
    assert f"until {until} (Europe/Berlin)" in mail.body


@pytest.mark.parametrize("name", ["A & B <Lab>", "Zoë's place", "two\nlines"])
def test_names_stand_in_the_mail_as_they_are_and_break_no_header(owner, mailoutbox, name):
    save(owner.organisation, name=name)
    send_invitation(invited(owner, NEW))

    assert " ".join(name.split()) in mailoutbox[0].subject
    assert name in mailoutbox[0].body


def test_the_platform_invites_a_first_owner(organisation, mailoutbox):
    with tenant(organisation.pk):
        issued = invite(organisation, NEW, Role.OWNER, by=None)
    send_invitation(issued)

    assert mailoutbox[0].body.startswith(
        "You are invited to Harbour Institute on EchoDepth. Your role: Owner."
    )
    assert accept_as_new_person(issued.invitation, "New", PASSWORD).role == Role.OWNER


def test_only_an_owner_invites_renews_and_withdraws_owners(owner, admin):
    invitation = invited(owner, NEW, Role.OWNER).invitation

    assert refused(invited, admin, "other@example.org", Role.OWNER) == "owner_needed"
    with tenant(owner.organisation_id):
        assert refused(invite_again, actor(admin), invitation) == "owner_needed"
        assert refused(revoke_invitation, actor(admin), invitation) == "owner_needed"
    assert [one.pk for one in every(Invitation)] == [invitation.pk]
    assert fresh(invitation).revoked_at is None


def test_nobody_is_invited_who_is_a_member_or_invited_already(owner, viewer):
    assert refused(invited, owner, "VIEWER@harbour.example", Role.ADMIN) == "already_member"
    invited(owner, NEW)
    assert refused(invited, owner, NEW.upper()) == "already_invited"
    assert [one.email for one in every(Invitation)] == [NEW]


def test_other_organisations_do_not_matter(owner, outsider):
    invited(outsider, NEW)

    assert invited(owner, NEW).invitation.organisation == owner.organisation
    assert invited(owner, outsider.user.email).invitation.email == outsider.user.email


def test_an_expired_invitation_gives_way(owner):
    old = invited(owner, NEW)
    save(old.invitation, expires_at=timezone.now())

    second = invited(owner, NEW)

    assert refused(find_invitation, old.secret) == "invitation_invalid"
    assert find_invitation(second.secret) == second.invitation


def test_members_and_open_invitations_fill_the_quota(owner):
    save(owner.organisation, quota_members=2)
    first = invited(owner, NEW)
    assert refused(invited, owner, "third@example.org") == "quota_members"

    with tenant(owner.organisation_id):
        revoke_invitation(actor(owner), first.invitation)
    second = invited(owner, "third@example.org")
    accept_as_new_person(second.invitation, "Third", PASSWORD)
    assert refused(invited, owner, NEW) == "quota_members"


def test_a_quota_that_shrank_is_kept_at_acceptance(owner):
    issued = invited(owner, NEW)
    save(owner.organisation, quota_members=1)

    assert refused(accept_as_new_person, issued.invitation, "New", PASSWORD) == "quota_members"
    assert every(Membership) == [owner]
    assert fresh(issued.invitation).accepted_at is None
    assert not User.objects.filter(email=NEW).exists()


def test_in_a_staff_session_nobody_is_let_in_for_good(organisation):
    colleague = UserFactory(platform_role=PlatformRole.SALES)
    user = UserFactory(platform_role=PlatformRole.ADMIN)
    with tenant(organisation.pk):
        session = StaffSession.objects.create(
            organisation=organisation, user=user, reason="Asked to", ends_at=timezone.now()
        )
        staff = Actor(user, organisation, Permissions(PlatformRole.ADMIN), staff_session=session)
        for email, role in ((colleague.email, Role.VIEWER), ("x@example.org", Role.OWNER)):
            assert refused(invite, organisation, email, role, by=staff) == "staff_cannot_join"
        assert not Invitation.objects.exists()


def test_a_new_person_gets_account_and_membership_at_once(owner):
    issued = invited(owner, NEW, Role.ANALYST)

    membership = accept_as_new_person(find_invitation(issued.secret), "Nina New", PASSWORD)

    user = User.objects.get(email=NEW)
    address = user.emailaddress_set.get()
    assert fresh(membership).role == Role.ANALYST
    assert (user.full_name, user.check_password(PASSWORD)) == ("Nina New", True)
    assert (address.email, address.verified, address.primary) == (NEW, True, True)
    assert fresh(issued.invitation).accepted_by == user
    assert recorded(owner.organisation)[-1] == (
        AuditAction.MEMBER_JOINED,
        {"role": "analyst", "invited": True},
    )


def test_a_person_we_know_keeps_their_account(owner):
    known = UserFactory(email=NEW)
    issued = invited(owner, NEW.upper(), Role.VIEWER)

    membership = accept_invitation(issued.invitation, known)

    assert (membership.user, fresh(membership).role) == (known, Role.VIEWER)
    assert User.objects.filter(email__iexact=NEW).count() == 1


def test_an_address_that_is_proven_counts_and_one_that_is_not_does_not(owner):
    person = UserFactory()
    second = person.emailaddress_set.create(email=NEW, verified=False)
    issued = invited(owner, NEW)

    assert refused(accept_invitation, issued.invitation, person) == "invitation_not_yours"
    second.verified = True
    second.save()
    assert accept_invitation(issued.invitation, person).user == person


def test_nobody_else_accepts(owner, outsider):
    issued = invited(owner, NEW)

    assert refused(accept_invitation, issued.invitation, outsider.user) == "invitation_not_yours"
    with tenant(owner.organisation_id):
        assert list(Membership.objects.all()) == [owner]
    assert fresh(issued.invitation).accepted_at is None


def test_an_account_that_was_made_meanwhile_is_not_taken_over(owner):
    issued = invited(owner, NEW)
    theirs = create_person(NEW, "the password of that account")

    assert refused(accept_as_new_person, issued.invitation, "Mallory", PASSWORD) == "account_exists"

    theirs.refresh_from_db()
    assert theirs.check_password("the password of that account")
    assert fresh(issued.invitation).accepted_at is None


def used(owner, issued):
    accept_as_new_person(issued.invitation, "New", PASSWORD)


def withdrawn(owner, issued):
    with tenant(owner.organisation_id):
        revoke_invitation(actor(owner), issued.invitation)


def expired(owner, issued):
    save(issued.invitation, expires_at=timezone.now())


def replaced(owner, issued):
    with tenant(owner.organisation_id):
        invite_again(actor(owner), issued.invitation)


def closed(owner, issued):
    save(owner.organisation, state=OrganisationState.CLOSED)


@pytest.mark.parametrize("end", [used, withdrawn, expired, replaced, closed])
def test_a_link_that_is_over_and_one_that_never_was_are_told_alike(owner, end):
    issued = invited(owner, NEW)
    before = find_invitation(issued.secret)
    end(owner, issued)

    answers = []
    for secret in (issued.secret, "never-was"):
        with pytest.raises(UserError) as caught:
            find_invitation(secret)
        answers.append((caught.value.code, str(caught.value.sentence), caught.value.status))
    assert answers[0] == answers[1]
    assert answers[0][0] == "invitation_invalid"
    if end is not closed:  # whoever had the page open before is refused too
        assert refused(accept_as_new_person, before, "Late", PASSWORD) == "invitation_invalid"
        with tenant(owner.organisation_id):
            assert not Membership.objects.filter(user__full_name="Late").exists()


def test_sent_again_it_has_a_new_link_and_seven_days_more(owner, admin):
    issued = invited(owner, NEW, Role.VIEWER)
    save(issued.invitation, expires_at=timezone.now() - timedelta(days=1))

    with tenant(owner.organisation_id):
        again = invite_again(actor(admin), issued.invitation)

    assert again.invitation.pk == issued.invitation.pk
    assert again.secret != issued.secret
    assert find_invitation(again.secret).expires_at > timezone.now() + timedelta(days=6.9)
    assert again.invitation.invited_by == admin.user
    assert recorded(owner.organisation)[-1] == (AuditAction.MEMBER_INVITED, {"role": "viewer", "again": True})


def test_nobody_is_written_to_again_and_again(owner):
    invitation = invited(owner, NEW).invitation
    with tenant(owner.organisation_id):
        for _again in range(4):
            invite_again(actor(owner), invitation)
        before = fresh(invitation).token_hash
        assert refused(invite_again, actor(owner), invitation) == "too_many_requests"
    assert fresh(invitation).token_hash == before
    assert invited(owner, "other@example.org").invitation.email == "other@example.org"


def test_an_organisation_does_not_write_to_everybody(owner, outsider, monkeypatch):
    monkeypatch.setattr(limits, "INVITATION_MAILS", Limit("few", 2, 60))
    for name in "ab":
        invited(owner, f"{name}@example.org")

    assert refused(invited, owner, "c@example.org") == "too_many_requests"
    assert sorted(one.email for one in every(Invitation)) == ["a@example.org", "b@example.org"]
    assert invited(outsider, "c@example.org").invitation.email == "c@example.org"


def test_what_was_accepted_is_neither_sent_again_nor_withdrawn(owner):
    issued = invited(owner, NEW)
    accept_as_new_person(issued.invitation, "New", PASSWORD)

    with tenant(owner.organisation_id):
        assert refused(invite_again, actor(owner), issued.invitation) == "invitation_invalid"
        assert refused(revoke_invitation, actor(owner), issued.invitation) == "invitation_invalid"
        assert not open_invitations().exists()
    assert fresh(issued.invitation).revoked_at is None


def test_a_guest_is_bound_to_the_run(owner):
    run = uuid4()
    issued = invited(owner, NEW, Role.GUEST, guest_of=run)

    membership = accept_as_new_person(issued.invitation, "Guest", PASSWORD)

    assert (fresh(membership).role, fresh(membership).guest_of) == (Role.GUEST, run)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("known", [True, False])
def test_of_two_who_accept_at_once_one_does(known):
    owner = MembershipFactory(organisation=OrganisationFactory(), role=Role.OWNER)
    invitation = invited(owner, NEW).invitation
    person = UserFactory(email=NEW) if known else None
    together = Barrier(2)

    def accept(name):
        try:
            together.wait(20)
            if person:
                return accept_invitation(invitation, person).role
            return accept_as_new_person(invitation, name, PASSWORD).role
        except UserError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(accept, ["First", "Second"]))

    assert answers == ["analyst", "invitation_invalid"]
    with tenant(owner.organisation_id):
        assert Membership.objects.filter(user__email=NEW).count() == 1
    assert User.objects.filter(email=NEW).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_invitations_at_once_do_not_exceed_the_quota():
    owner = MembershipFactory(organisation=OrganisationFactory(quota_members=2), role=Role.OWNER)
    together = Barrier(3)

    def ask(email):
        try:
            together.wait(20)
            return invited(owner, email).invitation.email
        except UserError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(ask, [f"{name}@example.org" for name in "abc"]))

    assert sorted(answers)[1:] == ["quota_members", "quota_members"]
    assert len(every(Invitation)) == 1
