"""The engine runs where Django is not installed."""

import subprocess
import sys

import pytest

from echodepth.env import BASE_DIR
from tests.support.imports import modules

ENGINE = [name for name in modules(BASE_DIR) if f"{name}.".startswith("analysis.engine.")]

SCRIPT = """
import importlib, sys
BLOCKED = {"django", "django_q", "django_scopes", "allauth", "environ", "whitenoise"}

class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in BLOCKED:
            raise ImportError(f"{name} is blocked")

sys.meta_path.insert(0, Blocker())
for name in sys.argv[1:]:
    importlib.import_module(name)
"""


def import_alone(*names):
    command = [sys.executable, "-W", "error", "-c", SCRIPT, *names]
    return subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True, check=False, timeout=120)


def test_every_engine_module_imports_without_django():
    done = import_alone(*ENGINE)

    assert done.returncode == 0, done.stderr
    assert "analysis.engine.types" in ENGINE


@pytest.mark.parametrize("name", ["django.conf", "accounts.enums"])
def test_the_blocker_blocks(name):
    done = import_alone(name)

    assert done.returncode != 0
    assert "is blocked" in done.stderr
