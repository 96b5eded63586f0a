"""The suite's own machinery: the skip gate, the database round, the throw-away PostgreSQL."""

import os
import signal
import subprocess
import sys
import time

import psycopg
import pytest

from echodepth.env import BASE_DIR
from tests.support import postgres

pytest_plugins = ["pytester"]

SAMPLE = """
import pytest

def test_runs(): assert True

@pytest.mark.skip(reason="{reason}")
def test_skipped(): raise AssertionError
"""


@pytest.fixture
def suite(pytester, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(BASE_DIR))
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "echodepth.settings")
    for name in ("ECHODEPTH_CI", "ECHODEPTH_TEST_SCOPE"):
        monkeypatch.delenv(name, raising=False)

    def run(source, **environment):
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        pytester.makepyfile(source)
        return pytester.runpytest_subprocess("-p", "tests.support.suite", "-p", "no:cacheprovider")

    return run


def test_in_continuous_integration_a_skip_fails_and_is_named(suite):
    result = suite(SAMPLE.format(reason="no chromium"), ECHODEPTH_CI="1")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*test_skipped: no chromium"])


def test_the_shared_folder_may_be_absent_in_continuous_integration(suite):
    result = suite(SAMPLE.format(reason="shared/ is absent"), ECHODEPTH_CI="1")

    result.assert_outcomes(passed=1, skipped=1)
    assert result.ret == pytest.ExitCode.OK


def test_a_module_skipped_while_collecting_fails_too(suite):
    source = 'import pytest\npytest.importorskip("no_such_module")\n\ndef test_never(): assert False\n'

    assert suite(source, ECHODEPTH_CI="1").ret != pytest.ExitCode.OK


def test_at_a_desk_a_skip_is_a_skip(suite):
    assert suite(SAMPLE.format(reason="no chromium")).ret == pytest.ExitCode.OK


def test_the_database_round_keeps_what_uses_the_database(suite):
    source = """
import pytest

def test_pure(): assert True

@pytest.mark.django_db
def test_marked(): assert True

def test_by_fixture(db): assert True
"""

    result = suite(source, ECHODEPTH_TEST_SCOPE="database", DATABASE_URL="sqlite://:memory:")

    result.assert_outcomes(passed=2, deselected=1)


@pytest.fixture
def programs():
    try:
        return postgres.find_programs()
    except postgres.PostgresMissingError:
        pytest.skip("PostgreSQL's server programs are not installed")


@pytest.mark.usefixtures("programs")
def test_the_server_works_for_its_owner_and_is_gone_afterwards():
    with postgres.server() as url, psycopg.connect(url) as connection:
        row = connection.execute("SELECT current_user, rolsuper FROM pg_roles WHERE rolname = 'echodepth'")
        assert row.fetchone() == ("echodepth", False)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url, connect_timeout=2)


@pytest.mark.usefixtures("programs")
@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_command_and_server(signum):
    script = "import os, time; print(os.environ['DATABASE_URL'], flush=True); time.sleep(60)"
    command = [sys.executable, "-m", "tests.support.postgres", sys.executable, "-c", script]
    with subprocess.Popen(
        command, cwd=BASE_DIR, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        url = process.stdout.readline().strip()
        began = time.monotonic()
        os.killpg(process.pid, signum)
        process.wait(20)

    assert time.monotonic() - began < 20
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url, connect_timeout=2)
