"""The API as a client with a token sees it."""

import json
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import reverse

from accounts.domain import tokens
from accounts.enums import Scope
from accounts.models import Membership
from echodepth.tenancy import tenant
from tests.support.people import actor

EVERY_SCOPE = tuple(Scope)


def token_for(membership: Membership, *scopes: Scope, days: int = 30) -> str:
    """The text of a token with these scopes, or all that the member's role allows."""
    acts = actor(membership)
    with tenant(membership.organisation_id):
        return tokens.issue(acts, "Test", list(scopes or tokens.scopes_for(acts.can)), days)[1]


@dataclass
class Api:
    """Answers are Django's responses; addresses are named as in `api:<name>`."""

    token: str

    def address(self, name: str, *args: object) -> str:
        return reverse(f"api:{name}", args=args)

    def get(self, name: str, /, *args: object, **query: Any) -> Any:
        return self.send("get", self.address(name, *args), query or None)

    def post(self, name: str, *args: object, told: object = None) -> Any:
        return self._told("post", name, args, told)

    def patch(self, name: str, *args: object, told: object = None) -> Any:
        return self._told("patch", name, args, told)

    def put(self, name: str, *args: object, told: object = None) -> Any:
        return self._told("put", name, args, told)

    def delete(self, name: str, *args: object) -> Any:
        return self.send("delete", self.address(name, *args))

    def send(self, method: str, address: str, *args: Any, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return getattr(Client(raise_request_exception=False), method)(address, *args, headers=headers, **more)

    def _told(self, method: str, name: str, args: tuple[object, ...], told: object) -> Any:
        body = "" if told is None else json.dumps(told)
        return self.send(method, self.address(name, *args), body, content_type="application/json")


def problem(response: Any) -> tuple[int, str]:
    """Status and code of a refusal, which is one as the schema has it."""
    assert response["Content-Type"] == "application/problem+json", response.content
    told = response.json()
    assert told["status"] == response.status_code
    assert told["request_id"] == response["X-Request-ID"]
    assert told["title"]
    assert told["detail"]
    return response.status_code, told["code"]
