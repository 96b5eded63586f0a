"""Tokens as honest, mistaken and hostile providers sign them."""

import json
import time

import jwt
import pytest

from accounts.domain.sso.discovery import Metadata
from accounts.domain.sso.id_token import verified
from echodepth.errors import UserError
from tests.support.oidc import private_key, public_jwk, signed, signed_with_public_key, unsigned

ISSUER, CLIENT, NONCE = "https://login.harbour.example", "client", "a nonce"
METADATA = Metadata(ISSUER, "", "", "", "", ("RS256", "ES256"), False, False)
KEYS = {"keys": [public_jwk()]}


def claims(**changes):
    """What an honest token says, and the changes; a change may be a function of now."""
    now = int(time.time())
    changes = {name: value(now) if callable(value) else value for name, value in changes.items()}
    honest = {"iss": ISSUER, "aud": CLIENT, "iat": now, "exp": now + 300, "sub": "s-1", "nonce": NONCE}
    return {name: value for name, value in (honest | changes).items() if value is not None}


def verify(token, keys=KEYS):
    return verified(token, keys, METADATA, CLIENT, NONCE)


def refused(token, keys=KEYS):
    with pytest.raises(UserError) as caught:
        verify(token, keys)
    assert caught.value.code == "sso_token_invalid"
    return caught.value.__cause__


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"aud": [CLIENT]},
        {"aud": [CLIENT, "other"], "azp": CLIENT},
        {"azp": CLIENT},
        {"exp": lambda now: now - 20},
        {"iat": lambda now: now + 20},
    ],
)
def test_an_honest_token_is_taken(changes):
    assert verify(signed(claims(**changes)))["sub"] == "s-1"


def test_the_only_key_need_not_be_named():
    token = jwt.encode(claims(), private_key("first"), algorithm="RS256")

    assert verify(token)["sub"] == "s-1"
    refused(token, {"keys": [public_jwk(), public_jwk("second")]})


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"iss": "https://login.elsewhere.example"}, jwt.InvalidIssuerError),
        ({"iss": f"{ISSUER}/"}, jwt.InvalidIssuerError),
        ({"iss": None}, jwt.MissingRequiredClaimError),
        ({"aud": "another client"}, jwt.InvalidAudienceError),
        ({"aud": []}, jwt.MissingRequiredClaimError),
        ({"aud": None}, jwt.MissingRequiredClaimError),
        ({"aud": [CLIENT, "other"]}, jwt.InvalidTokenError),
        ({"azp": "other"}, jwt.InvalidTokenError),
        ({"exp": lambda now: now - 3600}, jwt.ExpiredSignatureError),
        ({"exp": None}, jwt.MissingRequiredClaimError),
        ({"iat": lambda now: now + 3600}, jwt.ImmatureSignatureError),
        ({"iat": None}, jwt.MissingRequiredClaimError),
        ({"nbf": lambda now: now + 3600}, jwt.ImmatureSignatureError),
        ({"nonce": "another nonce"}, jwt.InvalidTokenError),
        ({"nonce": None}, jwt.InvalidTokenError),
        ({"nonce": 7}, jwt.InvalidTokenError),
        ({"sub": None}, jwt.MissingRequiredClaimError),
        ({"sub": ""}, jwt.InvalidTokenError),
        ({"sub": "x" * 256}, jwt.InvalidTokenError),
        ({"sub": "a\0b"}, jwt.InvalidTokenError),
    ],
)
def test_a_token_for_another_place_or_time_is_refused(changes, reason):
    assert type(refused(signed(claims(**changes)))) is reason


def test_a_short_key_is_refused():
    key = private_key("short", 1024)
    with pytest.warns(jwt.warnings.InsecureKeyLengthWarning):
        token = jwt.encode(claims(), key, algorithm="RS256", headers={"kid": "first"})
    jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key())) | {"kid": "first"}

    assert isinstance(refused(token, {"keys": [jwk]}), jwt.InvalidKeyError)


@pytest.mark.parametrize(
    ("sign", "reason"),
    [
        (lambda told: signed(told, "second"), jwt.InvalidKeyError),
        (lambda told: signed(told, "second", kid="first"), jwt.InvalidSignatureError),
        (unsigned, jwt.InvalidAlgorithmError),
        (signed_with_public_key, jwt.InvalidAlgorithmError),
        (lambda told: signed(told)[:-8] + "AAAAAAAA", jwt.InvalidSignatureError),
        (lambda _told: "no.token.at-all", jwt.DecodeError),
        (lambda _told: "", jwt.DecodeError),
    ],
)
def test_what_the_provider_did_not_sign_is_refused(sign, reason):
    assert isinstance(refused(sign(claims())), reason)


@pytest.mark.parametrize(
    "keys",
    [
        {"keys": []},
        {},
        {"keys": [public_jwk() | {"use": "enc"}]},
        {"keys": "x"},
        {"keys": [public_jwk("second") | {"kid": "first"}]},
        {"keys": [public_jwk(), public_jwk()]},
    ],
)
def test_keys_that_do_not_fit_verify_nothing(keys):
    refused(signed(claims()), keys)


def test_an_algorithm_that_was_not_offered_is_refused():
    token = jwt.encode(claims(), private_key("first"), algorithm="RS512", headers={"kid": "first"})

    reason = refused(token, {"keys": [public_jwk() | {"alg": "RS512"}]})
    assert isinstance(reason, jwt.InvalidAlgorithmError)
