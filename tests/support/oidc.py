"""An identity provider that says what the test wants, with keys of its own: honest, mistaken or hostile."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from accounts.enums import Role
from tests.factories import DomainFactory, IdentityProviderFactory
from tests.support.web_server import Asked, Said, WebServer, web_server

CLIENT_ID, CLIENT_SECRET = "echodepth-at-provider", "a secret of % & 40 characters, kept encrypted"


@cache
def private_key(name: str, bits: int = 2048) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


def public_jwk(name: str = "first") -> dict[str, Any]:
    made = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(private_key(name).public_key()))
    return made | {"kid": name, "use": "sig", "alg": "RS256"}


@dataclass
class Provider:
    """`claims` go into the next ID token, over what an honest provider puts there; None takes one out."""

    server: WebServer | None = None
    claims: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    user_info: dict[str, Any] | None = None
    sign: Callable[[dict[str, Any]], str] | None = None
    keys: list[dict[str, Any]] = field(default_factory=lambda: [public_jwk()])
    access_token: Any = "access"
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    token_requests: list[dict[str, str]] = field(default_factory=list)

    @property
    def issuer(self) -> str:
        assert self.server
        return self.server.url

    def told(self) -> dict[str, Any]:
        url = self.issuer
        return {
            "issuer": url,
            "authorization_endpoint": f"{url}/authorize",
            "token_endpoint": f"{url}/token",
            "jwks_uri": f"{url}/keys",
            "userinfo_endpoint": f"{url}/me",
            "response_types_supported": ["code"],
            "id_token_signing_alg_values_supported": ["RS256"],
        } | self.metadata

    def answer(self, asked: Asked) -> Said:
        path = urlsplit(asked.path).path
        if path == "/.well-known/openid-configuration":
            return _json(self.told())
        if path == "/keys":
            return _json({"keys": self.keys})
        if path == "/authorize":
            return self._authorize(asked)
        if path == "/token":
            return self._token(asked)
        if path == "/me":
            return _json(self.user_info or {})
        return Said(status=404)

    def code_for(self, url: str) -> tuple[str, dict[str, str]]:
        """What the browser brings back from the address it was sent to: path and parameters."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        return urlsplit(asked["redirect_uri"]).path, {"state": asked["state"], "code": code}

    def _authorize(self, asked: Asked) -> Said:
        """For a browser: signs in whoever `claims` say, without a question."""
        _path, answer = self.code_for(asked.path)
        back = f"{self.codes[answer['code']]['redirect_uri']}?{urlencode(answer)}"
        return Said(status=302, headers={"Location": back})

    def _token(self, asked: Asked) -> Said:
        form = {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
        self.token_requests.append(form | {"authorization": asked.headers.get("Authorization", "")})
        flow = self.codes.pop(form["code"], None)
        if flow is None or not _is_theirs(form, flow):
            return _json({"error": "invalid_grant"}, 400)
        tokens = {"access_token": self.access_token, "token_type": "Bearer"}
        return _json(tokens | {"id_token": self.id_token(flow)})

    def id_token(self, flow: dict[str, str]) -> str:
        now = int(time.time())
        honest = {"iss": self.issuer, "aud": flow["client_id"], "iat": now, "exp": now + 300, "sub": "s-1"}
        honest |= {"nonce": flow["nonce"], "email": "ada@harbour.example", "email_verified": True}
        claims = {name: value for name, value in (honest | self.claims).items() if value is not None}
        return self.sign(claims) if self.sign else signed(claims)


def _is_theirs(form: dict[str, str], flow: dict[str, str]) -> bool:
    """Whether who brings the code is who was sent away: redirect URI, and PKCE."""
    digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return (form.get("redirect_uri"), challenge) == (flow["redirect_uri"], flow["code_challenge"])


def signed(claims: dict[str, Any], key: str = "first", **headers: Any) -> str:
    return jwt.encode(claims, private_key(key), algorithm="RS256", headers={"kid": key} | headers)


def unsigned(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, None, algorithm="none")


def signed_with_public_key(claims: dict[str, Any]) -> str:
    """The old trick: HS256 with what everybody can read as the secret."""
    header = base64.urlsafe_b64encode(b'{"alg":"HS256","kid":"first"}').rstrip(b"=")
    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=")
    secret = json.dumps(public_jwk()).encode()
    mark = base64.urlsafe_b64encode(hmac.new(secret, header + b"." + body, hashlib.sha256).digest())
    return b".".join([header, body, mark.rstrip(b"=")]).decode()


@contextmanager
def provider(**facts: Any) -> Iterator[Provider]:
    made = Provider(**facts)
    with web_server(made.answer) as server:
        made.server = server
        yield made


def set_up(organisation: Any, issuer: str, domain: str = "harbour.example") -> Any:
    """The provider at this issuer as the organisation's, with a proven domain."""
    DomainFactory(organisation=organisation, name=domain)
    return IdentityProviderFactory(
        organisation=organisation,
        issuer=issuer,
        client_id=CLIENT_ID,
        secret=CLIENT_SECRET,
        role=Role.REVIEWER,
    )


def leave(client: Client, email: str) -> str:
    """Start at our page with an address; the provider's address that the page leads to."""
    response = client.post("/sso/", {"email": email})
    assert "Refresh" in response.headers, response.content.decode()
    return response.headers["Refresh"].partition("url=")[2]


def sign_in(client: Client, there: Provider, email: str = "ada@harbour.example") -> Any:
    """The whole way: our page, the provider, our callback; the response of the callback."""
    path, answer = there.code_for(leave(client, email))
    return client.get(path, answer)


def _json(told: Any, status: int = 200) -> Said:
    return Said(json.dumps(told).encode(), status, {"Content-Type": "application/json"})
