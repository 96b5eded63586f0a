"""What the API says when it refuses: one JSON object a refusal, as RFC 9457 has it, with a stable code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext_lazy as _

from echodepth import request_id
from echodepth.errors import Text

CONTENT_TYPE = "application/problem+json"
API = "/api/"
"""What the API's addresses begin with."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What a client is told: `code` never changes once published."""

    code: str
    status: int
    heading: Text
    sentence: Text


INVALID = Problem(
    "invalid",
    400,
    _("Some of what was sent cannot be used"),
    _("`errors` says of each field what is wrong with it."),
)
MALFORMED = Problem(
    "malformed", 400, _("The body cannot be read"), _("Send one JSON object, encoded as UTF-8.")
)
BAD_REQUEST = Problem(
    "bad_request", 400, _("The request cannot be read"), _("Look at its address and its headers.")
)
TOKEN_MISSING = Problem(
    "token_missing",
    401,
    _("There is no token"),
    _("Send the header `Authorization: Bearer <token>`. Tokens are made on the portal's page API tokens."),
)
TOKEN_INVALID = Problem(
    "token_invalid",
    401,
    _("This token opens nothing"),
    _("It is mistyped, was revoked, or its owner has left the organisation. Make a new one."),
)
TOKEN_EXPIRED = Problem(
    "token_expired", 401, _("This token has expired"), _("Make a new one on the portal's page API tokens.")
)
FORBIDDEN = Problem(
    "forbidden",
    403,
    _("The role of the token's owner does not allow this"),
    _("Ask an owner or an admin of the organisation to do it, or to change the role."),
)
SCOPE_MISSING = Problem(
    "scope_missing",
    403,
    _("The token was not made for this"),
    _("Make a token with the scope that this operation names."),
)
NOT_FOUND = Problem(
    "not_found",
    404,
    _("There is nothing at this address"),
    _("It may be mistyped, or what was here has been deleted or is not shared with you."),
)
METHOD_NOT_ALLOWED = Problem(
    "method_not_allowed", 405, _("This cannot be done here"), _("The header `Allow` names what can.")
)
NOT_ACCEPTABLE = Problem(
    "not_acceptable",
    406,
    _("There is no answer of the kind you accept"),
    _("Send `Accept: application/json`, or none."),
)
TOO_LARGE = Problem(
    "too_large",
    413,
    _("This is too large"),
    _("What you sent is larger than this address takes."),
)
UNSUPPORTED_MEDIA_TYPE = Problem(
    "unsupported_media_type",
    415,
    _("A body of this kind is not read"),
    _("Send JSON as `application/json`, and a recording's content as `application/octet-stream`."),
)
TOO_MANY_REQUESTS = Problem(
    "too_many_requests",
    429,
    _("Too many requests with this token"),
    _("Wait as many seconds as the header `Retry-After` says, then go on."),
)
SERVER_ERROR = Problem(
    "server_error",
    500,
    _("Something broke on our side"),
    _("Nothing you did caused this. Try again in a moment; if it stays, give support the `request_id`."),
)

PROBLEMS = (
    INVALID,
    MALFORMED,
    BAD_REQUEST,
    TOKEN_MISSING,
    TOKEN_INVALID,
    TOKEN_EXPIRED,
    FORBIDDEN,
    SCOPE_MISSING,
    NOT_FOUND,
    METHOD_NOT_ALLOWED,
    NOT_ACCEPTABLE,
    TOO_LARGE,
    UNSUPPORTED_MEDIA_TYPE,
    TOO_MANY_REQUESTS,
    SERVER_ERROR,
)
_IN_THE_API = {problem.code: problem for problem in PROBLEMS}


def is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith(API)


def body(problem: Problem, errors: Mapping[str, Sequence[str]] | None = None) -> dict[str, Any]:
    """The JSON object; `errors` are sentences by field, where fields are to blame."""
    found = {
        "code": problem.code,
        "title": str(problem.heading),
        "detail": str(problem.sentence),
        "status": problem.status,
        "request_id": request_id.current.get(),
    }
    return found if errors is None else found | {"errors": dict(errors)}


def answer(code: str, status: int, heading: Text, sentence: Text) -> JsonResponse:
    """What is refused before or beside a view, in the API's words where it has some for the code."""
    told = _IN_THE_API.get(code) or Problem(code, status, heading, sentence)
    return JsonResponse(body(told), status=status, content_type=CONTENT_TYPE)
