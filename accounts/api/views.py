"""What every address of the API that belongs to an organisation shares."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, cast

from django.core.exceptions import PermissionDenied
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actor import Actor, acting
from accounts.api.authentication import TokenAuthentication
from accounts.domain.entry import check_token_entry
from accounts.domain.viewing import list_read
from accounts.enums import Scope
from accounts.permissions import Action
from echodepth import problems
from echodepth.api.exceptions import RefusedError
from echodepth.api.throttles import TokenThrottle
from echodepth.api.views import ApiView
from echodepth.tenancy import tenant


@dataclass(frozen=True, slots=True)
class Need:
    """What a token must have been made for, and what its owner's role must allow."""

    scope: Scope
    action: Action


READ = Need(Scope.READ, Action.VIEW)


class TokenView(ApiView):
    """Acts as the token's owner inside the token's organisation, until the answer is rendered.

    The scope of the organisation and the actor that the audit trail names are entered right after
    authentication; whatever the address names is then looked up among the organisation's own. Times are UTC.
    """

    authentication_classes = (TokenAuthentication,)
    throttle_classes = (TokenThrottle,)
    needs: ClassVar[Mapping[str, Need]] = {}
    """By method. One that is missing is not allowed."""
    tag: ClassVar[str] = ""
    names: ClassVar[Mapping[str, str]] = {}
    """Operation ids of the schema by method."""
    problems: ClassVar[Mapping[str, Mapping[int, str]]] = {}
    """Further statuses of the schema by method."""

    @property
    def actor(self) -> Actor:
        return cast("Actor", self.request.auth)

    def perform_authentication(self, request: Request) -> None:
        super().perform_authentication(request)
        if not isinstance(request.auth, Actor):
            raise RefusedError(problems.TOKEN_MISSING)
        self.enter(tenant(request.auth.organisation.pk))
        self.enter(acting(request.auth))
        check_token_entry(request.auth)

    def check_permissions(self, request: Request) -> None:
        need = self.needs.get("GET" if request.method == "HEAD" else str(request.method))
        if need is None:
            raise MethodNotAllowed(str(request.method))
        if need.scope not in request.scopes:  # type: ignore[attr-defined]  # set by the authentication
            raise RefusedError(problems.SCOPE_MISSING)
        if not (self.actor.may(Action.USE_TOKENS) and self.actor.may(need.action)):
            raise PermissionDenied


class ListView(TokenView):
    """A list by pages; `rows` gives what is listed."""

    needs: ClassVar[Mapping[str, Need]] = {"GET": READ}
    listed: ClassVar[str] = ""
    """What the audit trail calls the list."""

    def rows(self, **kwargs: Any) -> Any:
        """The rows, filtered, in any order."""
        raise NotImplementedError

    def listed_rows(self, page: list[Any]) -> list[Any]:
        """The page's rows as the serializer wants them."""
        return page

    def answer(self, **kwargs: Any) -> Response:
        """The page that was asked for."""
        page = self.paginate_queryset(self.rows(**kwargs)) or []
        shown = self.get_serializer(self.listed_rows(list(page)), many=True).data
        list_read(self.listed, rows=len(shown))
        return self.get_paginated_response(shown)
