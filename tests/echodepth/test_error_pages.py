import logging

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import connection
from django.test import Client
from django.urls import path

from echodepth import error_pages, urls
from echodepth.errors import UserError, Way

SECRET = "internal detail 4711"


def raises(error):
    @login_not_required
    def view(request):
        raise error

    return view


urlpatterns = [
    path("400/", raises(SuspiciousOperation(SECRET))),
    path("403/", raises(PermissionDenied(SECRET))),
    path("413/", raises(RequestDataTooBig(SECRET))),
    path(
        "help/", raises(UserError("no", "Not so.", 409, heading="Not like this", way=Way("Like this", "/x/")))
    ),
    path("429/", raises(UserError("slow", "Wait.", 429, retry_after=77))),
    path("limit/", login_not_required(error_pages.too_many)),
    path("500/", raises(RuntimeError(SECRET))),
    *urls.urlpatterns,
]
handler400 = "echodepth.error_pages.bad_request"
handler403 = "echodepth.error_pages.permission_denied"
handler404 = "echodepth.error_pages.page_not_found"
handler429 = "echodepth.error_pages.too_many"
handler500 = "echodepth.error_pages.server_error"
pytestmark = pytest.mark.urls(__name__)

HEADINGS = {
    400: "We could not read this request",
    403: "Your role does not allow this",
    404: "There is no such page",
    413: "This is too large",
    500: "Something broke on our side",
}


@pytest.fixture
def calm(client):
    """The client does not raise again what the page is about; the log is not what is looked at."""
    client.raise_request_exception = False
    logging.disable(logging.CRITICAL)
    yield client
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("status", HEADINGS)
def test_each_page_says_what_happened_and_nothing_of_the_inside(calm, status):
    response = calm.get(f"/{status}/")
    page = response.content.decode()

    assert response.status_code == status
    assert f"<h1>{HEADINGS[status]}</h1>" in page
    assert 'href="/"' in page
    assert SECRET not in page
    assert "Traceback" not in page


@pytest.mark.parametrize("status", HEADINGS)
def test_a_script_gets_a_code_and_a_sentence(calm, status):
    response = calm.get(f"/{status}/", headers={"Accept": "application/json"})

    assert response.status_code == status
    assert set(response.json()) >= {"code", "sentence"}
    assert SECRET not in response.content.decode()


def test_the_number_for_support_is_that_of_the_request(calm):
    response = calm.get("/500/")

    assert response.headers["X-Request-ID"] in response.content.decode()


def test_the_page_for_a_failure_asks_no_database(calm):
    """No database mark on this test: a query would raise."""
    assert "Something broke" in calm.get("/500/").content.decode()
    assert not connection.queries_log


def test_a_form_without_its_token_is_told_to_load_again(db):
    response = Client(enforce_csrf_checks=True).post("/account/login/", {"login": "a@example.org"})

    assert response.status_code == 403
    assert "<h1>This page is out of date</h1>" in response.content.decode()


@pytest.mark.parametrize(
    ("before", "shown"),
    [
        ("http://testserver/o/harbour/members/", True),
        ("http://testserver/403/", False),
        ("https://elsewhere.example/", False),
        ("", False),
    ],
)
def test_the_way_back_leads_to_a_page_of_ours(calm, before, shown):
    page = calm.get("/403/", headers={"Referer": before}).content.decode()

    assert (">Back</a>" in page) is shown
    assert "elsewhere" not in page


def test_a_host_that_is_not_ours_gets_a_page_too(calm):
    response = calm.get("/", headers={"Host": "elsewhere.example", "Referer": "http://testserver/"})

    assert response.status_code == 400
    assert "elsewhere" not in response.content.decode()


def test_a_refusal_may_show_what_helps(calm):
    page = calm.get("/help/").content.decode()

    assert "<h1>Not like this</h1>" in page
    assert '<a class="button button--primary" href="/x/">Like this</a>' in page
    assert page.count("button--primary") == 1


@pytest.mark.parametrize(("address", "seconds"), [("/429/", "77"), ("/limit/", "60")])
@pytest.mark.parametrize("accepts", ["text/html", "application/json"])
def test_whoever_tries_too_often_is_told_for_how_long_to_wait(calm, address, seconds, accepts):
    answer = calm.get(address, headers={"Accept": accepts})

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == seconds
    assert "Wait" in answer.content.decode()


def test_what_is_refused_for_good_names_no_time(calm):
    assert "Retry-After" not in calm.get("/help/").headers
