"""The way to a provider and back, against a real server on loopback."""

import base64
import hashlib
import time
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest

from accounts.domain.sso.oidc import arrive, depart, redirect_uri
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from tests.factories import IdentityProviderFactory
from tests.support.oidc import CLIENT_ID, CLIENT_SECRET
from tests.support.oidc import provider as server
from tests.support.tenants import save


@pytest.fixture
def there(settings):
    settings.SSO_PLAIN_HTTP, settings.SSO_PRIVATE_HOSTS = True, ["127.0.0.1"]
    settings.BASE_URL = "https://echodepth.example.org"
    with server() as made:
        yield made


@pytest.fixture
def provider(organisation, there):
    return IdentityProviderFactory(
        organisation=organisation, issuer=there.issuer, client_id=CLIENT_ID, secret=CLIENT_SECRET
    )


def there_and_back(provider, there, *, changes=None, more=None, **asked):
    """What `arrive` gives for the provider's honest answer; `changes` of the flow, `more` in the answer."""
    with tenant(provider.organisation_id):
        flow, url = depart(provider, **asked)
        _path, answer = there.code_for(url)
        return arrive(provider, replace(flow, **changes or {}), answer | (more or {}))


def refused(provider, there, **given):
    with pytest.raises(UserError) as caught:
        there_and_back(provider, there, **given)
    return caught.value.code


def test_what_is_asked_of_the_provider(provider, there):
    flow, url = depart(provider, hint="ada@harbour.example", to="/o/harbour/")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    digest = base64.urlsafe_b64encode(hashlib.sha256(flow.verifier.encode()).digest()).rstrip(b"=").decode()

    assert url.startswith(f"{there.issuer}/authorize?")
    assert asked["redirect_uri"] == redirect_uri(provider.organisation_id)
    assert asked["redirect_uri"] == (
        f"https://echodepth.example.org/sso/oidc/{provider.organisation_id}/callback/"
    )
    assert (asked["response_type"], asked["scope"]) == ("code", "openid email profile")
    assert (asked["state"], asked["nonce"], asked["login_hint"]) == (
        flow.state,
        flow.nonce,
        "ada@harbour.example",
    )
    assert (asked["code_challenge"], asked["code_challenge_method"]) == (digest, "S256")
    assert "prompt" not in asked
    assert len({flow.state, flow.nonce, flow.verifier, depart(provider)[0].state}) == 4
    assert min(map(len, (flow.state, flow.nonce, flow.verifier))) >= 43


def test_whom_the_provider_names(provider, there):
    there.claims = {"name": "Ada Lovelace"}

    claims = there_and_back(provider, there)

    assert (claims.subject, claims.email, claims.email_verified, claims.name) == (
        "s-1",
        "ada@harbour.example",
        True,
        "Ada Lovelace",
    )
    sent = there.token_requests[0]
    pair = base64.b64decode(sent["authorization"].removeprefix("Basic ")).decode()
    assert pair == f"{CLIENT_ID}:a%20secret%20of%20%25%20%26%2040%20characters%2C%20kept%20encrypted"
    assert "client_secret" not in sent
    assert sent["code_verifier"]


def test_a_provider_that_takes_the_secret_in_the_form(provider, there):
    there.metadata = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}

    there_and_back(provider, there)

    sent = there.token_requests[0]
    assert (sent["client_id"], sent["client_secret"], sent["authorization"]) == (CLIENT_ID, CLIENT_SECRET, "")


@pytest.mark.parametrize("told", [1, "true", "false", None, False])
def test_verified_is_what_is_called_true_and_nothing_else(provider, there, told):
    there.claims = {"email_verified": told}
    there.user_info = {"sub": "s-1", "email_verified": told}

    assert there_and_back(provider, there).email_verified is False


def test_an_address_may_be_told_by_the_other_endpoint(provider, there):
    there.claims = {"email": None, "email_verified": None}
    there.user_info = {"sub": "s-1", "email": "ada@harbour.example", "email_verified": True}

    claims = there_and_back(provider, there)

    assert (claims.email, claims.email_verified) == ("ada@harbour.example", True)


@pytest.mark.parametrize(
    "told",
    [
        {"sub": "s-2", "email": "owner@elsewhere.example", "email_verified": True},
        {"email": "owner@elsewhere.example", "email_verified": True},
        {},
    ],
)
def test_the_other_endpoint_speaks_of_this_subject_or_is_not_heard(provider, there, told):
    there.claims = {"email_verified": None}
    there.user_info = told

    claims = there_and_back(provider, there)

    assert (claims.subject, claims.email, claims.email_verified) == ("s-1", "", False)


def test_verified_in_one_place_says_nothing_of_an_address_in_the_other(provider, there):
    there.claims = {"email": "owner@elsewhere.example", "email_verified": None}
    there.user_info = {"sub": "s-1", "email": "ada@harbour.example", "email_verified": True}

    assert there_and_back(provider, there).email == "ada@harbour.example"


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "of another sign-in"},
        {"aud": "another client"},
        {"exp": 1},
        {"iss": "https://login.elsewhere.example"},
    ],
)
def test_a_token_that_is_not_for_this_sign_in_is_refused(provider, there, claims, caplog):
    there.claims = claims

    assert refused(provider, there) == "sso_token_invalid"
    assert "ID token refused" in caplog.text


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"error": "access_denied"}, "sso_declined"),
        ({"code": ""}, "sso_declined"),
        ({"code": "stolen"}, "sso_code_refused"),
        ({"iss": "https://login.elsewhere.example"}, "sso_token_invalid"),
    ],
)
def test_an_answer_that_is_none(provider, there, more, code):
    assert refused(provider, there, more=more) == code


def test_a_provider_that_says_who_it_is_must_say_it(provider, there):
    there.metadata = {"authorization_response_iss_parameter_supported": True}

    assert refused(provider, there) == "sso_token_invalid"
    assert there_and_back(provider, there, more={"iss": there.issuer}).subject == "s-1"


def test_a_code_is_good_once(provider, there):
    with tenant(provider.organisation_id):
        flow, url = depart(provider)
        _path, answer = there.code_for(url)
        arrive(provider, flow, answer)
        with pytest.raises(UserError) as caught:
            arrive(provider, flow, answer)

    assert caught.value.code == "sso_code_refused"


@pytest.mark.parametrize("ago", [None, "now", 3600])
def test_who_should_sign_in_again_did(provider, there, ago):
    there.claims = {"auth_time": int(time.time()) - ago if isinstance(ago, int) else ago}
    assert refused(provider, there, again=True) == "sso_not_fresh"

    there.claims = {"auth_time": int(time.time())}
    assert there_and_back(provider, there, again=True).subject == "s-1"
    _flow, url = depart(provider, again=True)
    assert "prompt=login&max_age=0" in url


@pytest.mark.parametrize("access", ["a\r\nX-Inside: 1", "ä", 7])
def test_an_access_token_that_cannot_be_sent_is_not(provider, there, access):
    there.claims, there.access_token = {"email": None}, access

    assert there_and_back(provider, there).email == ""
    assert not [asked for asked in there.server.asked if asked.path == "/me"]


@pytest.mark.parametrize("endpoint", ["token_endpoint", "jwks_uri", "userinfo_endpoint"])
def test_a_provider_does_not_send_our_server_to_the_inside(provider, there, endpoint):
    """An issuer outside may still name addresses inside."""
    inside = there.issuer.replace("127.0.0.1", "localhost")
    there.metadata = {endpoint: f"{inside}/inside"}
    there.claims = {"email": None}

    assert refused(provider, there) == "sso_address_private"
    assert not [asked for asked in there.server.asked if asked.path == "/inside"]


def test_a_stolen_code_is_worth_nothing_without_the_verifier(provider, there):
    assert refused(provider, there, changes={"verifier": "another"}) == "sso_code_refused"


def test_a_secret_that_cannot_be_read_is_told(provider, there):
    save(provider, client_secret="gone")

    assert refused(provider, there) == "sso_secret_lost"
