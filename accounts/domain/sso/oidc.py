"""OpenID Connect, the authorization code flow with PKCE: the way to the provider and back."""

import base64
import hashlib
import hmac
import logging
import secrets
import time
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.domain.invitations import absolute
from accounts.domain.sso.claims import Claims
from accounts.domain.sso.discovery import Metadata, discover
from accounts.domain.sso.id_token import verified
from accounts.domain.sso.outbound import fetch
from accounts.domain.sso.providers import client_secret
from accounts.models import IdentityProvider
from echodepth.errors import UserError

FLOW_SECONDS = 600
"""How long the person may take at the provider."""
FRESH_SECONDS = 300
"""How long ago the person may have signed in at the provider, where they are asked to do it again."""
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Flow:
    """One way to the provider and back, kept in the session of the browser that left."""

    state: str
    nonce: str
    verifier: str
    organisation: str
    provider: str
    at: float
    again: bool
    """The person is signed in and proves it once more."""
    to: str
    """The page wanted afterwards; empty for none."""

    def kept(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def over(self) -> bool:
        return not 0 <= time.time() - self.at <= FLOW_SECONDS


def redirect_uri(organisation_id: UUID) -> str:
    """One for each organisation, which has one provider: an answer of another cannot be passed off for it."""
    return absolute(reverse("sso-callback", args=[organisation_id]))


def depart(
    provider: IdentityProvider, *, hint: str = "", again: bool = False, to: str = ""
) -> tuple[Flow, str]:
    """What to remember, and the provider's address to go to. Raises UserError as `discover` does."""
    metadata = discover(provider.issuer)
    flow = Flow(
        state=secrets.token_urlsafe(32),
        nonce=secrets.token_urlsafe(32),
        verifier=secrets.token_urlsafe(48),
        organisation=str(provider.organisation_id),
        provider=str(provider.pk),
        at=time.time(),
        again=again,
        to=to,
    )
    digest = hashlib.sha256(flow.verifier.encode("ascii")).digest()
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": redirect_uri(provider.organisation_id),
        "scope": "openid email profile",
        "state": flow.state,
        "nonce": flow.nonce,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii"),
        "code_challenge_method": "S256",
    }
    asked |= {"login_hint": hint} if hint else {}
    asked |= {"prompt": "login", "max_age": "0"} if again else {}
    joint = "&" if "?" in metadata.authorization_endpoint else "?"
    return flow, f"{metadata.authorization_endpoint}{joint}{urlencode(asked)}"


def arrive(provider: IdentityProvider, flow: Flow, answer: dict[str, str]) -> Claims:
    """Whom the provider names in its answer, which came to our callback with these parameters.

    Raises UserError as `discover` does, `sso_declined`, `sso_token_invalid`, `sso_code_refused` or
    `sso_not_fresh`.
    """
    metadata = discover(provider.issuer)
    _check_sender(metadata, answer)
    if "error" in answer or not answer.get("code"):
        logger.info("provider %s declined: %.40s", provider.pk, answer.get("error", "no code"))
        sentence = _("Your provider did not sign you in. Start again, or ask your admin to let you in there.")
        raise UserError("sso_declined", sentence, 403)
    tokens = _exchanged(provider, metadata, flow, answer["code"])
    keys = fetch(metadata.jwks_uri).json()
    try:
        told = verified(str(tokens["id_token"]), keys, metadata, provider.client_id, flow.nonce)
    except UserError as error:
        logger.warning("provider %s: ID token refused: %r", provider.pk, error.__cause__)
        raise
    if flow.again:
        _check_fresh(told)
    # Both from one place: that an address is verified is said of the address beside it.
    more = told if {"email", "email_verified"} <= told.keys() else _user_info(metadata, tokens, told["sub"])
    return Claims(
        told["sub"],
        str(more.get("email") or ""),
        more.get("email_verified") is True,
        str(told.get("name") or more.get("name") or "")[:200].replace("\0", ""),
    )


def _check_sender(metadata: Metadata, answer: dict[str, str]) -> None:
    named = answer.get("iss", None if metadata.names_issuer else metadata.issuer)
    if named != metadata.issuer:
        sentence = _("Another provider answered than the one that was asked. Start again.")
        raise UserError("sso_token_invalid", sentence, 403)


def _exchanged(provider: IdentityProvider, metadata: Metadata, flow: Flow, code: str) -> dict[str, Any]:
    """The tokens for the code."""
    secret = client_secret(provider)
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri(provider.organisation_id),
        "code_verifier": flow.verifier,
    }
    headers = {}
    if metadata.posts_secret:
        form |= {"client_id": provider.client_id, "client_secret": secret}
    else:
        pair = f"{quote(provider.client_id, safe='')}:{quote(secret, safe='')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode('ascii')}"
    answer = fetch(metadata.token_endpoint, form=form, headers=headers)
    tokens = answer.json() if answer.status == 200 else {}
    if not isinstance(tokens.get("id_token"), str):
        logger.warning("provider %s: the code was refused with status %s", provider.pk, answer.status)
        sentence = _(
            "The provider refused to confirm your sign-in. Start again; if it stays, your admin should check "
            "the client ID and the client secret."
        )
        raise UserError("sso_code_refused", sentence, 502)
    return tokens


def _check_fresh(told: dict[str, Any]) -> None:
    at = told.get("auth_time")
    if not isinstance(at, int | float) or isinstance(at, bool) or time.time() - at > FRESH_SECONDS:
        sentence = _("The provider did not ask you to sign in again, so nothing was confirmed.")
        raise UserError("sso_not_fresh", sentence, 403)


def _sendable(token: str) -> bool:
    return token.isascii() and token.isprintable()


def _user_info(metadata: Metadata, tokens: dict[str, Any], subject: str) -> dict[str, Any]:
    """More claims, of providers that leave them out of the ID token; none when of another subject."""
    access = tokens.get("access_token")
    if not metadata.userinfo_endpoint or not isinstance(access, str) or not _sendable(access):
        return {}
    answer = fetch(metadata.userinfo_endpoint, headers={"Authorization": f"Bearer {access}"})
    told = answer.json() if answer.status == 200 else {}
    same = isinstance(told.get("sub"), str) and hmac.compare_digest(told["sub"].encode(), subject.encode())
    return told if same else {}
