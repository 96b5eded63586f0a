"""The settings as a fresh process reads them: they are settled once a process."""

import json
import os
import subprocess
import sys

import pytest

from echodepth.env import BASE_DIR

HSTS = ("SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD")
SAY = (
    f"import json; from django.conf import settings as s; print(json.dumps([getattr(s, n) for n in {HSTS}]))"
)


def hsts(**given):
    own = {f"ECHODEPTH_{name}": "true" for name in given}
    plain = {name: value for name, value in os.environ.items() if not name.startswith("ECHODEPTH_HSTS")}
    done = subprocess.run(
        [sys.executable, "-c", SAY],
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
    assert hsts(**given) == expected
