import sqlite3
from contextlib import closing

import pytest

from echodepth.backups import make as module
from echodepth.backups.installation import BackupError, described, read_manifest
from echodepth.backups.make import make
from tests.echodepth.backups.conftest import name, rows, store


def files_of(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_everything_is_in_it_with_its_checksum(installation, tmp_path):
    target = tmp_path / "backup"

    made = make(installation, target)

    assert rows(target / "echodepth.sqlite3") == [(1,), (2,)]
    assert (target / "storage/one/recordings/2/media").read_bytes() == b"second"
    assert (target / "secret-key").read_text() == "the-key\n"
    assert read_manifest(target) == made
    assert {*made.files} | {"manifest.json"} == {*files_of(target)}
    assert all(described(target / path) == entry for path, entry in made.files.items())


def test_nobody_else_may_read_it(installation, tmp_path):
    (tmp_path / "backup").mkdir(mode=0o755)

    make(installation, tmp_path / "backup")

    assert (tmp_path / "backup").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "backup" / "secret-key").stat().st_mode & 0o777 == 0o600


def test_a_key_that_the_environment_says_is_not_in_it(installation, tmp_path):
    installation.secret_key.unlink()

    assert "secret-key" not in make(installation, tmp_path / "backup").files


def test_a_key_of_an_earlier_time_is_not_in_it(installation, tmp_path, monkeypatch):
    monkeypatch.setenv("ECHODEPTH_SECRET_KEY", "x" * 50)

    made = make(installation, tmp_path / "backup")

    assert "secret-key" not in {*made.files, *files_of(tmp_path / "backup")}


def test_a_folder_that_holds_something_is_left_alone(installation, tmp_path):
    (tmp_path / "mine").write_text("mine")

    with pytest.raises(BackupError, match="not empty"):
        make(installation, tmp_path)

    assert (tmp_path / "mine").read_text() == "mine"
    assert not (tmp_path / "manifest.json").exists()


def test_without_a_database_there_is_nothing_to_back_up(installation, tmp_path):
    installation.database.unlink()

    with pytest.raises(BackupError, match="no database"):
        make(installation, tmp_path / "backup")

    assert not (tmp_path / "backup" / "manifest.json").exists()
    assert not installation.database.exists()


def test_a_damaged_database_is_told(installation, tmp_path):
    content = bytearray(installation.database.read_bytes())
    with closing(sqlite3.connect(installation.database)) as database:
        database.execute("PRAGMA journal_mode=DELETE")
    content = bytearray(installation.database.read_bytes())
    content[4096:4200] = b"\xff" * 104
    installation.database.write_bytes(content)

    with pytest.raises((BackupError, sqlite3.DatabaseError)):
        make(installation, tmp_path / "backup")

    assert not (tmp_path / "backup" / "manifest.json").exists()


def between(monkeypatch, act, *, after=False):
    """Do something between the first look at storage and the database's moment, or right after that."""
    plain = module._snapshot

    def snapshot(database, target):
        if not after:
            act()
        plain(database, target)
        if after:
            act()

    monkeypatch.setattr(module, "_snapshot", snapshot)


def test_what_is_stored_meanwhile_is_there_if_a_row_of_the_copy_names_it(installation, tmp_path, monkeypatch):
    def arrive():
        store(installation, "one/recordings/3/media", b"third")
        store(installation, "one/orphan", b"grown in the meantime")
        with closing(sqlite3.connect(installation.database)) as database:
            name(database, 3)

    between(monkeypatch, arrive)
    target = tmp_path / "backup"
    make(installation, target)

    assert rows(target / "echodepth.sqlite3") == [(1,), (2,), (3,)]
    assert (target / "storage/one/recordings/3/media").read_bytes() == b"third"
    assert (target / "storage/one/orphan").read_bytes() == b"grown in the meantime"


def erase(installation):
    (installation.objects / "one/recordings/1/media").unlink()
    with closing(sqlite3.connect(installation.database)) as database:
        database.execute("DELETE FROM recording WHERE id = 1")
        database.commit()


def test_what_is_erased_before_the_databases_moment_is_not_kept(installation, tmp_path, monkeypatch):
    between(monkeypatch, lambda: erase(installation))
    target = tmp_path / "backup"
    made = make(installation, target)

    assert rows(target / "echodepth.sqlite3") == [(2,)]
    assert "storage/one/recordings/1/media" not in made.files
    assert "storage/one/recordings/1/media" not in files_of(target)


def test_what_is_erased_after_it_stays_with_the_row_that_names_it(installation, tmp_path, monkeypatch):
    between(monkeypatch, lambda: erase(installation), after=True)
    target = tmp_path / "backup"
    make(installation, target)

    assert rows(target / "echodepth.sqlite3") == [(1,), (2,)]
    assert (target / "storage/one/recordings/1/media").read_bytes() == b"first"
    assert rows(installation.database) == [(2,)]
