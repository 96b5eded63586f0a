"""The mail that tells a person they were added, and lets a new one choose a password."""

from allauth.account.app_settings import PASSWORD_RESET_TOKEN_GENERATOR
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import Membership, User

SECONDS_A_DAY = 86_400


def absolute(path: str) -> str:
    """The path under the address people type, for links in mails."""
    return f"{settings.BASE_URL.rstrip('/')}{path}"


def password_link(user: User) -> str:
    """Where the person sets a password; void once used, or after PASSWORD_RESET_TIMEOUT."""
    key = PASSWORD_RESET_TOKEN_GENERATOR().make_token(user)
    return absolute(reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), key]))


def invite(membership: Membership, inviter: User | None = None) -> None:
    """Send the mail, which names `inviter`. Raises OSError when the mail server does not take it."""
    user = membership.user
    context = {
        "membership": membership,
        "inviter": inviter,
        "home": absolute(reverse("home")),
        "forgot": absolute(reverse("account_reset_password")),
        "password_link": "" if user.has_usable_password() else password_link(user),
        "days": settings.PASSWORD_RESET_TIMEOUT // SECONDS_A_DAY,
    }
    subject = render_to_string("accounts/mail/invitation_subject.txt", context).strip()
    send_mail(subject, render_to_string("accounts/mail/invitation.txt", context), None, [user.email])


def confirm_address(user: User) -> None:
    """Whoever could open the password link reads the account's mail: the address is theirs."""
    EmailAddress.objects.filter(user=user, email__iexact=user.email).update(verified=True)
