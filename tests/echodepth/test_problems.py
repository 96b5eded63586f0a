import pytest
from django.test import RequestFactory

from echodepth import error_pages, problems, request_id


def test_codes_are_named_once_and_say_what_to_do():
    codes = [problem.code for problem in problems.PROBLEMS]
    assert len(codes) == len(set(codes))
    assert all(str(problem.heading) and str(problem.sentence).endswith(".") for problem in problems.PROBLEMS)


def test_the_body_is_what_clients_are_promised():
    token = request_id.current.set("f00d")
    told = problems.body(problems.INVALID, {"name": ["Too long."]})
    request_id.current.reset(token)
    assert told == {
        "code": "invalid",
        "title": "Some of what was sent cannot be used",
        "detail": "`errors` says of each field what is wrong with it.",
        "status": 400,
        "request_id": "f00d",
        "errors": {"name": ["Too long."]},
    }
    assert "errors" not in problems.body(problems.NOT_FOUND)


@pytest.mark.parametrize(("path", "kind"), [("/api/v1/x/", problems.CONTENT_TYPE), ("/apiary/", "text/html")])
def test_what_is_refused_beside_a_view_is_a_problem_in_the_api_alone(path, kind):
    response = error_pages.page_not_found(RequestFactory().get(path), Exception())
    assert response.status_code == 404
    assert response["Content-Type"].startswith(kind)


def test_a_failure_of_ours_tells_nothing_of_the_inside():
    response = error_pages.server_error(RequestFactory().get("/api/v1/projects/"))
    assert (response.status_code, response["Content-Type"]) == (500, problems.CONTENT_TYPE)
    assert b"server_error" in response.content


def test_a_code_that_only_pages_have_keeps_its_words():
    response = problems.answer("page_expired", 403, "This page is out of date", "Load it again.")
    assert response.status_code == 403
    assert b"This page is out of date" in response.content
