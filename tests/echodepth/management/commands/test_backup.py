"""A running installation is backed up and put back elsewhere, as real processes."""

import hashlib
import os
import re
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing

import pytest

from echodepth.env import BASE_DIR, VARIABLES
from tests.support.postgres import free_port

BEGIN = """
import django
django.setup()
from accounts.models import Organisation, User
from accounts.domain.organisations import create_organisation
user = User.objects.create_user("a@harbour.example", "x" * 20)
print(create_organisation("Harbour Institute", "UTC", by=user).pk)
"""
WORK = """
import sys
from uuid import UUID, uuid4
import django
django.setup()
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.models import Project
from analysis.domain import objects
from analysis.models import Recording
from echodepth.tenancy import tenant
organisation = UUID(sys.argv[1])
with tenant(organisation):
    project = Project.objects.create(organisation_id=organisation, name="P")
    number = 0
    while True:
        row = Recording(organisation_id=organisation, project=project, title=f"T{number}", size=1)
        row.storage_key = default_storage.save(
            objects.recording_key(organisation, row.pk), ContentFile(str(row.pk).encode() * 100)
        )
        with transaction.atomic():
            row.save(force_insert=True)
            record(AuditAction.RECORDING_UPLOADED, row)
        number += 1
        print(number, flush=True)
"""


class Place:
    """A data folder and the commands typed there."""

    def __init__(self, folder):
        names = {variable.name for variable in VARIABLES}
        self.folder = folder
        self.environment = {name: value for name, value in os.environ.items() if name not in names} | {
            "ECHODEPTH_DATA_FOLDER": str(folder),
            "ECHODEPTH_BIND": f"127.0.0.1:{free_port()}",
            "DJANGO_SETTINGS_MODULE": "echodepth.settings",
        }

    def call(self, *command):
        return subprocess.run(
            [sys.executable, *command], env=self.environment, cwd=BASE_DIR, timeout=120,
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    def manage(self, *command):
        done = self.call("manage.py", *map(str, command))
        assert done.returncode == 0, done.stderr
        return done.stdout

    def rows(self):
        """Keys of the recordings."""
        with closing(sqlite3.connect(self.folder / "echodepth.sqlite3")) as database:
            return [key for (key,) in database.execute("SELECT storage_key FROM analysis_recording")]


@pytest.fixture
def working(tmp_path):
    """An installation in which recordings arrive one after another, and audit records with them."""
    place = Place(tmp_path / "here")
    place.manage("migrate", "--verbosity", "0")
    begun = place.call("-c", BEGIN)
    assert begun.returncode == 0, begun.stderr
    process = subprocess.Popen(
        [sys.executable, "-c", WORK, begun.stdout.strip()], env=place.environment, cwd=BASE_DIR,
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    counted = []
    reader = threading.Thread(target=lambda: counted.extend(process.stdout))
    try:
        assert process.stdout.readline()
        reader.start()
        yield place, counted
    finally:
        process.kill()
        process.wait()
        reader.join()
        process.stdout.close()


def test_a_running_installation_is_backed_up_and_stands_elsewhere(working, tmp_path):
    here, counted = working
    before = len(counted)

    told = here.manage("backup", tmp_path / "backup")

    assert len(counted) > before  # others went on writing
    assert "The secret key is in it" in told
    there = Place(tmp_path / "there")
    assert "are back and verified" in there.manage("restore", tmp_path / "backup")
    keys = there.rows()
    assert len(keys) >= before
    for key in keys:
        content = (there.folder / "storage" / key).read_bytes()
        recording = key.split("/")[2]
        assert hashlib.sha256(content).digest() == hashlib.sha256(recording.encode() * 100).digest()
    proof = there.manage("verify_audit")
    assert int(re.search(r"(\d+) records?: holds", proof)[1]) >= len(keys)
    again = there.call("manage.py", "restore", str(tmp_path / "backup"))
    assert again.returncode == 1
    assert "--replace" in again.stderr


def test_where_others_keep_the_data_it_says_by_what_they_do(tmp_path):
    place = Place(tmp_path)
    place.environment["DATABASE_URL"] = "postgres://echodepth:secret-word@127.0.0.1:1/echodepth"

    for command in (["backup", str(tmp_path / "b")], ["restore", str(tmp_path / "b")]):
        done = place.call("manage.py", *command)
        assert done.returncode == 1
        assert "pg_dump" in done.stderr
        assert "secret-word" not in done.stderr
    assert not (tmp_path / "b").exists()
