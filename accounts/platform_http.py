"""The door to the platform's own pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponseBase
from django.utils.cache import add_never_cache_headers

from accounts.domain.sso.session import confined_to
from accounts.enums import PlatformRole
from accounts.http import SignedInRequest, View
from accounts.permissions import STAFF_ROLES

ANY_STAFF = STAFF_ROLES
"""Whom the pages about organisations are for; the sales desk has its own (`accounts.desk_http`)."""


def platform_view(*roles: PlatformRole) -> Callable[[View], View]:
    """Decorate a view under `/platform/` that people of these platform roles may open.

    For everybody else, and for a session that an organisation's own identity provider vouches for, the page
    is not there. It runs in no organisation's scope: what it reads of organisations comes through doors.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def inner(request: SignedInRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.user.platform_role not in roles or confined_to(request) is not None:
                raise Http404
            response = view(request, *args, **kwargs)
            add_never_cache_headers(response)
            return response

        inner.platform_roles = roles  # type: ignore[attr-defined]
        return inner

    return decorate
