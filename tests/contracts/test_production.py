"""The environment docs/operating.md gives for production: complete, without a warning, and what it binds."""

import os
import re
import runpy
import shlex
import subprocess
import sys

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from echodepth.env import BASE_DIR, VARIABLES
from tests.factories import PASSWORD, UserFactory

HOST = "echodepth.example.org"
BINDING = re.compile(r"(SECURE|SESSION|CSRF|LANGUAGE)_\w+|X_FRAME_OPTIONS|ALLOWED_HOSTS|MESSAGE_STORAGE")
DECIDED = {"DATABASE_URL", "ECHODEPTH_DATA_FOLDER"}
"""What only a real machine has; the test puts its own there."""


def documented():
    """Name -> value, from the page."""
    page = (BASE_DIR / "docs/operating.md").read_text(encoding="utf-8")
    chapter = page.split("\n## In production\n")[1].split("\n## ")[0]
    lines = re.search(r"```sh\n(.*?)```", chapter, re.DOTALL)[1].splitlines()
    return dict(shlex.split(line)[0].split("=", 1) for line in lines)


@pytest.fixture
def environment(tmp_path):
    """This machine's, without any variable of the product but those of the page."""
    own = {variable.name for variable in VARIABLES}
    own.add("DJANGO_ALLOW_ASYNC_UNSAFE")  # the suite's browser sets it for its process
    plain = {name: value for name, value in os.environ.items() if name not in own}
    given = documented() | {"ECHODEPTH_DATA_FOLDER": str(tmp_path)}
    given["DATABASE_URL"] = os.environ.get("DATABASE_URL", "")
    return plain | given | {"DJANGO_SETTINGS_MODULE": "echodepth.settings"}


def check(environment):
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(
        command, cwd=BASE_DIR, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    return done.returncode, done.stdout + done.stderr


def test_the_page_names_variables_that_are_there():
    assert set(documented()) <= {variable.name for variable in VARIABLES}
    assert set(documented()) >= DECIDED


def test_check_deploy_has_nothing_to_say(environment):
    assert check(environment) == (0, "System check identified no issues (0 silenced).\n")


def test_without_them_it_has(environment):
    """So that the test above tells something."""
    for name in documented().keys() - DECIDED:
        del environment[name]

    status, said = check(environment)

    assert status == 1
    told = set(re.findall(r"\((\w+\.[WE]\d+)\)", said))
    assert told >= {"security.W004", "security.W008", "security.W012", "security.W016", "echodepth.W002"}


@pytest.fixture
def production(monkeypatch, environment):
    """The settings that bind browsers, as the page's environment makes them."""
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    settings = runpy.run_path(str(BASE_DIR / "echodepth/settings.py"))
    with override_settings(**{name: value for name, value in settings.items() if BINDING.fullmatch(name)}):
        yield Client(HTTP_HOST=HOST)


def test_plain_http_is_sent_to_https(production):
    answer = production.get("/account/login/?next=/")

    assert (answer.status_code, answer.url) == (301, f"https://{HOST}/account/login/?next=/")


def test_browsers_are_told_to_use_nothing_else_for_a_year(production, db):
    headers = production.get("/account/login/", secure=True).headers

    assert headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"


def test_another_host_is_not_answered(production):
    assert production.get("/healthz", secure=True, HTTP_HOST="evil.example").status_code == 400


def test_cookies_are_for_this_host_over_https_and_for_no_script(production, db):
    user = UserFactory()
    production.get("/account/login/", secure=True)
    answer = production.post(
        reverse("account_login"), {"login": user.email, "password": PASSWORD}, secure=True
    )

    assert answer.status_code == 302
    assert len(production.cookies) >= 2
    for name, cookie in production.cookies.items():
        facts = (cookie["secure"], cookie["httponly"], cookie["samesite"], cookie["domain"], cookie["path"])
        assert facts == (True, True, "Lax", "", "/"), name
    assert {"__Host-session", "__Host-csrf"} <= set(production.cookies)


def test_a_proxy_that_speaks_https_is_believed(production, db):
    answer = production.get("/account/login/", HTTP_X_FORWARDED_PROTO="https")

    assert answer.status_code == 200
    assert "Strict-Transport-Security" in answer.headers
