"""`manage.py web` and the container's check of it, as real processes."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from echodepth.env import BASE_DIR, VARIABLES
from tests.support.postgres import free_port


@pytest.fixture
def environment(tmp_path):
    names = {variable.name for variable in VARIABLES}
    port = free_port()
    return {name: value for name, value in os.environ.items() if name not in names} | {
        "ECHODEPTH_DATA_FOLDER": str(tmp_path),
        "ECHODEPTH_BIND": f"127.0.0.1:{port}",
        "ECHODEPTH_BASE_URL": "https://portal.example",
        "ECHODEPTH_ALLOWED_HOSTS": "portal.example",
        "ECHODEPTH_HTTPS": "true",
        "ECHODEPTH_LOG_FORMAT": "json",
        "DJANGO_SETTINGS_MODULE": "echodepth.settings",
    }


def call(environment, *command):
    return subprocess.run(
        [sys.executable, *command], env=environment, cwd=BASE_DIR, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip


def healthcheck(environment):
    return call(environment, "-m", "echodepth.healthcheck")


def wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.2)


def test_it_serves_answers_the_check_and_stops_when_told(environment):
    nobody = healthcheck(environment)
    assert nobody.returncode == 1
    assert "no answer" in nobody.stderr
    assert call(environment, "manage.py", "migrate", "--verbosity", "0").returncode == 0
    assert call(environment, "manage.py", "collectstatic", "--no-input", "--verbosity", "0").returncode == 0

    process = subprocess.Popen(
        [sys.executable, "manage.py", "web"], env=environment, cwd=BASE_DIR, stderr=subprocess.PIPE, text=True
    )
    try:
        wait_for(lambda: healthcheck(environment).returncode == 0)
        request = urllib.request.Request(
            f"http://{environment['ECHODEPTH_BIND']}/readyz", headers={"Host": "portal.example"}
        )
        with pytest.raises(urllib.error.HTTPError) as answered:
            urllib.request.urlopen(request, timeout=20)  # noqa: S310
        assert answered.value.code == 503  # behind HTTPS too, and without workers
        assert b'"database": {"ok": true}' in answered.value.read()
        answered.value.close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    finally:
        process.kill()
        process.wait()
        said = process.stderr.read()
        process.stderr.close()
    assert '"message": "GET readyz 503 in ' in said


def test_without_its_database_it_does_not_start(environment):
    environment["DATABASE_URL"] = "postgres://nobody:secret-word@127.0.0.1:1/nothing"

    done = call(environment, "manage.py", "web")

    assert done.returncode == 1
    assert "secret-word" not in done.stderr
