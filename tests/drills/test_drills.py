"""One round of each drill; `docs/drills.md` has how many were played, and what came out."""

import os
import subprocess
import sys

import pytest

from echodepth.env import BASE_DIR
from tests.drills.every import NAMES
from tests.drills.stage import verdict
from tests.support.models import real_models

SECONDS = 1_800


@pytest.fixture(scope="module")
def played():
    """What the drills printed, played in a process of their own on a stage of their own."""
    real_models()
    command = [sys.executable, "-m", "tests.drills.every", "--seed", "7"]
    names = ("ECHODEPTH_", "DATABASE_URL", "DJANGO_SETTINGS_MODULE", "PYTEST")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(names)}
    return subprocess.run(
        command, cwd=BASE_DIR, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
    )


@pytest.mark.postgresql
@pytest.mark.parametrize("name", NAMES)
def test_a_round_loses_doubles_and_keeps_back_nothing(played, name):
    assert f"{name}: {verdict({})}" in played.stdout.splitlines(), played.stdout + played.stderr[-3000:]


@pytest.mark.postgresql
def test_the_last_line_is_the_judgement_of_all(played):
    assert played.stdout.splitlines()[-1:] == ["lost 0 doubled 0 stuck 0"]
    assert played.returncode == 0
