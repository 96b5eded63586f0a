"""A few rounds of the drill; `docs/drills.md` has how many were played, and what came out."""

import os
import subprocess
import sys

import pytest

from echodepth.env import BASE_DIR

SECONDS = 900


@pytest.mark.postgresql
def test_an_erasure_whose_worker_is_killed_ends_complete():
    command = [sys.executable, "-m", "tests.drills.erasure", "--rounds", "3", "--seed", "7"]
    names = ("ECHODEPTH_", "DATABASE_URL", "DJANGO_SETTINGS_MODULE", "PYTEST")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(names)}

    done = subprocess.run(
        command, cwd=BASE_DIR, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
    )

    assert done.stdout.splitlines()[-1:] == ["3 erasures, incomplete 0"], done.stdout + done.stderr[-3000:]
    assert done.returncode == 0
