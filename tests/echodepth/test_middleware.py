import json
import uuid

import pytest
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from django.utils import translation
from django.utils.translation import gettext

from echodepth import urls
from echodepth.errors import UserError
from echodepth.logs import ContextFilter
from echodepth.middleware import security_headers
from echodepth.request_id import current
from echodepth.uploads import SMALL_BODY, takes_upload
from tests.factories import UserFactory
from tests.support.bodies import claimed


@login_not_required
def refuses(request):
    raise UserError("quota_spent", "The quota is spent. Delete something first.", status=409)


@login_not_required
def reads(request):
    return HttpResponse(request.read(1))


def private(request):
    return HttpResponse("for people who are signed in")


def gate(request):
    if request.user.email.startswith("viewer"):
        raise PermissionDenied


@login_not_required
def takes(request):
    return reads(request)


takes.gate = gate
takes_upload(takes)


def strangers_gate(request):
    if "known" not in request.GET:
        raise UserError("unknown_here", "Open the link first.", status=404)


strangers_gate.is_for_strangers = True


@login_not_required
def takes_of_strangers(request):
    return reads(request)


takes_of_strangers.gate = strangers_gate
takes_upload(takes_of_strangers)


urlpatterns = [
    path("refuses/", refuses),
    path("small/", reads),
    path("large/", takes),
    path("strangers/", takes_of_strangers),
    path("private/", private),
    *urls.urlpatterns,
]
handler403 = "echodepth.error_pages.permission_denied"
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


def test_every_answer_has_a_number_of_its_own(client):
    numbers = {client.get("/healthz", headers={"X-Request-ID": "mine"}).headers["X-Request-ID"] for _ in "ab"}

    assert len({str(uuid.UUID(number)) for number in numbers}) == 2


def test_the_log_names_the_request_even_after_the_last_middleware(client, caplog):
    caplog.handler.addFilter(ContextFilter())

    number = client.get("/nowhere/").headers["X-Request-ID"]

    assert [record.request_id for record in caplog.records if record.name == "django.request"] == [number]
    assert current.get() == ""


def test_a_page_in_another_language_leaves_nothing_of_it_in_the_thread(client):
    answer = client.get("/de/questions/")

    assert answer.headers["Content-Language"] == "de"
    assert '<html lang="de">' in answer.content.decode()
    assert translation.get_language() == settings.LANGUAGE_CODE
    assert gettext("This field is required.") == "This field is required."


@pytest.mark.parametrize("address", ["/account/login/", "/nowhere/", "/refuses/"])
def test_the_browser_is_bound_on_every_page(client, address):
    headers = client.get(address).headers

    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy == {
        "default-src": "'none'",
        **dict.fromkeys(
            ("script-src", "style-src", "font-src", "connect-src", "media-src", "manifest-src"), "'self'"
        ),
        "img-src": "'self' data:",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    allowed = dict(part.split("=") for part in headers["Permissions-Policy"].split(", "))
    assert {name for name, where in allowed.items() if where != "()"} == {
        "publickey-credentials-create",
        "publickey-credentials-get",
    }
    assert allowed["camera"] == allowed["microphone"] == "()"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_scripts_may_send_to_the_storage_and_nowhere_else_besides(monkeypatch, rf):
    monkeypatch.setenv("ECHODEPTH_S3_BUCKET", "recordings")
    monkeypatch.setenv("ECHODEPTH_S3_ENDPOINT", "http://storage:8333")
    monkeypatch.setenv("ECHODEPTH_S3_PUBLIC_ENDPOINT", "https://files.example.org/s3")

    answer = security_headers(lambda _request: HttpResponse())(rf.get("/"))

    policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    assert policy.pop("connect-src") == "'self' https://files.example.org"
    assert "example" not in str(policy)


def test_a_refusal_is_a_page(client):
    response = client.get("/refuses/")

    assert response.status_code == 409
    assert "The quota is spent. Delete something first." in response.content.decode()


def test_a_refusal_is_json_for_a_script(client):
    response = client.get("/refuses/", headers={"Accept": "application/json"})

    assert response.status_code == 409
    assert json.loads(response.content) == {
        "code": "quota_spent",
        "sentence": "The quota is spent. Delete something first.",
    }


def post(client, address, size):
    return client.post(address, b"x", content_type="application/octet-stream", CONTENT_LENGTH=str(size))


def test_a_body_beyond_the_limit_is_refused(client, settings):
    settings.MAX_UPLOAD_BYTES = 2 * SMALL_BODY
    client.force_login(UserFactory())

    assert post(client, "/small/", SMALL_BODY).content == b"x"
    refused = post(client, "/small/", SMALL_BODY + 1)
    assert refused.status_code == 413
    assert "This is too large" in refused.content.decode()
    assert post(client, "/large/", 2 * SMALL_BODY).content == b"x"
    assert post(client, "/large/", 3 * SMALL_BODY).status_code == 413


def test_a_large_body_is_taken_from_people_who_are_signed_in_alone(client):
    assert post(client, "/large/", SMALL_BODY).content == b"x"
    assert post(client, "/large/", SMALL_BODY + 1).status_code == 413


def test_a_large_body_is_taken_from_strangers_whom_the_gate_knows(client):
    refused = post(client, "/strangers/", SMALL_BODY + 1)

    assert post(client, "/strangers/?known=1", SMALL_BODY + 1).content == b"x"
    assert refused.status_code == 404
    assert "Open the link first." in refused.content.decode()


def test_a_length_that_is_no_number_counts_as_none(client):
    assert post(client, "/small/", "many").content == b""


def test_a_large_body_is_not_read_before_the_gate_was_asked():
    client = Client(enforce_csrf_checks=True)
    client.cookies["csrftoken"] = "a" * 32
    client.force_login(UserFactory(email="viewer@example.org"))

    refused = client.post("/large/", **claimed(SMALL_BODY + 1))

    assert refused.status_code == 403
    assert "Your role does not allow this" in refused.content.decode()
    with pytest.raises(AssertionError, match="was read"):
        client.post("/large/", **claimed(SMALL_BODY))


def test_signed_out_people_are_sent_to_sign_in_and_back(client):
    answer = client.get("/private/?a=1")

    assert answer.status_code == 302
    assert answer.headers["Location"] == "/account/login/?next=/private/%3Fa%3D1"


def test_a_signed_out_script_is_told_in_json(client):
    answer = client.get("/private/", headers={"Accept": "application/json"})

    assert (answer.status_code, answer.json()["code"]) == (401, "signed_out")


def test_people_who_are_signed_in_see_the_page(client):
    client.force_login(UserFactory())

    assert client.get("/private/").content == b"for people who are signed in"
