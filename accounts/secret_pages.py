"""Pages that a secret in their address opens, without an account."""

from collections.abc import Callable
from functools import wraps
from typing import Protocol, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts import limits
from accounts.models import Organisation
from echodepth.client_address import address_of
from echodepth.limits import Limit
from echodepth.tenancy import tenant


class Kept(Protocol):
    """What a link leads to."""

    organisation: Organisation
    organisation_id: UUID


Found = TypeVar("Found", bound=Kept)


def secret_page(
    limit: Limit, find: Callable[[str], Found]
) -> Callable[[Callable[[HttpRequest, str, Found], HttpResponse]], Callable[..., HttpResponse]]:
    """Decorate a page of a link: it runs in the scope and time zone of the organisation that gave it.

    `find` gives what lies behind a secret, or raises UserError 404 in the same words whatever the reason;
    such attempts are counted under `limit` by network address. No page may link elsewhere: the address is
    the secret.
    """

    def decorate(view: Callable[[HttpRequest, str, Found], HttpResponse]) -> Callable[..., HttpResponse]:
        @login_not_required
        @never_cache
        @sensitive_post_parameters()
        @wraps(view)
        def inner(request: HttpRequest, token: str) -> HttpResponse:
            place = limit.take(limits.network(address_of(request)))
            found = find(token)
            limit.give_back(place)
            zone = ZoneInfo(found.organisation.time_zone)
            with tenant(found.organisation_id), timezone.override(zone):
                response = view(request, token, found)
            response["X-Robots-Tag"] = "noindex, nofollow"
            return response

        return inner

    return decorate
