"""Second factors and proofs of identity, without going through the pages."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.sessions.backends.base import SessionBase
from django.test import Client

from accounts.models import User

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
CREDENTIAL = {
    "type": "public-key",
    "id": "AAECAwQFBgcICQoLDA0ODw",
    "rawId": "AAECAwQFBgcICQoLDA0ODw",
    "authenticatorAttachment": "platform",
    "clientExtensionResults": {"credProps": {"rk": True}},
    "response": {
        "clientDataJSON": "eyJ0eXBlIjogIndlYmF1dGhuLmNyZWF0ZSIsICJjaGFsbGVuZ2UiOiAiQUFBQSIsICJvcmlnaW4iOiAi"
        "aHR0cHM6Ly9sb2NhbGhvc3QifQ",
        "attestationObject": "o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YViUSZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzz"
        "uoMdl2NFAAAAAAAAAAAAAAAAAAAAAAAAAAAAEAABAgMEBQYHCAkKCwwNDg-lAQIDJiABIVggg6eDxf6HjZbv3Q38cRie3hGRlpUlh2PA"
        "uobgLQHJjvwiWCCsxHw5jEv_eSbZiHA9P6qEEIdjs2cIRulyN7ICaA7hSg",
    },
}
"""A browser's answer when a passkey was made for https://localhost; its private key is gone."""
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def second_factor(user: User) -> Authenticator:
    """The person's authenticator app; it shows `code()`."""
    return TOTP.activate(user, SECRET).instance


def code(secret: str = SECRET, *, steps: int = 0) -> str:
    """What the app shows now, or `steps` half minutes later."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))


def reauthenticate(client: Client) -> None:
    """The person signed in here proved a moment ago, by password, that it is them."""
    _record(client, method="password", reauthenticated=True)


def prove_second_factor(client: Client) -> None:
    """The session counts as opened with the person's second factor."""
    _record(client, method="mfa", type="totp")


def _record(client: Client, **facts: Any) -> None:
    with _session(client) as session:
        session["account_authentication_methods_user"] = session["_auth_user_id"]
        records = session.get("account_authentication_methods", [])
        session["account_authentication_methods"] = [*records, {"at": time.time(), **facts}]


@contextmanager
def _session(client: Client) -> Iterator[SessionBase]:
    session = client.session
    yield session
    session.save()


def passkey(user: User, name: str = "Phone", **fields: Any) -> Authenticator:
    """A passkey that nobody holds: a credential as a browser registered it once."""
    data = {"name": name, "credential": CREDENTIAL}
    made: Authenticator = Authenticator.objects.create(
        user=user, type=Authenticator.Type.WEBAUTHN, data=data, **fields
    )
    return made
