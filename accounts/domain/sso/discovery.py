"""OpenID Connect discovery: what a provider says of itself, and whether we can work with it."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.domain.sso.outbound import check_address, fetch
from echodepth.errors import UserError

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""With a public key alone: no secret of ours, which an admin typed, ever verifies a token."""


@dataclass(frozen=True, slots=True)
class Metadata:
    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str
    """Empty where the provider has none."""
    algorithms: tuple[str, ...]
    posts_secret: bool
    """Takes the client secret in the form alone, not as HTTP Basic."""
    names_issuer: bool
    """Says with every answer who it is (RFC 9207)."""


def discover(issuer: str) -> Metadata:
    """Ask the provider.

    Raises UserError as `fetch` does, `sso_no_discovery`, `sso_issuer_differs` or `sso_unsupported`.
    """
    check_address(issuer)
    answer = fetch(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
    if answer.status != 200:
        sentence = _(
            "There is no OpenID Connect provider at this issuer: /.well-known/openid-configuration below it "
            "answers with status %(status)s."
        )
        raise UserError("sso_no_discovery", sentence % {"status": answer.status}, 502)
    told = answer.json()
    if told.get("issuer") != issuer:
        sentence = _(
            "The provider calls itself %(issuer)s. Enter the issuer exactly so, down to the last slash."
        )
        raise UserError("sso_issuer_differs", sentence % {"issuer": str(told.get("issuer"))[:200]}, 409)
    return _metadata(told)


def _metadata(told: dict[str, Any]) -> Metadata:
    algorithms = tuple(name for name in ALGORITHMS if name in _names(told, _SIGNING, ["RS256"]))
    if "code" not in _names(told, "response_types_supported", ["code"]) or not algorithms:
        sentence = _(
            "The provider does not offer the authorization code flow with ID tokens signed by a public key "
            "(such as RS256). Turn it on there."
        )
        raise UserError("sso_unsupported", sentence, 409)
    methods = _names(told, "token_endpoint_auth_methods_supported", ["client_secret_basic"])
    return Metadata(
        issuer=told["issuer"],
        authorization_endpoint=_endpoint(told, "authorization_endpoint"),
        token_endpoint=_endpoint(told, "token_endpoint"),
        jwks_uri=_endpoint(told, "jwks_uri"),
        userinfo_endpoint=_endpoint(told, "userinfo_endpoint") if told.get("userinfo_endpoint") else "",
        algorithms=algorithms,
        posts_secret="client_secret_basic" not in methods,
        names_issuer=told.get("authorization_response_iss_parameter_supported") is True,
    )


_SIGNING = "id_token_signing_alg_values_supported"


def _names(told: dict[str, Any], key: str, otherwise: list[str]) -> list[Any]:
    found = told.get(key, otherwise)
    return found if isinstance(found, list) else otherwise


def _endpoint(told: dict[str, Any], name: str) -> str:
    url = told.get(name)
    if not isinstance(url, str):
        sentence = _("The provider does not say where its %(name)s is. Check the address of the issuer.")
        raise UserError("sso_unsupported", sentence % {"name": name}, 409)
    check_address(url)
    return url
