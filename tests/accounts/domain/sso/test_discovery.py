import pytest

from accounts.domain.sso.discovery import discover
from echodepth.errors import UserError
from tests.support.oidc import provider


@pytest.fixture
def there(settings):
    settings.SSO_PLAIN_HTTP, settings.SSO_PRIVATE_HOSTS = True, ["127.0.0.1"]
    with provider() as made:
        yield made


def refused(there, **told):
    there.metadata = told
    with pytest.raises(UserError) as caught:
        discover(there.issuer)
    return caught.value


def test_what_a_provider_tells_of_itself(there):
    found = discover(there.issuer)

    assert (found.issuer, found.jwks_uri) == (there.issuer, f"{there.issuer}/keys")
    assert (found.algorithms, found.posts_secret, found.names_issuer) == (("RS256",), False, False)


def test_a_provider_that_wants_the_secret_in_the_form(there):
    there.metadata = {
        "token_endpoint_auth_methods_supported": ["client_secret_post"],
        "authorization_response_iss_parameter_supported": True,
        "userinfo_endpoint": "",
    }

    found = discover(there.issuer)

    assert (found.posts_secret, found.names_issuer, found.userinfo_endpoint) == (True, True, "")


def test_another_issuer_than_the_one_entered_is_named(there):
    error = refused(there, issuer="https://login.elsewhere.example")

    assert error.code == "sso_issuer_differs"
    assert "https://login.elsewhere.example" in str(error.sentence)


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"response_types_supported": ["id_token"]}, "sso_unsupported"),
        ({"id_token_signing_alg_values_supported": ["HS256", "none"]}, "sso_unsupported"),
        ({"token_endpoint": None}, "sso_unsupported"),
        ({"jwks_uri": ["x"]}, "sso_unsupported"),
        ({"authorization_endpoint": "javascript:alert(1)"}, "sso_address_refused"),
        ({"token_endpoint": "file:///etc/passwd"}, "sso_address_refused"),
        ({"userinfo_endpoint": "//inside/"}, "sso_address_refused"),
    ],
)
def test_a_provider_we_cannot_work_with_is_refused(there, told, code):
    assert refused(there, **told).code == code


def test_where_no_provider_is(there):
    with pytest.raises(UserError) as caught:
        discover(f"{there.issuer}/realms/none")
    assert caught.value.code == "sso_no_discovery"
