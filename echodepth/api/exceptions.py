"""From an exception of a view to a problem."""

from collections.abc import Iterator, Mapping, Sequence
from math import ceil
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

from echodepth import problems
from echodepth.errors import UserError
from echodepth.problems import Problem

GENERAL = "general"
"""Key in `errors` of what no single field is to blame for."""

KNOWN: tuple[tuple[type[Exception], Problem], ...] = (
    (exceptions.ValidationError, problems.INVALID),
    (exceptions.ParseError, problems.MALFORMED),
    (exceptions.NotAuthenticated, problems.TOKEN_MISSING),
    (exceptions.AuthenticationFailed, problems.TOKEN_INVALID),
    (exceptions.PermissionDenied, problems.FORBIDDEN),
    (PermissionDenied, problems.FORBIDDEN),
    (exceptions.NotFound, problems.NOT_FOUND),
    (Http404, problems.NOT_FOUND),
    (exceptions.MethodNotAllowed, problems.METHOD_NOT_ALLOWED),
    (exceptions.NotAcceptable, problems.NOT_ACCEPTABLE),
    (exceptions.UnsupportedMediaType, problems.UNSUPPORTED_MEDIA_TYPE),
    (exceptions.Throttled, problems.TOO_MANY_REQUESTS),
)


class RefusedError(Exception):
    """A problem of the list, where no exception of the framework's says it."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def handle(error: Exception, _context: Mapping[str, Any]) -> Response | None:
    """The framework's EXCEPTION_HANDLER; None for what nobody foresaw, which becomes a 500."""
    problem = _problem(error)
    if problem is None:
        return None
    errors = by_field(error.detail) if isinstance(error, exceptions.ValidationError) else None
    return Response(
        problems.body(problem, errors) | (error.facts if isinstance(error, UserError) else {}),
        status=problem.status,
        headers=_headers(error, problem),
        content_type=problems.CONTENT_TYPE,
    )


def _problem(error: Exception) -> Problem | None:
    if isinstance(error, RefusedError):
        return error.problem
    if isinstance(error, UserError):
        return Problem(error.code, error.status, error.heading, error.sentence)
    return next((problem for kind, problem in KNOWN if isinstance(error, kind)), None)


def _headers(error: Exception, problem: Problem) -> dict[str, str]:
    headers = {}
    if problem.status == problems.TOKEN_MISSING.status:
        headers["WWW-Authenticate"] = "Bearer"
    seconds = getattr(error, "wait" if isinstance(error, exceptions.Throttled) else "retry_after", 0)
    if seconds:
        headers["Retry-After"] = str(ceil(seconds))
    return headers


def by_field(detail: Any) -> dict[str, list[str]]:
    """Sentences by field; one inside another is named `outer.inner`."""
    found: dict[str, list[str]] = {}
    for name, sentence in _flat(detail, ""):
        found.setdefault(name or GENERAL, []).append(sentence)
    return found


def _flat(detail: Any, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(detail, Mapping):
        for key, inner in detail.items():
            inside = "" if key == "non_field_errors" else str(key)
            yield from _flat(inner, ".".join(part for part in (name, inside) if part))
    elif isinstance(detail, Sequence) and not isinstance(detail, str):
        for inner in detail:
            yield from _flat(inner, name)
    else:
        yield name, str(detail)
