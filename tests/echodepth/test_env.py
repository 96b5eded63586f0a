import os
import subprocess
import sys

import pytest

from echodepth.env import BASE_DIR, VARIABLES, SettingError, caches, database, read


def test_an_unset_and_an_empty_variable_have_their_default(monkeypatch):
    monkeypatch.delenv("ECHODEPTH_WORKERS", raising=False)
    assert read("ECHODEPTH_WORKERS") == 1
    monkeypatch.setenv("ECHODEPTH_WORKERS", "")
    assert read("ECHODEPTH_WORKERS") == 1
    monkeypatch.setenv("ECHODEPTH_WORKERS", " 3 ")
    assert read("ECHODEPTH_WORKERS") == 3


def test_a_value_is_taken_as_it_stands(monkeypatch):
    monkeypatch.setenv("ECHODEPTH_SECRET_KEY", "$HOME#1")

    assert read("ECHODEPTH_SECRET_KEY") == "$HOME#1"


def test_a_secret_is_not_shown(monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", "mysterious://me:hunter2@host/name")

    with pytest.raises(SettingError, match="DATABASE_URL: its value") as caught:
        database(tmp_path / "db")
    assert "hunter2" not in str(caught.value)
    assert {"DATABASE_URL", "ECHODEPTH_SECRET_KEY", "ECHODEPTH_EMAIL_PASSWORD"} <= {
        variable.name for variable in VARIABLES if variable.secret
    }


@pytest.mark.parametrize("url", ["", "postgres://me:pass@host:5432/name"])
def test_the_database_is_sqlite_or_postgresql(monkeypatch, tmp_path, url):
    monkeypatch.setenv("DATABASE_URL", url)

    facts = database(tmp_path / "db.sqlite3")

    assert facts["NAME"] == ("name" if url else str(tmp_path / "db.sqlite3"))


@pytest.mark.parametrize(
    ("name", "value", "wanted"),
    [
        ("ECHODEPTH_BIND", "localhost", "127.0.0.1:8000"),
        ("ECHODEPTH_WORKERS", "x", "whole number"),
        ("ECHODEPTH_HTTPS", "ture", "true or false"),
        ("DATABASE_URL", "postgres", "postgres://"),
        ("ECHODEPTH_DATA_FOLDER", "/dev/null/var", "can be written"),
    ],
)
def test_a_bad_value_ends_the_start_with_one_line(name, value, wanted):
    plain = {key: text for key, text in os.environ.items() if not key.startswith(("ECHODEPTH_", "DATABASE_"))}
    done = subprocess.run(
        [sys.executable, "manage.py", "start"],
        cwd=BASE_DIR,
        env=plain | {"DJANGO_SETTINGS_MODULE": "echodepth.settings", name: value},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    (line,) = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (2, "")
    assert line.startswith(f"{name}: ")
    assert wanted in line


def test_attempts_are_counted_where_all_processes_see_them(monkeypatch):
    monkeypatch.setenv("ECHODEPTH_CACHE_URL", "")
    assert caches()["default"]["LOCATION"] == "echodepth_cache"
    assert caches()["default"]["BACKEND"].endswith("DatabaseCache")

    monkeypatch.setenv("ECHODEPTH_CACHE_URL", "redis://host:6379/1")
    assert caches()["default"] == {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": "redis://host:6379/1",
    }
