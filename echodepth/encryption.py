"""Keeping secrets in the database that its reader alone cannot use."""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class UnreadableError(Exception):
    """The text was encrypted with a key that is gone, for another purpose, or was changed."""


def encrypt(text: str, purpose: str) -> str:
    """Readable with SECRET_KEY, or as long as that is among the fallbacks, for the same purpose alone."""
    return _keys(purpose).encrypt(text.encode()).decode()


def decrypt(token: str, purpose: str) -> str:
    """Raises UnreadableError."""
    try:
        return _keys(purpose).decrypt(token.encode()).decode()
    except InvalidToken:
        raise UnreadableError(purpose) from None


def _keys(purpose: str) -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(secret, purpose)) for secret in secrets])


def _key(secret: str, purpose: str) -> bytes:
    digest = hmac.new(secret.encode(), f"echodepth.encryption.{purpose}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest)
