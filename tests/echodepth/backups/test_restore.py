import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest
from django.db import connections
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.utils import timezone

from analysis.models import WorkerBeat
from echodepth.backups.installation import BackupError, Installation, described, objects_in
from echodepth.backups.make import make
from echodepth.backups.restore import restore
from tests.echodepth.backups.conftest import rows, store


@pytest.fixture
def backup(installation, tmp_path):
    make(installation, tmp_path / "backup")
    return tmp_path / "backup"


@pytest.fixture
def empty(tmp_path):
    """As a command leaves it that was started on an empty data folder: with a key of its own."""
    home = tmp_path / "there"
    home.mkdir()
    (home / "secret-key").write_text("another-key")
    return Installation(home / "echodepth.sqlite3", home / "storage", home / "secret-key")


def names(installation):
    """In its folder, without what SQLite keeps beside its file."""
    return sorted(
        path.name
        for path in installation.database.parent.iterdir()
        if not path.name.endswith(("-wal", "-shm"))
    )


def contents(installation):
    found = {key: described(installation.objects / key) for key in objects_in(installation.objects)}
    return rows(installation.database), found, installation.secret_key.read_text()


def test_what_was_backed_up_is_there_again(installation, backup, empty, settings):
    restored = restore(empty, backup)

    assert contents(empty) == contents(installation)
    assert restored.set_aside is None
    assert names(empty) == ["echodepth.sqlite3", "secret-key", "storage"]
    assert empty.secret_key.stat().st_mode & 0o777 == 0o600


def test_what_holds_something_is_refused_and_left_as_it_was(installation, backup):
    store(installation, "one/new", b"new")
    before = contents(installation)

    with pytest.raises(BackupError, match="--replace"):
        restore(installation, backup)

    assert contents(installation) == before


def test_storage_alone_is_something_too(backup, empty):
    store(empty, "one/media", b"here")

    with pytest.raises(BackupError, match="--replace"):
        restore(empty, backup)


def test_what_is_replaced_is_set_aside_whole(installation, backup, tmp_path):
    saved = contents(installation)
    store(installation, "one/new", b"new")
    with closing(sqlite3.connect(installation.database)) as database:
        database.execute("DELETE FROM recording")
        database.commit()
    installation.secret_key.write_text("a later key")

    restored = restore(installation, backup, replace=True)

    assert contents(installation) == saved
    aside = restored.set_aside
    assert rows(aside / "echodepth.sqlite3") == []
    assert (aside / "storage/one/new").read_bytes() == b"new"
    assert (aside / "secret-key").read_text() == "a later key"


def test_what_sqlite_kept_beside_the_old_database_does_not_reach_the_new_one(installation, backup):
    writer = sqlite3.connect(installation.database)  # open: its rows are in the file beside
    writer.execute("INSERT INTO recording VALUES (9, '')")
    writer.commit()
    assert installation.database.with_name("echodepth.sqlite3-wal").exists()

    restore(installation, backup, replace=True)
    writer.close()

    assert rows(installation.database) == [(1,), (2,)]


def damaged(backup, how):
    victim = backup / "storage/one/recordings/2/media"
    if how == "changed":
        victim.write_bytes(b"secon!")
    elif how == "missing":
        victim.unlink()
    elif how == "broken off":
        (backup / "manifest.json").unlink()


@pytest.mark.parametrize("how", ["changed", "missing", "broken off"])
@pytest.mark.parametrize("replace", [False, True])
def test_a_damaged_backup_changes_nothing(installation, backup, empty, how, replace):
    damaged(backup, how)
    target = installation if replace else empty
    before = names(target)
    kept = contents(target) if replace else None

    with pytest.raises(BackupError, match=r"whole|damaged"):
        restore(target, backup, replace=replace)

    assert names(target) == before
    assert not replace or contents(target) == kept


def test_a_backup_of_a_newer_version_is_refused(installation, empty, tmp_path):
    with closing(sqlite3.connect(installation.database)) as database:
        database.execute("INSERT INTO django_migrations VALUES ('analysis', '9999_of_the_future')")
        database.execute("INSERT INTO django_migrations VALUES ('gone', '0001_initial')")
        database.commit()
    make(installation, tmp_path / "newer")

    with pytest.raises(BackupError, match=r"analysis\.9999_of_the_future"):
        restore(empty, tmp_path / "newer")

    assert not empty.database.exists()


def test_another_secret_key_is_noticed(installation, empty, tmp_path, settings, monkeypatch):
    installation.secret_key.write_text(settings.SECRET_KEY)
    make(installation, tmp_path / "with")
    assert restore(empty, tmp_path / "with").key_fits

    installation.secret_key.unlink()
    make(installation, tmp_path / "without")
    monkeypatch.setenv("ECHODEPTH_SECRET_KEY", "x" * 50)
    assert not restore(empty, tmp_path / "without", replace=True).key_fits
    monkeypatch.setenv("ECHODEPTH_SECRET_KEY", settings.SECRET_KEY)
    assert restore(installation, tmp_path / "without", replace=True).key_fits


def test_a_key_that_is_set_aside_and_not_in_the_backup_is_noticed(installation, tmp_path):
    key = installation.secret_key.read_text()
    installation.secret_key.unlink()
    make(installation, tmp_path / "without")
    installation.secret_key.write_text(key)

    restored = restore(installation, tmp_path / "without", replace=True)

    assert not restored.key_fits
    assert (restored.set_aside / "secret-key").read_text() == key
    assert rows(installation.database) == [(1,), (2,)]


def seen(installation, workers, ago):
    """A machine's workers as the product notes them."""
    sqlite = DatabaseWrapper(connections["default"].settings_dict | {"NAME": installation.database})
    at = sqlite.ops.adapt_datetimefield_value(timezone.now() - ago)
    with closing(sqlite3.connect(installation.database)) as database:
        table = WorkerBeat._meta.db_table
        database.execute(f"CREATE TABLE {table} (cluster text, seen_at datetime, workers integer)")
        database.execute(f"INSERT INTO {table} VALUES ('one', ?, ?)", [at, workers])  # noqa: S608 - its own name
        database.commit()


def test_nothing_is_restored_under_workers_that_run(installation, backup):
    seen(installation, 2, timedelta(seconds=50))
    before = contents(installation)

    with pytest.raises(BackupError, match="Workers of this installation"):
        restore(installation, backup, replace=True)

    assert contents(installation) == before
    assert not list(installation.database.parent.glob("replaced-*"))


@pytest.mark.parametrize(
    ("workers", "ago"),
    [(2, timedelta(seconds=70)), (2, timedelta(hours=-1)), (0, timedelta(seconds=1))],
)
def test_workers_that_are_gone_stop_no_restoring(installation, backup, workers, ago):
    seen(installation, workers, ago)

    assert restore(installation, backup, replace=True).set_aside


def test_a_database_that_cannot_be_read_stops_no_restoring(installation, backup):
    installation.database.write_bytes(b"damaged" * 1000)

    assert restore(installation, backup, replace=True).set_aside
    assert rows(installation.database) == [(1,), (2,)]
