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

    def run(source, *options, **environment):
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        pytester.makepyfile(source)
        return pytester.runpytest_subprocess("-p", "tests.support.suite", "-p", "no:cacheprovider", *options)

    return run


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["alone", "by two processes"])
def test_in_continuous_integration_a_skip_fails_and_is_named(suite, options):
    result = suite(SAMPLE.format(reason="no chromium"), *options, ECHODEPTH_CI="1")

    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*test_skipped: no chromium"])


def test_the_shared_folder_may_be_absent_in_continuous_integration(suite):
    result = suite(SAMPLE.format(reason="shared/ is absent"), ECHODEPTH_CI="1")

    result.assert_outcomes(passed=1, skipped=1)
    assert result.ret == pytest.ExitCode.OK


@pytest.mark.parametrize("options", [(), ("-n", "2")], ids=["alone", "by two processes"])
def test_a_module_skipped_while_collecting_fails_too(suite, options):
    source = 'import pytest\npytest.importorskip("no_such_module")\n\ndef test_never(): assert False\n'

    assert suite(source, *options, ECHODEPTH_CI="1").ret != pytest.ExitCode.OK


def test_a_files_tests_run_in_one_process(suite, pytester):
    told = "import os\nfrom pathlib import Path\nPLACE = Path(__file__).with_suffix('.places')\n"
    body = "with PLACE.open('a') as places: places.write(os.environ['PYTEST_XDIST_WORKER'] + '\\n')"
    source = told + "\n".join(f"def test_{n}():\n    {body}" for n in range(8))
    pytester.makepyfile(test_other=source)

    suite(source, "-n", "2").assert_outcomes(passed=16)

    places = [path.read_text().split() for path in sorted(pytester.path.glob("*.places"))]
    assert [len(place) for place in places] == [8, 8]
    assert [len(set(place)) for place in places] == [1, 1]


def test_at_a_desk_a_skip_is_a_skip(suite):
    assert suite(SAMPLE.format(reason="no chromium")).ret == pytest.ExitCode.OK


def test_the_database_round_keeps_what_uses_the_database(suite):
    source = """
import pytest

def test_pure(): assert True

@pytest.mark.django_db
def test_marked(): assert True

def test_by_fixture(db): assert True

@pytest.fixture
def worlds(db): raise AssertionError("asked for once, in the other round")

def test_of_every_page(worlds): assert False
"""

    result = suite(source, ECHODEPTH_TEST_SCOPE="database", DATABASE_URL="sqlite://:memory:")

    result.assert_outcomes(passed=2, deselected=2)


@pytest.fixture
def programs():
    try:
        return postgres.find_programs()
    except postgres.PostgresMissingError:
        pytest.skip("PostgreSQL's server programs are not installed")


@pytest.mark.usefixtures("programs")
def test_the_server_works_for_its_owner_and_is_gone_afterwards():
    who = "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb FROM pg_roles WHERE rolname = current_user"
    with postgres.server() as place:
        urls = postgres.urls(place)
        for name, role, makes_databases in (
            ("DATABASE_URL", postgres.APPLICATION, False),
            ("ECHODEPTH_OWNER_DATABASE_URL", postgres.OWNER, True),
        ):
            with psycopg.connect(urls[name]) as connection:
                assert connection.execute(who).fetchone() == (role, False, False, makes_databases)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(urls["DATABASE_URL"], connect_timeout=2)


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
