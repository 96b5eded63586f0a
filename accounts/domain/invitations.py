"""Invitations: an address may join an organisation once, by the link in a mail, until it expires."""

import hashlib
import secrets
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import doors, limits
from accounts.actor import Actor
from accounts.audit_actions import AuditAction
from accounts.domain.audit import record, record_as
from accounts.domain.members import add_membership
from accounts.domain.people import create_person, owns_address, person_of
from accounts.domain.quotas import check_members, lock
from accounts.domain.roles import need_owner_for
from accounts.domain.staff import refuse_in_session
from accounts.enums import Role
from accounts.models import Invitation, Membership, Organisation, User
from accounts.models.invitation import InvitationQuerySet
from echodepth.errors import UserError
from echodepth.tenancy import tenant

VALID_DAYS = 7


class Issued(NamedTuple):
    """An invitation, and the secret of its link: known now, kept nowhere."""

    invitation: Invitation
    secret: str


def absolute(path: str) -> str:
    """The path under the address people type, for links in mails."""
    return f"{settings.BASE_URL.rstrip('/')}{path}"


def open_invitations() -> InvitationQuerySet:
    """Those of the organisation in scope that were neither accepted nor withdrawn, expired ones included."""
    found: InvitationQuerySet = Invitation.objects.waiting()
    return found.select_related("invited_by").order_by("email")


@transaction.atomic
def invite(
    organisation: Organisation, email: str, role: Role, *, by: Actor | None, guest_of: UUID | None = None
) -> Issued:
    """Open an invitation for this address; inside the organisation's scope. `send_invitation` mails it.

    `by` is None for the platform, which may name the first owner; `guest_of` is the run that a guest may
    read, and None for every other role. An invitation that has expired gives way to the new one. Raises
    UserError `owner_needed`, `staff_cannot_join`, `already_member`, `already_invited`,
    `quota_members` or `too_many_requests`.
    """
    email = email.strip().lower()
    refuse_in_session(by)
    if by:
        need_owner_for(by, role)
    lock(organisation.pk)
    _need_stranger(organisation, email)
    _need_uninvited(email)
    check_members(organisation.pk)
    _count_mail(organisation.pk, email)
    secret, facts = _secret()
    invitation: Invitation = Invitation.objects.create(
        organisation=organisation,
        email=email,
        role=role,
        guest_of=guest_of,
        invited_by=by.user if by else None,
        **facts,
    )
    record(AuditAction.MEMBER_INVITED, invitation, role=str(role))
    return Issued(invitation, secret)


@transaction.atomic
def invite_again(actor: Actor, invitation: Invitation) -> Issued:
    """A new link for the same invitation, and seven days more; the old link is void at once.

    Raises UserError `owner_needed`, `quota_members`, `too_many_requests` or, where somebody was quicker,
    `invitation_invalid`.
    """
    need_owner_for(actor, invitation.role)
    lock(invitation.organisation_id)
    if invitation.expires_at <= timezone.now():
        check_members(invitation.organisation_id)  # it no longer counted
    _count_mail(invitation.organisation_id, invitation.email)
    secret, facts = _secret()
    still_open = Invitation.objects.waiting().filter(pk=invitation.pk)
    if not still_open.update(**facts, invited_by=actor.user):
        raise _invalid()
    invitation.refresh_from_db()
    record(AuditAction.MEMBER_INVITED, invitation, role=invitation.role, again=True)
    return Issued(invitation, secret)


@transaction.atomic
def revoke_invitation(actor: Actor, invitation: Invitation) -> None:
    """The link is void. Raises UserError `owner_needed`, or `invitation_invalid` where it was accepted."""
    need_owner_for(actor, invitation.role)
    if not Invitation.objects.filter(pk=invitation.pk).withdraw():
        raise _invalid()
    record(AuditAction.INVITATION_REVOKED, invitation, role=invitation.role)


def send_invitation(issued: Issued) -> None:
    """Mail the link to the address. Raises OSError when the mail server does not take it."""
    invitation = issued.invitation
    context = {
        "invitation": invitation,
        "organisation": invitation.organisation,
        "inviter": _named(invitation.invited_by),
        "link": absolute(reverse("invitation", args=[issued.secret])),
    }
    subject = " ".join(render_to_string("accounts/mail/invitation_subject.txt", context).split())
    send_mail(subject, render_to_string("accounts/mail/invitation.txt", context), None, [invitation.email])


def find_invitation(secret: str) -> Invitation:
    """The invitation behind a link, with its organisation and inviter.

    Raises UserError `invitation_invalid`, in the same words whether it expired, was accepted or withdrawn,
    or never was.
    """
    rows = doors.INVITATION.open(token_hash=hash_secret(secret))
    if not rows:
        raise _invalid()
    organisation_id, invitation_id = rows[0]
    with tenant(organisation_id):
        usable = Invitation.objects.usable().filter(pk=invitation_id)
        found: Invitation | None = usable.select_related("organisation", "invited_by").first()
    if found is None:
        raise _invalid()
    return found


def accept_invitation(invitation: Invitation, user: User) -> Membership:
    """The person whose address was invited becomes a member; of two who accept at once, one does.

    Raises UserError `invitation_not_yours`, `already_member`, `quota_members` or `invitation_invalid`.
    """
    if not owns_address(user, invitation.email):
        raise UserError(
            "invitation_not_yours", _("This invitation is for another e-mail address than yours."), status=403
        )
    with tenant(invitation.organisation_id), transaction.atomic():
        _take(invitation)
        return _join(invitation, user)


def accept_as_new_person(invitation: Invitation, full_name: str, password: str) -> Membership:
    """Account and membership at once; the address counts as verified, because the link came to it.

    Raises UserError `account_exists`, `quota_members` or `invitation_invalid`.
    """
    try:
        with tenant(invitation.organisation_id), transaction.atomic():
            _take(invitation)
            return _join(invitation, create_person(invitation.email, password, full_name=full_name))
    except IntegrityError as error:
        if not person_of(invitation.email):
            raise
        sentence = _("There is an account with this address by now. Open the link again and sign in.")
        raise UserError("account_exists", sentence, status=409) from error


def _take(invitation: Invitation) -> None:
    """Mark it accepted, if it still can be; one conditional UPDATE, which the second of two waits for."""
    lock(invitation.organisation_id)
    usable = Invitation.objects.usable().filter(pk=invitation.pk, token_hash=invitation.token_hash)
    if not usable.update(accepted_at=timezone.now()):
        raise _invalid()


def _join(invitation: Invitation, user: User) -> Membership:
    """The invitation is taken, and counts no more: the membership needs the place it leaves."""
    membership = add_membership(
        invitation.organisation, user, Role(invitation.role), guest_of=invitation.guest_of
    )
    Invitation.objects.filter(pk=invitation.pk).update(accepted_by=user)
    record_as(user, AuditAction.MEMBER_JOINED, membership, role=invitation.role, invited=True)
    return membership


def _need_stranger(organisation: Organisation, email: str) -> None:
    person = person_of(email)
    if person and Membership.objects.filter(organisation=organisation, user=person).exists():
        raise UserError("already_member", _("This person is already a member."), status=409)


def _need_uninvited(email: str) -> None:
    earlier = Invitation.objects.filter(email=email)
    if earlier.usable().exists():
        sentence = _("This person has an open invitation. Send it again, or withdraw it first.")
        raise UserError("already_invited", sentence, status=409)
    earlier.withdraw()


def _count_mail(organisation_id: UUID, email: str) -> None:
    """Raises UserError `too_many_requests` where an organisation writes to somebody or to many too often."""
    limits.INVITATION_MAIL.take(str(organisation_id), email)
    limits.INVITATION_MAILS.take(str(organisation_id))


def _named(person: User | None) -> str:
    """Name and address; empty for the platform."""
    if person is None:
        return ""
    return f"{person.full_name} ({person.email})" if person.full_name else person.email


def _secret() -> tuple[str, dict[str, object]]:
    """A link's secret of 256 bits, and what is stored of it."""
    secret = secrets.token_urlsafe(32)
    expires = timezone.now() + timedelta(days=VALID_DAYS)
    return secret, {"token_hash": hash_secret(secret), "expires_at": expires}


def hash_secret(secret: str) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _invalid() -> UserError:
    return UserError(
        "invitation_invalid",
        _(
            "This invitation cannot be used. A link works once and for seven days, and may be withdrawn or "
            "replaced by a newer one. If you accepted it already, sign in; else ask for a new invitation."
        ),
        status=404,
    )
