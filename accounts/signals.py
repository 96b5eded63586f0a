"""What happens when a person proved who they are, failed to, or changed what proves it."""

from functools import partial
from typing import Any
from uuid import UUID

from allauth.account import signals as account
from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from accounts import limits
from accounts.announcements import standing_changed
from accounts.audit_actions import AuditAction
from accounts.domain.audit import record_as, record_for
from accounts.domain.people import confirm_address
from accounts.domain.retention import retentions
from accounts.models import User
from echodepth.afterwards import afterwards
from echodepth.client_address import address_of
from echodepth.tenancy import tenant


@receiver(account.password_reset)
def confirm_address_after_reset(request: HttpRequest, user: User, **_facts: Any) -> None:
    confirm_address(user)
    limits.forgive(address_of(request), user.email)
    record_for(user, AuditAction.PASSWORD_CHANGED, by="link in a mail")


@receiver([account.password_changed, account.password_set])
def record_password(user: User, **_facts: Any) -> None:
    record_for(user, AuditAction.PASSWORD_CHANGED, by="the person")


@receiver(account.email_changed)
def record_address(user: User, **_facts: Any) -> None:
    record_for(user, AuditAction.EMAIL_CHANGED)


@receiver(account.user_logged_in)
def record_sign_in(request: HttpRequest, user: User, **_facts: Any) -> None:
    methods = {_method(facts) for facts in get_authentication_records(request, user)}
    _record_session(request, user, AuditAction.SIGNED_IN, " and ".join(sorted(methods)))


@receiver(user_logged_out)
def record_sign_out(request: HttpRequest, user: User | None, **_facts: Any) -> None:
    if user:
        _record_session(request, user, AuditAction.SIGNED_OUT)


@receiver(user_login_failed)
def record_refusal(credentials: dict[str, Any], **_facts: Any) -> None:
    """When the answer was sent: how long it took must not tell whether there is such an account."""
    afterwards(partial(_record_refusal, str(credentials.get("email", ""))))


def _record_refusal(email: str) -> None:
    """Of an address nobody has, nothing is kept: there is no organisation whose trail it would stand in."""
    user = User.objects.filter(email__iexact=email).first()
    if user:
        record_for(user, AuditAction.SIGN_IN_FAILED, claimed=True, method="password")


@receiver(mfa.authentication_failed)
def record_refused_code(user: User, authenticator: Authenticator, **_facts: Any) -> None:
    record_for(user, AuditAction.SIGN_IN_FAILED, claimed=True, method=str(authenticator.type))


@receiver(mfa.authenticator_added)
def record_second_factor(
    request: HttpRequest, user: User, authenticator: Authenticator, **_facts: Any
) -> None:
    """Who adds one has just used it, so that the session counts as proven by it."""
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        record_authentication(request, user, "mfa", id=authenticator.pk, type=authenticator.type)
    record_for(user, AuditAction.MFA_CHANGED, change="added", kind=str(authenticator.type))


@receiver(mfa.authenticator_removed)
def record_removed_factor(user: User, authenticator: Authenticator, **_facts: Any) -> None:
    record_for(user, AuditAction.MFA_CHANGED, change="removed", kind=str(authenticator.type))


@receiver(mfa.authenticator_reset)
def record_new_codes(user: User, authenticator: Authenticator, **_facts: Any) -> None:
    record_for(user, AuditAction.MFA_CHANGED, change="renewed", kind=str(authenticator.type))


@receiver(standing_changed)
def reckon_due_dates(project_id: UUID, subject_id: UUID | None, **_facts: Any) -> None:
    """Another region may have another limit to how long data may be kept."""
    if subject_id is None:
        retentions.reckon_project(project_id)


def _method(facts: dict[str, Any]) -> str:
    """Such as `password`, `totp`, `webauthn`, `recovery_codes`, `sso`."""
    return str(facts.get("type") or facts["method"])


def _record_session(request: HttpRequest, user: User, action: AuditAction, method: str = "") -> None:
    """In every organisation of the person; a session of an identity provider is its organisation's alone."""
    facts: dict[str, Any] = {"method": method} if method else {}
    organisation = request.session.get("sso_organisation")
    if organisation is None:
        record_for(user, action, **facts)
        return
    with tenant(UUID(organisation)):
        record_as(user, action, **facts)
