"""The whole of `manage.py serve`, as real processes on a database of their own."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import closing, contextmanager
from itertools import cycle, islice
from uuid import UUID

import psutil
import pytest

from echodepth.env import BASE_DIR, VARIABLES
from tests.support import clips
from tests.support.models import FOLDER, real_models
from tests.support.postgres import free_port

FRAMES = 3_500
"""Enough for the analysis to be under way as long as a test looks at it."""
SEED = """
import sys
from pathlib import Path
import django
django.setup()
from django.core.files.uploadedfile import SimpleUploadedFile
from accounts.domain.lawful import declarations
from accounts.models import Organisation, Project, User
from analysis.domain.intake.uploads import receive_recording
from echodepth.tenancy import tenant
organisation = Organisation(name="Acme", slug="acme")
user = User.objects.create_user("a@acme.example", "a long enough password")
with tenant(organisation.pk):
    organisation.save(force_insert=True)
    project = Project.objects.create(organisation=organisation, name="P")
    use = {"purpose": "rendered_people", "setting": "demonstration", "region": "other"}
    declarations.declare(project, user, **use)
    upload = SimpleUploadedFile("long.mp4", Path(sys.argv[1]).read_bytes())
    print(receive_recording(upload, project, user).runs.get().pk)
"""
TIDY = "import django; django.setup(); from analysis.domain.work import workplaces; workplaces.sweep()"
SWEEP = "import django; django.setup(); from analysis.domain.work import sweeps; sweeps.sweep()"


class Installation:
    """A data folder, and the processes that serve it."""

    def __init__(self, folder):
        self.folder = folder
        self.port = free_port()
        names = {variable.name for variable in VARIABLES}
        self.environment = {name: value for name, value in os.environ.items() if name not in names} | {
            "ECHODEPTH_DATA_FOLDER": str(folder),
            "ECHODEPTH_MODELS_FOLDER": str(FOLDER),
            "ECHODEPTH_BIND": f"127.0.0.1:{self.port}",
            "ECHODEPTH_BASE_URL": f"http://127.0.0.1:{self.port}",
            "DJANGO_SETTINGS_MODULE": "echodepth.settings",
            "PYTHONUNBUFFERED": "1",
        }

    def call(self, *command):
        return subprocess.run(
            [sys.executable, *command], env=self.environment, cwd=BASE_DIR, check=True, timeout=120,
            capture_output=True, text=True,
        ).stdout.strip()  # fmt: skip

    def row(self, run_id):
        with closing(sqlite3.connect(self.folder / "echodepth.sqlite3", timeout=20)) as database:
            database.row_factory = sqlite3.Row
            query = "SELECT * FROM analysis_run WHERE id = ?"
            return database.execute(query, [UUID(run_id).hex]).fetchone()

    def change(self, run_id, assignment):
        with closing(sqlite3.connect(self.folder / "echodepth.sqlite3", timeout=20)) as database:
            database.execute(f"UPDATE analysis_run SET {assignment} WHERE id = ?", [UUID(run_id).hex])  # noqa: S608
            database.commit()

    @contextmanager
    def serving(self):
        """The serve process, once it says its address; whatever a test leaves is killed."""
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"], env=self.environment, cwd=BASE_DIR,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        try:
            assert process.stdout.readline() == (
                f"EchoDepth is at http://127.0.0.1:{self.port} (Ctrl-C stops it)\n"
            )
            assert wait_for(lambda: len(descendants(process.pid)) >= 5)
            yield process
        finally:
            process.kill()
            process.wait()
            process.stdout.close()
            for one in _of_folder(self.folder):
                one.kill()


def descendants(pid):
    return psutil.Process(pid).children(recursive=True)


def _of_folder(folder):
    """Processes that serve this data folder."""
    for process in psutil.process_iter():
        try:
            if process.environ().get("ECHODEPTH_DATA_FOLDER") == str(folder):
                yield process
        except (psutil.AccessDenied, psutil.NoSuchProcess, psutil.ZombieProcess):
            continue


def worker_at_work(pid):
    """The worker whose confined child reads the recording."""
    (child,) = [p for p in descendants(pid) if "analysis.confined" in p.cmdline()]
    return child.parent()


def alive(processes):
    return [p for p in processes if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]


def wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return False


@pytest.fixture(scope="module")
def long_clip(tmp_path_factory):
    real_models()
    pictures = list(clips.pictures(30))
    return clips.write(tmp_path_factory.mktemp("clip") / "long.mp4", islice(cycle(pictures), FRAMES), "mpeg4")


@pytest.fixture
def installation(tmp_path):
    made = Installation(tmp_path)
    made.call("manage.py", "migrate", "-v0")
    return made


def is_analysing(installation, run_id, attempt=1):
    row = installation.row(run_id)
    return row["state"] == "analysing" and row["frames_done"] > 0 and row["attempts"] == attempt


def test_it_answers_and_stops_on_ctrl_c_giving_a_running_analysis_back(installation, long_clip):
    run_id = installation.call("-c", SEED, str(long_clip))
    with installation.serving() as serve:
        with urllib.request.urlopen(f"http://127.0.0.1:{installation.port}/healthz", timeout=10) as answer:
            assert json.load(answer) == {"status": "ok"}
        assert wait_for(lambda: is_analysing(installation, run_id))
        family = descendants(serve.pid)
        began = time.monotonic()
        serve.send_signal(signal.SIGINT)
        assert serve.wait(20) == 0
        assert time.monotonic() - began < 9
        assert alive(family) == []
    row = installation.row(run_id)
    assert (row["state"], row["lease"], row["attempts"]) == ("requested", None, 0)


def test_a_run_whose_worker_was_killed_is_taken_again(installation, long_clip):
    run_id = installation.call("-c", SEED, str(long_clip))
    with installation.serving() as serve:
        assert wait_for(lambda: is_analysing(installation, run_id))
        first = installation.row(run_id)["lease"]
        worker_at_work(serve.pid).kill()
        installation.change(run_id, "lease_until = '2020-01-01 00:00:00'")
        installation.call("-c", SWEEP)  # unless the cluster's own, every minute, was quicker
        assert wait_for(lambda: is_analysing(installation, run_id, attempt=2))
        row = installation.row(run_id)
        assert row["lease"] != first
        installation.call("-c", TIDY)
        name = f"{UUID(row['organisation_id'])}.{UUID(row['lease'])}"
        assert [path.name for path in (installation.folder / "work").iterdir()] == [name]


@pytest.mark.skipif(sys.platform != "linux", reason="a killed parent is noticed on Linux only")
def test_nothing_outlives_a_killed_serve_and_its_run_is_given_back(installation, long_clip):
    run_id = installation.call("-c", SEED, str(long_clip))
    with installation.serving() as serve:
        assert wait_for(lambda: is_analysing(installation, run_id))
        family = descendants(serve.pid)
        serve.kill()
        assert wait_for(lambda: alive(family) == [], seconds=20)
    assert installation.row(run_id)["state"] == "requested"


def test_a_dead_web_server_is_started_again(installation):
    with installation.serving() as serve:
        web = next(child for child in psutil.Process(serve.pid).children() if "gunicorn" in child.cmdline())
        web.kill()
        assert wait_for(lambda: _answers(installation.port))
        assert serve.poll() is None


def _answers(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


def test_an_address_that_is_taken_ends_serve_with_a_sentence(installation):
    with installation.serving():
        second = subprocess.run(
            [sys.executable, "manage.py", "serve"], env=installation.environment, cwd=BASE_DIR,
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert second.returncode == 1
    assert f"127.0.0.1:{installation.port} cannot be listened on" in second.stderr
    assert "Traceback" not in second.stderr


TWO_ORGANISATIONS = """
import django
django.setup()
from accounts.models import Organisation
from echodepth.tenancy import tenant
for slug in ("acme", "other"):
    organisation = Organisation(name=slug, slug=slug)
    with tenant(organisation.pk):
        organisation.save(force_insert=True)
"""


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_several_organisations_in_sqlite_are_not_served(installation, command):
    installation.call("-c", TWO_ORGANISATIONS)

    refused = subprocess.run(
        [sys.executable, "manage.py", command], env=installation.environment, cwd=BASE_DIR,
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip

    assert refused.returncode == 1
    assert "(echodepth.E007) Several organisations are kept in SQLite" in refused.stderr
    assert "Traceback" not in refused.stderr
