import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from echodepth.env import BASE_DIR


def test_it_names_the_command_that_there_is():
    with pytest.raises(CommandError, match=r"manage\.py create_platform_admin EMAIL"):
        call_command("createsuperuser")


def test_what_people_type_by_habit_ends_in_one_line(tmp_path):
    done = subprocess.run(
        [sys.executable, "manage.py", "createsuperuser", "--noinput", "--email", "a@example.org"],
        cwd=BASE_DIR,
        env={"ECHODEPTH_DATA_FOLDER": str(tmp_path), "ECHODEPTH_DEMO": "true"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("CommandError: There are no superusers.")
