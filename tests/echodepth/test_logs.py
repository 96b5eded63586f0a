import json
import logging
import sys
from uuid import uuid4

import pytest
from django.contrib.auth.decorators import login_not_required
from django.test import override_settings
from django.urls import path

from echodepth import request_id
from echodepth.logs import ContextFilter, JsonFormatter, LineFormatter, working_on
from echodepth.tenancy import tenant

SECRET = "a-signed-token-of-ours"


def record(message="said", *args, **more):
    made = logging.LogRecord("echodepth", logging.INFO, __file__, 1, message, args, None)
    vars(made).update(more)
    ContextFilter().filter(made)
    return made


def as_json(made):
    return json.loads(JsonFormatter().format(made))


@pytest.fixture
def request_number():
    token = request_id.current.set("1234")
    yield "1234"
    request_id.current.reset(token)


def test_a_line_names_request_run_and_organisation(request_number):
    organisation, run = uuid4(), uuid4()
    with tenant(organisation), working_on(run):
        inside = record("%d frames", 3)
    outside = record()

    found = as_json(inside)
    assert found["message"] == "3 frames"
    assert (found["request_id"], found["tenant_id"], found["run_id"]) == ("1234", str(organisation), str(run))
    assert f"request=1234 tenant={organisation} run={run} 3 frames" in LineFormatter().format(inside)
    assert "run_id" not in as_json(outside)


def test_without_a_request_a_line_says_so():
    assert " request=- said" in LineFormatter().format(record())
    assert "request_id" not in as_json(record())


def test_a_record_may_say_whose_it_is_itself():
    organisation = str(uuid4())

    assert as_json(record(tenant_id=organisation))["tenant_id"] == organisation


def test_times_are_utc():
    said = record()
    said.created = 0

    assert LineFormatter().format(said).startswith("1970-01-01T00:00:00Z INFO echodepth ")
    assert as_json(said)["time"] == "1970-01-01T00:00:00.000Z"


def failed(text):
    try:
        raise ValueError(text)  # noqa: TRY301 - for its traceback
    except ValueError:
        made = record("could not add %s", "ada@harbour.example")
        made.exc_info = sys.exc_info()
        return made


@pytest.mark.parametrize("formatter", [LineFormatter, JsonFormatter])
def test_persons_are_cut_out_of_messages_and_exceptions(formatter):
    text = (
        'not unique "users_email"\nDETAIL:  Key (email)=(ada@harbour.example, Ada Lind) already exists.\nmore'
    )

    line = formatter().format(failed(text))

    assert "could not add [e-mail]" in line
    assert "ValueError" in line
    assert "test_logs.py" in line
    assert "more" in line
    assert "ada@harbour.example" not in line
    assert "Ada Lind" not in line


def test_json_is_one_line_whatever_is_said():
    assert "\n" not in JsonFormatter().format(failed("one\ntwo"))


@login_not_required
def breaks(request, token):
    raise RuntimeError("broken")


urlpatterns = [path("files/<str:token>/", breaks, name="breaks")]


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize(
    ("address", "shown"),
    [
        (f"/files/{SECRET}/", "/files/<str:token>/"),
        (f"/files/{SECRET}/and-more/", "/files/..."),
        (f"/{SECRET}", "/..."),
    ],
)
def test_an_address_is_logged_without_what_it_names(client, caplog, address, shown):
    caplog.handler.addFilter(ContextFilter())
    client.raise_request_exception = False

    client.get(address)

    said = [made.getMessage() for made in caplog.records if made.name == "django.request"]
    assert [line.endswith(f": {shown}") for line in said] == [True]
    assert SECRET not in "".join(JsonFormatter().format(made) for made in caplog.records)
