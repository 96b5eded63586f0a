"""The only way into the API: `Authorization: Bearer edt_...`."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.request import Request

from accounts.actor import Actor
from accounts.domain.tokens import TokenError, Unusable, use
from accounts.enums import Scope
from accounts.models import User
from echodepth import problems
from echodepth.api.exceptions import RefusedError

KEYWORD = b"bearer"


class TokenAuthentication(BaseAuthentication):
    """`request.auth` becomes the `Actor`, `request.scopes` what the token was made for."""

    def authenticate(self, request: Request) -> tuple[User, Actor] | None:
        """None where there is no such header; RefusedError for a token that opens nothing."""
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != KEYWORD:
            return None
        if len(parts) != 2:
            raise RefusedError(problems.TOKEN_INVALID)
        try:
            token, actor = use(parts[1].decode("latin-1"))
        except TokenError as error:
            expired = error.why == Unusable.EXPIRED
            raise RefusedError(problems.TOKEN_EXPIRED if expired else problems.TOKEN_INVALID) from None
        request.scopes = frozenset(map(Scope, token.scopes))  # type: ignore[attr-defined]
        return actor.user, actor

    def authenticate_header(self, request: Request) -> str:  # noqa: ARG002 - the framework's signature
        return "Bearer"


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:  # noqa: ARG002 - the framework's signature
        return {"type": "http", "scheme": "bearer", "description": "A token of the portal's page API tokens."}
