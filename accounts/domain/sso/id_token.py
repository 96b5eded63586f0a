"""The ID token: signed by the provider, for us, for this sign-in, now."""

import hmac
from typing import Any

import jwt
from django.utils.translation import gettext_lazy as _

from accounts.domain.sso.discovery import Metadata
from echodepth.errors import UserError

LEEWAY = 60
"""Seconds by which the provider's clock may differ from ours."""
LONGEST_SUBJECT = 255


def verified(
    token: str, keys: dict[str, Any], metadata: Metadata, client_id: str, nonce: str
) -> dict[str, Any]:
    """The claims; `keys` is the provider's key set as it was fetched.

    Raises UserError `sso_token_invalid`, which does not say to the person what a forger would like to know;
    the reason goes to the log as the exception's cause.
    """
    try:
        key = _key(token, keys)
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=list(metadata.algorithms),
            audience=client_id,
            issuer=metadata.issuer,
            leeway=LEEWAY,
            options={
                "require": ["iss", "aud", "exp", "iat", "sub"],
                "enforce_minimum_key_length": True,
            },
        )
        _for_us(claims, client_id, nonce)
    except (jwt.PyJWTError, ValueError, TypeError, KeyError) as error:
        raise _invalid() from error
    return claims


def _key(token: str, keys: dict[str, Any]) -> jwt.PyJWK:
    """The key the token names; the only one where it names none."""
    header = jwt.get_unverified_header(token)
    signing = [key for key in jwt.PyJWKSet.from_dict(keys).keys if key.public_key_use in (None, "sig")]
    named = [key for key in signing if key.key_id == header.get("kid")] if "kid" in header else signing
    if len(named) != 1:
        message = f"{len(named)} keys for this token"
        raise jwt.InvalidKeyError(message)
    return named[0]


def _for_us(claims: dict[str, Any], client_id: str, nonce: str) -> None:
    """What the library does not look at: nonce, authorised party, and a subject that can be kept."""
    told = claims.get("nonce")
    if not isinstance(told, str) or not hmac.compare_digest(told.encode(), nonce.encode()):
        raise jwt.InvalidTokenError("nonce")
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if several else client_id) != client_id:
        raise jwt.InvalidTokenError("azp")
    subject = claims["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT or "\0" in subject:
        raise jwt.InvalidTokenError("sub")


def _invalid() -> UserError:
    sentence = _("The provider's answer could not be verified. Start again; if it stays, tell your admin.")
    return UserError("sso_token_invalid", sentence, 403)
