"""The door to the sales desk's pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase

from accounts import doors
from accounts.http import View, organisation_view
from accounts.models import User
from accounts.permissions import Action


def desk_view(action: Action = Action.VIEW) -> Callable[[View], View]:
    """Decorate a view under `/desk/`: for the platform's people at the desk, in its organisation's scope.

    For everybody else the page is not there, and for everybody where no desk was set up. The view is called
    as one behind `organisation_view` is.
    """

    def decorate(view: View) -> View:
        within = organisation_view(action)(view)

        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return within(request, *args, organisation_slug=_desk(request), **kwargs)

        def gate(request: HttpRequest, *args: Any, **kwargs: Any) -> None:
            within.gate(request, *args, organisation_slug=_desk(request), **kwargs)  # type: ignore[attr-defined]

        inner.gate = gate  # type: ignore[attr-defined]
        inner.action = action  # type: ignore[attr-defined]
        return inner

    return decorate


def _desk(request: HttpRequest) -> str:
    """The slug of the desk's organisation, for who works there; Http404 for everybody else."""
    rows = doors.DESK.open()
    if not rows or not isinstance(request.user, User) or not request.user.works_at_desk:
        raise Http404
    return str(rows[0][1])
