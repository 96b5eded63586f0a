"""What happens when a person has set a password by the link in a mail."""

from typing import Any

from allauth.account.signals import password_reset
from django.dispatch import receiver

from accounts.domain.invitations import confirm_address
from accounts.models import User


@receiver(password_reset)
def confirm_address_after_reset(user: User, **_facts: Any) -> None:
    confirm_address(user)
