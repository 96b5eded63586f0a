"""What proves who a person is beside the password, and who must have it."""

import time

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from accounts.audit_actions import AuditAction
from accounts.domain.audit import record, record_for
from accounts.domain.invitations import absolute
from accounts.models import Membership, Organisation, User
from echodepth.errors import UserError, Way

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""Recovery codes stand in for one of these and are nothing without it."""


def has_second_factor(user: User) -> bool:
    """Whether an authenticator app or a passkey is set up."""
    return bool(Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS).exists())


def used_second_factor(request: HttpRequest, user: User) -> bool:
    """Whether this session was opened, or confirmed later, with a second factor or a passkey."""
    return any(facts.get("method") == "mfa" for facts in get_authentication_records(request, user))


def proved_by_provider(request: HttpRequest, user: User) -> bool:
    """Whether the identity provider of this session asked the person anew a moment ago."""
    oldest = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    return any(
        facts.get("method") == "sso" and facts.get("reauthenticated") and facts["at"] > oldest
        for facts in get_authentication_records(request, user)
    )


def require_second_factor(request: HttpRequest, user: User) -> None:
    """Raises UserError `mfa_required` unless the person has a second factor, and used it in this session."""
    if not has_second_factor(user):
        raise UserError(
            "mfa_required",
            _(
                "Set up an authenticator app or a passkey, which takes a minute; then open the page again. "
                "Nothing else in your account changes."
            ),
            status=403,
            heading=_("Two-factor sign-in is required here"),
            way=Way(_("Set it up"), reverse("account_security")),
        )
    if not used_second_factor(request, user):
        raise UserError(
            "mfa_required",
            _("You signed in without your second factor. Confirm it now, then open the page again."),
            status=403,
            heading=_("Two-factor sign-in is required here"),
            way=Way(_("Confirm it"), _confirmation(request, user)),
        )


def _confirmation(request: HttpRequest, user: User) -> str:
    """Where the person proves the second factor, and comes back from to the page that was refused."""
    app = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()
    page = reverse("mfa_reauthenticate" if app else "mfa_reauthenticate_webauthn")
    back = request.get_full_path() if request.method == "GET" else reverse("home")
    return f"{page}?{urlencode({'next': back})}"


def members_with_second_factor() -> int:
    """Of the organisation in scope."""
    people = list(Membership.objects.values_list("user_id", flat=True))
    found = Authenticator.objects.filter(user__in=people, type__in=SECOND_FACTORS)
    return int(found.values("user_id").distinct().count())


@transaction.atomic
def set_mfa_required(organisation: Organisation, user: User, *, required: bool) -> None:
    """Raises UserError `no_second_factor` when somebody who has none would lock out themselves."""
    if required and not has_second_factor(user):
        raise UserError(
            "no_second_factor",
            _("Set up an authenticator app or a passkey for yourself first: you would lock yourself out."),
            way=Way(_("Set it up"), reverse("account_security")),
        )
    locked: Organisation = Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    if locked.require_mfa == required:
        return
    organisation.require_mfa = locked.require_mfa = required
    locked.save(update_fields=["require_mfa"])
    record(AuditAction.SECURITY_CHANGED, organisation, require_mfa=required)


def end_other_sessions(user: User, current: str) -> int:
    """End the person's sessions but the one with this key; returns how many."""
    return _end(user, UserSession.objects.filter(user=user).exclude(session_key=current))


def end_session(user: User, session_id: int, current: str) -> bool:
    """False where the person has no such session beside the one with this key."""
    found = UserSession.objects.filter(user=user, pk=session_id).exclude(session_key=current)
    return _end(user, found) == 1


def _end(user: User, found: QuerySet[UserSession]) -> int:
    ended = list(found)
    for session in ended:
        session.end()
    if ended:
        record_for(user, AuditAction.SIGNED_OUT, sessions=len(ended))
    return len(ended)


def remove_second_factors(user: User) -> bool:
    """For who lost them and has proven otherwise who they are; False where there were none.

    Their sessions end, and a mail tells them. Raises OSError when the mail server does not take it; the
    second factors are gone then all the same.
    """
    with transaction.atomic():
        removed, _by_model = Authenticator.objects.filter(user=user).delete()
        if not removed:
            return False
        for session in UserSession.objects.filter(user=user):
            session.end()
        record_for(user, AuditAction.MFA_CHANGED, claimed=True, change="removed", kind="all")
    subject = render_to_string("accounts/mail/second_factor_removed_subject.txt").strip()
    body = render_to_string(
        "accounts/mail/second_factor_removed.txt", {"security": absolute(reverse("account_security"))}
    )
    send_mail(subject, body, None, [user.email])
    return True
