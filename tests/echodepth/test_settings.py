"""The settings as a fresh process reads them: they are settled once a process."""

import json
import os
import subprocess
import sys

import pytest

from echodepth.env import BASE_DIR

HSTS = ("SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD")
COOKIES = (
    "SESSION_COOKIE_NAME",
    "CSRF_COOKIE_NAME",
    "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE",
    "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN",
)
SAY = "import json; from django.conf import settings as s; print(json.dumps([getattr(s, n) for n in {}]))"


def told(*names, **given):
    """The settings of these names, where these variables are on."""
    own = {f"ECHODEPTH_{name}": "true" for name in given}
    plain = {name: value for name, value in os.environ.items() if not name.startswith("ECHODEPTH_HSTS")}
    done = subprocess.run(
        [sys.executable, "-c", SAY.format(names)],
        cwd=BASE_DIR,
        env=plain | own | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, [0, False, False]),
        ({"HTTPS": True}, [31_536_000, False, False]),
        ({"HTTPS": True, "HSTS_SUBDOMAINS": True}, [31_536_000, True, False]),
        ({"HTTPS": True, "HSTS_PRELOAD": True}, [31_536_000, False, True]),
        ({"HSTS_SUBDOMAINS": True, "HSTS_PRELOAD": True}, [0, False, False]),
    ],
)
def test_https_alone_binds_no_other_host(given, expected):
    assert told(*HSTS, **given) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, ["sessionid", "csrftoken", False, False, True]),
        ({"HTTPS": True}, ["__Host-session", "__Host-csrf", True, True, False]),
    ],
)
def test_over_https_nobody_else_can_set_our_cookies(given, expected):
    assert told(*COOKIES, **given) == expected
