import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions

from echodepth import problems
from echodepth.api.exceptions import RefusedError, by_field, handle
from echodepth.errors import UserError


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (exceptions.ParseError(), 400, "malformed"),
        (exceptions.NotAuthenticated(), 401, "token_missing"),
        (exceptions.PermissionDenied(), 403, "forbidden"),
        (PermissionDenied(), 403, "forbidden"),
        (Http404(), 404, "not_found"),
        (exceptions.MethodNotAllowed("GET"), 405, "method_not_allowed"),
        (exceptions.NotAcceptable(), 406, "not_acceptable"),
        (exceptions.UnsupportedMediaType("text/plain"), 415, "unsupported_media_type"),
        (RefusedError(problems.TOKEN_EXPIRED), 401, "token_expired"),
        (UserError("label_taken", "Taken.", status=409), 409, "label_taken"),
    ],
)
def test_each_refusal_has_its_code(error, status, code):
    response = handle(error, {})
    assert (response.status_code, response.data["code"], response.data["status"]) == (status, code, status)
    assert response.content_type == "application/problem+json"
    assert ("WWW-Authenticate" in response.headers) == (status == 401)


def test_what_nobody_foresaw_is_left_to_break():
    assert handle(ZeroDivisionError(), {}) is None


def test_who_is_too_quick_is_told_when_to_come_back():
    assert handle(exceptions.Throttled(12.1), {}).headers["Retry-After"] == "13"
    late = UserError("too_many_requests", "Wait.", status=429, retry_after=60)
    assert handle(late, {}).headers["Retry-After"] == "60"


def test_wrong_fields_are_named_wherever_they_are():
    detail = exceptions.ValidationError(
        {
            "name": ["Too long.", "Odd."],
            "neutral": {"end": ["Too early."], "non_field_errors": ["No."]},
            "rows": [{}, {"a": ["x"]}],
        }
    ).detail
    assert by_field(detail) == {
        "name": ["Too long.", "Odd."],
        "neutral.end": ["Too early."],
        "neutral": ["No."],
        "rows.a": ["x"],
    }
    assert by_field(exceptions.ValidationError("No object.").detail) == {"general": ["No object."]}
