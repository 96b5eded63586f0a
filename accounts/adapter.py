from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import limits
from accounts.domain.invitations import absolute
from accounts.models import User
from echodepth.client_address import address_of
from echodepth.limits import too_many

WAIT = 15 * 60
"""Seconds; the longest that ACCOUNT_RATE_LIMITS make somebody wait."""
WAYS = {
    "reauthenticate": _("Use your password"),
    "mfa_reauthenticate": _("Use a code from your app"),
    "mfa_reauthenticate:webauthn": _("Use a passkey"),
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """People join by an organisation's invitation; links in mails begin with BASE_URL.

    Failed sign-ins are counted before anything is known of the account, so that the answer is the same
    whether there is one or not.
    """

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Raises UserError `too_many_requests`."""
        self._attempt = limits.SignIn.begin(address_of(request), str(credentials.get("email", "")))

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        user: User | None = super().authenticate(request, **credentials)
        if user:
            # Only this attempt: else somebody's own sign-ins in between would buy them more guesses.
            self._attempt.succeeded()
        return user

    def validation_error(self, code: str, *args: Any) -> Exception:
        """A form's error, or the same refusal as everywhere for who tried too often."""
        if code in {"too_many_login_attempts", "rate_limited"}:
            return too_many(WAIT)
        error: Exception = super().validation_error(code, *args)
        return error

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        methods = super().get_reauthentication_methods(user)
        return [method | {"description": WAYS[method["id"]]} for method in methods]

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002 - allauth's signature
        return reverse("account_security")

    def get_reset_password_from_key_url(self, key: str) -> str:
        uid, _dash, token = key.partition("-")
        return absolute(reverse("account_reset_password_from_key", args=[uid, token]))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:  # noqa: ARG002
        return absolute(reverse("account_confirm_email", args=[emailconfirmation.key]))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        facts = {
            "home": absolute(reverse("home")),
            "forgot": absolute(reverse("account_reset_password")),
            "reset_days": settings.PASSWORD_RESET_TIMEOUT // 86_400,
        }
        super().send_mail(template_prefix, email, facts | context)
