"""The door to every page of an organisation."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from accounts.access import access_organisation
from accounts.enums import Role
from accounts.models import Membership, Organisation, User
from accounts.permissions import Permissions, at_least
from echodepth.tenancy import tenant


class SignedInRequest(HttpRequest):
    """A request of a person, as views see it that are not marked `login_not_required`."""

    user: User


class OrganisationRequest(SignedInRequest):
    """A request inside an organisation, as views behind `organisation_view` see it."""

    organisation: Organisation
    membership: Membership
    can: Permissions


View = Callable[..., HttpResponseBase]


def organisation_view(role: Role = Role.VIEWER) -> Callable[[View], View]:
    """Decorate a view under `/o/<organisation_slug>/`.

    People who are no members get 404; members below `role` get 403. Its `gate` refuses them in the same way,
    before a body is read.
    The view runs, and its template is rendered, inside the organisation's scope and time zone. A streaming
    answer is read after the scope has ended: it must hold no queries. The view receives the rest of the
    address's parts, without the slug, and is called with an `OrganisationRequest`.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def inner(
            request: OrganisationRequest, *args: Any, organisation_slug: str, **kwargs: Any
        ) -> HttpResponseBase:
            _enter(request, organisation_slug, role)
            zone = ZoneInfo(request.organisation.time_zone)
            with tenant(request.organisation.pk), timezone.override(zone):
                return _finished(view(request, *args, **kwargs))

        def gate(request: OrganisationRequest, *_args: Any, organisation_slug: str, **_kwargs: Any) -> None:
            _enter(request, organisation_slug, role)

        inner.gate = gate  # type: ignore[attr-defined]
        return inner

    return decorate


def _enter(request: OrganisationRequest, slug: str, role: Role) -> None:
    request.organisation, request.membership = access_organisation(request.user, slug)
    request.can = Permissions(request.membership.role)
    if not at_least(request.membership.role, role):
        raise PermissionDenied


def _finished(response: HttpResponseBase) -> HttpResponseBase:
    """Rendered, and kept by no cache unless the view says otherwise: a page is not for the next person."""
    render = getattr(response, "render", None)
    answer: HttpResponseBase = render() if callable(render) else response
    if not answer.has_header("Cache-Control"):
        add_never_cache_headers(answer)
    return answer
