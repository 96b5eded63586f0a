"""The pages for what went wrong; none of them tells anything of the inside."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.exceptions import DisallowedHost, RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from echodepth import problems
from echodepth.errors import Text, UserError, Way
from echodepth.http import wants_json
from echodepth.request_id import current


@dataclass(frozen=True, slots=True)
class Problem:
    """What a person is told: `code` never changes once published."""

    code: str
    status: int
    heading: Text
    sentence: Text
    way: Way | None = None
    retry_after: int = 0
    """Seconds; 0 where waiting changes nothing."""


BAD_REQUEST = Problem(
    "bad_request",
    400,
    _("We could not read this request"),
    _("Go back, load the page again and repeat what you did."),
)
FORBIDDEN = Problem(
    "forbidden",
    403,
    _("Your role does not allow this"),
    _("Ask an owner or an admin of the organisation to do it, or to change your role."),
)
NOT_FOUND = Problem(
    "not_found",
    404,
    _("There is no such page"),
    _("The address may be mistyped, or what was here has been deleted or is not shared with you."),
)
TOO_LARGE = Problem(
    "too_large",
    413,
    _("This is too large"),
    _("What you sent is larger than this page accepts. Choose a smaller file and try again."),
)
CSRF = Problem(
    "page_expired",
    403,
    _("This page is out of date"),
    _("Nothing was changed. Go back, load the page again and send the form again. Cookies must be on."),
)
TOO_MANY = Problem(
    "too_many_requests",
    429,
    _("Too many attempts"),
    _("Wait a few minutes, then try again. Nothing was changed."),
    retry_after=60,
)
SERVER_ERROR = Problem(
    "server_error",
    500,
    _("Something broke on our side"),
    _("Nothing you did caused this. Try again in a moment; if it stays, give support the number below."),
)


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The problem as JSON or as a page, whichever the client prefers; in the API as it answers everything."""
    response: HttpResponse
    if problems.is_api(request):
        response = problems.answer(problem.code, problem.status, problem.heading, problem.sentence)
    elif wants_json(request):
        body = {"code": problem.code, "sentence": str(problem.sentence)}
        response = JsonResponse(body, status=problem.status)
    else:
        context = {"problem": problem, "back": _page_before(request)}
        response = HttpResponse(render_to_string("errors/problem.html", context), status=problem.status)
    if problem.retry_after:
        response.headers["Retry-After"] = str(problem.retry_after)
    return response


def _page_before(request: HttpRequest) -> str:
    """The page of ours the person came from; empty where there is none."""
    before = request.headers.get("Referer", "")
    try:
        host = request.get_host()
    except DisallowedHost:
        return ""
    ours = url_has_allowed_host_and_scheme(before, {host}, require_https=request.is_secure())
    reloaded = request.method == "GET" and urlsplit(before).path == request.path
    return before if ours and not reloaded else ""


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400."""
    return answer(request, TOO_LARGE if isinstance(exception, RequestDataTooBig) else BAD_REQUEST)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Django's handler403."""
    return answer(request, FORBIDDEN)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """Django's handler404."""
    return answer(request, NOT_FOUND)


def too_large(request: HttpRequest) -> HttpResponse:
    return answer(request, TOO_LARGE)


def too_many(request: HttpRequest) -> HttpResponse:
    """Allauth's handler429."""
    return answer(request, TOO_MANY)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """Django's CSRF_FAILURE_VIEW."""
    return answer(request, CSRF)


def refusal(request: HttpRequest, error: UserError) -> HttpResponse:
    """A refusal our own code raised."""
    facts = (error.code, error.status, error.heading, error.sentence, error.way, error.retry_after)
    return answer(request, Problem(*facts))


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500; it needs neither database nor session."""
    if problems.is_api(request):
        return problems.answer(
            SERVER_ERROR.code, SERVER_ERROR.status, SERVER_ERROR.heading, SERVER_ERROR.sentence
        )
    if wants_json(request):
        body = {
            "code": SERVER_ERROR.code,
            "sentence": str(SERVER_ERROR.sentence),
            "request_id": current.get(),
        }
        return JsonResponse(body, status=500)
    context = {"problem": SERVER_ERROR, "request_id": current.get()}
    return HttpResponse(render_to_string("errors/problem.html", context), status=500)
