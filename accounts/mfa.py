"""Second factors as this product keeps and names them."""

from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from django.utils.translation import gettext as _

from echodepth.encryption import decrypt, encrypt

PURPOSE = "second factor"


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of apps and seeds of recovery codes lie encrypted in the database."""

    def encrypt(self, text: str) -> str:
        return encrypt(text, PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text, PURPOSE)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return entity | {"name": "EchoDepth"}

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002, ARG002 - allauth's signature
        return _("My passkey")
