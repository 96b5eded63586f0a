import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import closing, contextmanager
from io import StringIO

import psutil
import pytest
from django.core.management.base import SystemCheckError

from echodepth.env import BASE_DIR
from echodepth.management.commands.start import Command
from tests.support.postgres import free_port

UP = re.compile(r"EchoDepth is at (?P<address>http://\S+)")


def test_what_must_hold_is_checked_before_anything_is_made(tmp_path, settings):
    file = tmp_path / "file"
    file.touch()
    settings.DATA_FOLDER = file / "data"

    with pytest.raises(SystemCheckError, match=r"echodepth\.E004"):
        Command(stdout=StringIO()).run_from_argv(["manage.py", "start", "--traceback"])


@contextmanager
def started(folder):
    """`manage.py start` with everything of its own below `folder`, until it says where it is."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("ECHODEPTH_")}
    plain.pop("DATABASE_URL", None)
    own = {
        "ECHODEPTH_DEMO": "true",
        "ECHODEPTH_DATA_FOLDER": str(folder),
        "ECHODEPTH_BIND": f"127.0.0.1:{free_port()}",
        "DJANGO_SETTINGS_MODULE": "echodepth.settings",
    }
    command = [sys.executable, BASE_DIR / "manage.py", "start"]
    with subprocess.Popen(
        command, env=plain | own, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        said = []
        try:
            for line in process.stdout:
                said.append(line)
                if UP.search(line):
                    break
            else:
                pytest.fail("".join(said))
            yield process, "".join(said)
        finally:
            process.terminate()


def wait_for_a_sweep(database):
    """Whether a worker has taken a task, of which the first is the sweep."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with closing(sqlite3.connect(database, timeout=20)) as connection:
            if connection.execute("SELECT 1 FROM analysis_workerbeat").fetchone():
                return True
        time.sleep(0.2)
    return False


def stop(process):
    """Ctrl-C; returns the exit status and those of its processes that are still there."""
    family = psutil.Process(process.pid).children(recursive=True)
    process.send_signal(signal.SIGINT)
    code = process.wait(30)
    _gone, left = psutil.wait_procs(family, timeout=3)
    assert family
    return code, left


def test_first_start_opens_the_portal_the_second_makes_nothing_anew_and_ctrl_c_stops_all(tmp_path):
    with started(tmp_path / "var") as (process, said):
        address = UP.search(said)["address"]
        with urllib.request.urlopen(address, timeout=20) as answer:  # noqa: S310 - our own
            page = answer.read().decode()
        assert wait_for_a_sweep(tmp_path / "var" / "echodepth.sqlite3")
        first = stop(process)
        after = process.stdout.read()

    assert re.search(r"password +\S{12,}", said)
    assert "EchoDepth" in page
    assert first == (0, [])
    assert after == "", "the demonstration's terminal is quiet, sweeps and all"

    with started(tmp_path / "var") as (process, said):
        second = stop(process)

    assert "password" not in said
    assert second == (0, [])
