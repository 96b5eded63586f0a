import sqlite3
from contextlib import closing

import pytest

from echodepth.backups.installation import Installation


@pytest.fixture
def installation(tmp_path):
    """A small one: a table with two rows that name objects, and one object that nothing names."""
    home = tmp_path / "here"
    made = Installation(home / "echodepth.sqlite3", home / "storage", home / "secret-key")
    store(made, "one/recordings/1/media", b"first")
    store(made, "one/recordings/2/media", b"second")
    store(made, "one/orphan", b"orphan")
    made.secret_key.write_text("the-key\n", encoding="ascii")
    with closing(sqlite3.connect(made.database)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE recording (id integer, storage_key text)")
        database.execute("CREATE TABLE django_migrations (app text, name text)")
        database.execute("INSERT INTO django_migrations VALUES ('analysis', '0001_initial')")
        for number in (1, 2):
            name(database, number)
    return made


def name(database, number):
    database.execute("INSERT INTO recording VALUES (?, ?)", [number, f"one/recordings/{number}/media"])
    database.commit()


def store(installation, key, content):
    path = installation.objects / key
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def rows(path):
    with closing(sqlite3.connect(path)) as database:
        return database.execute("SELECT id FROM recording ORDER BY id").fetchall()
