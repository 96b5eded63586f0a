"""How many requests a token may make a minute, counted where all processes see it."""

from time import time
from typing import Protocol, cast
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

MINUTE = 60


class Authenticated(Protocol):
    """What authentication leaves on the request."""

    token_id: UUID | None


class TokenThrottle(BaseThrottle):
    """API_REQUESTS_A_MINUTE for each token and clock minute.

    In the database's cache, requests of the same instant may count as one: this slows programs down, it keeps
    nobody out.
    """

    def allow_request(self, request: Request, view: APIView) -> bool:  # noqa: ARG002 - the framework's signature
        token = cast("Authenticated", request.auth).token_id
        key = f"api:{token}:{int(time() // MINUTE)}"
        if cache.add(key, 1, 2 * MINUTE):
            return True
        try:
            count: int = cache.incr(key)
        except ValueError:  # it expired in between
            return True
        return count <= settings.API_REQUESTS_A_MINUTE

    def wait(self) -> float:
        """Seconds until the next minute."""
        return MINUTE - time() % MINUTE
