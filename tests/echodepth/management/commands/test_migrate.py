"""`manage.py migrate` and what follows it, as the commands are typed, on a PostgreSQL of their own."""

import os
import subprocess
import sys

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from echodepth.env import BASE_DIR, VARIABLES
from echodepth.fence import FenceError
from echodepth.management.commands import migrate
from tests.support import postgres


@pytest.fixture
def programs():
    try:
        return postgres.find_programs()
    except postgres.PostgresMissingError:
        pytest.skip("PostgreSQL's server programs are not installed")


def manage(environment, *command):
    plain = {name: value for name, value in os.environ.items() if name not in {one.name for one in VARIABLES}}
    settings = {"DJANGO_SETTINGS_MODULE": "echodepth.settings"}
    return subprocess.run(
        [sys.executable, "manage.py", *command], cwd=BASE_DIR, env=plain | settings | environment,
        capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip


@pytest.mark.usefixtures("programs")
def test_the_owner_migrates_and_the_application_does_all_else(tmp_path):
    with postgres.server() as place:
        urls = postgres.urls(place) | {"ECHODEPTH_DATA_FOLDER": str(tmp_path), "ECHODEPTH_DEMO": "true"}
        daily = {name: value for name, value in urls.items() if name != "ECHODEPTH_OWNER_DATABASE_URL"}

        refused = manage(daily, "migrate", "-v0")
        assert refused.returncode == 1
        assert "Set ECHODEPTH_OWNER_DATABASE_URL" in refused.stderr
        assert "Traceback" not in refused.stderr

        for _time in range(2):
            done = manage(urls, "migrate", "-v0")
            assert (done.returncode, done.stdout) == (0, ""), done.stderr
        for command in (("create_demo",), ("check", "--database", "default")):
            done = manage(daily, *command)
            assert done.returncode == 0, done.stderr
        with psycopg.connect(urls["DATABASE_URL"]) as database:
            owners = "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"
            assert database.execute(owners).fetchall() == [(postgres.OWNER,)]
            assert database.execute("SELECT count(*) FROM accounts_user").fetchone() == (1,)
            assert database.execute("SELECT count(*) FROM accounts_organisation").fetchone() == (0,)

        with psycopg.connect(urls["ECHODEPTH_OWNER_DATABASE_URL"]) as database:
            database.execute("ALTER TABLE accounts_project NO FORCE ROW LEVEL SECURITY")
        assert "(accounts_project)" in manage(daily, "check", "--database", "default").stderr
        assert manage(urls, "migrate", "-v0").returncode == 0  # it is what mends that
        assert manage(daily, "check", "--database", "default").returncode == 0

        as_owner = daily | {"DATABASE_URL": urls["ECHODEPTH_OWNER_DATABASE_URL"]}
        refused = manage(as_owner, "check", "--database", "default")
        assert refused.returncode == 1
        assert "echodepth.E008" in refused.stderr


@pytest.mark.django_db
def test_missing_roles_end_it_with_a_sentence(monkeypatch):
    def without_roles(*_args, **_options):
        raise FenceError("The database has no role echodepth_door")

    monkeypatch.setattr(migrate.migrate.Command, "handle", without_roles)

    with pytest.raises(CommandError, match="no role echodepth_door"):
        call_command("migrate")
    assert connection.settings_dict["USER"] != postgres.OWNER
