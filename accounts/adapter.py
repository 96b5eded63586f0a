from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from accounts.domain.invitations import absolute


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """People join by an organisation's invitation; links in mails begin with BASE_URL."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        uid, _, token = key.partition("-")
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
