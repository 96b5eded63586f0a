"""Whom a provider's answer lets in, inside the provider's organisation.

The rules, in order:

1. A subject the provider named before is the person it was linked with, whatever address is told now. A
   person who is no member any more stays outside until an admin invites them again.
2. Anybody else needs an address that the provider calls verified, of a domain that this very organisation
   has proven.
3. Where nobody has an account with that address, one is made, linked, and becomes a member.
4. Where somebody has, the answer opens nothing: the person signs in to that account by its own means, and
   then says that both are the same.
"""

from dataclasses import asdict, dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit_actions import AuditAction
from accounts.domain.audit import record_as
from accounts.domain.members import add_membership
from accounts.domain.people import owns_address, person_of
from accounts.domain.sso.claims import Claims
from accounts.domain.sso.domains import has_proven
from accounts.domain.sso.names import domain_of
from accounts.enums import Role
from accounts.models import Identity, IdentityProvider, Membership, User
from echodepth.errors import UserError

LONGEST_ADDRESS = 254


@dataclass(frozen=True, slots=True)
class LinkWanted:
    """What the owner of an account has to confirm; kept in the session of the browser that asked."""

    organisation: str
    provider: str
    subject: str
    email: str
    at: float

    def kept(self) -> dict[str, Any]:
        return asdict(self)


def admit(provider: IdentityProvider, claims: Claims) -> User | None:
    """The person to sign in; None where an account exists, whose owner has to confirm the link first.

    Raises UserError `sso_not_a_member`, `sso_person_disabled`, `sso_email_unverified`,
    `sso_domain_not_proven`, `quota_members` or `sso_try_again`.
    """
    identity: Identity | None = (
        Identity.objects.select_related("user").filter(provider=provider, subject=claims.subject).first()
    )
    if identity:
        return _known(identity)
    check_address_of(claims)
    if person_of(claims.email):
        return None
    try:
        return _newcomer(provider, claims)
    except IntegrityError:  # made by another request in this moment
        sentence = _("Somebody was just signed in with this address. Try again.")
        raise UserError("sso_try_again", sentence, 409) from None


def check_address_of(claims: Claims) -> None:
    """Raises UserError `sso_email_unverified` or `sso_domain_not_proven`."""
    if not claims.email_verified or not _is_address(claims.email):
        sentence = _(
            "Your provider does not say that your e-mail address is verified. Ask your admin to let it send "
            "the claims email and email_verified."
        )
        raise UserError("sso_email_unverified", sentence, 403)
    # Only as it is written here: another way to write a domain must not find another account, or none.
    name = domain_of(claims.email)
    if claims.email.rpartition("@")[2].lower() != name or not has_proven(name):
        sentence = _(
            "Your provider names an address whose domain your organisation has not proven. Ask your admin to "
            "add the domain."
        )
        raise UserError("sso_domain_not_proven", sentence, 403)


def _is_address(email: str) -> bool:
    try:
        validate_email(email)
    except ValidationError:
        return False
    return len(email) <= LONGEST_ADDRESS


def _known(identity: Identity) -> User:
    user: User = identity.user
    if not user.is_active:
        sentence = _("This account is switched off. Write to support.")
        raise UserError("sso_person_disabled", sentence, 403)
    if not Membership.objects.filter(user=user).exists():
        sentence = _(
            "You are no longer a member of this organisation. If you should be, ask an owner or an admin to "
            "invite you again."
        )
        raise UserError("sso_not_a_member", sentence, 403)
    identity.last_used_at = timezone.now()
    identity.save(update_fields=["last_used_at"])
    return user


@transaction.atomic
def _newcomer(provider: IdentityProvider, claims: Claims) -> User:
    """An account without a password, whose address we did not verify ourselves."""
    user = User.objects.create_user(claims.email, full_name=claims.name)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=False)
    _join(provider, user)
    _link(provider, claims.subject, user, created=True)
    return user


@transaction.atomic
def confirm_link(provider: IdentityProvider, wanted: LinkWanted, user: User) -> Membership:
    """Link the account of somebody who has just signed in to it by its own means; they join if they did not.

    Raises UserError `sso_other_account`, `sso_domain_not_proven`, `sso_already_linked` or `quota_members`.
    """
    if not owns_address(user, wanted.email):
        sentence = _("You are signed in as somebody else. Sign out, and start single sign-on again.")
        raise UserError("sso_other_account", sentence, 409)
    check_address_of(Claims(wanted.subject, wanted.email, True, ""))
    membership: Membership = Membership.objects.filter(user=user).first() or _join(provider, user)
    try:
        with transaction.atomic():
            _link(provider, wanted.subject, user, created=False)
    except IntegrityError:
        sentence = _(
            "This account is linked with somebody else at your provider. Ask your admin to unlink it first."
        )
        raise UserError("sso_already_linked", sentence, 409) from None
    return membership


def _join(provider: IdentityProvider, user: User) -> Membership:
    role = Role(provider.role)
    membership = add_membership(provider.organisation, user, role)
    record_as(user, AuditAction.MEMBER_JOINED, membership, role=str(role), by="sso")
    return membership


def _link(provider: IdentityProvider, subject: str, user: User, *, created: bool) -> None:
    Identity.objects.create(
        organisation_id=provider.organisation_id,
        provider=provider,
        subject=subject,
        user=user,
        last_used_at=timezone.now(),
    )
    record_as(user, AuditAction.IDENTITY_LINKED, user, new_account=created)
