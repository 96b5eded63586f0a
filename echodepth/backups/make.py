"""Making a backup while the product runs.

Objects are copied, then the database in one moment of its own, then what came into storage in between. An
object is never changed after it was stored and is stored before the row that names it, so every object that
a row of the copy names is there. What was erased meanwhile stays only where a row of the copy names it.
"""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from django.core import signing
from django.utils.translation import gettext as _

from echodepth.backups.installation import (
    DATABASE,
    OBJECTS,
    SECRET_KEY,
    BackupError,
    Entry,
    Installation,
    Manifest,
    copy,
    described,
    objects_in,
)
from echodepth.env import read

KEY_CHECK_SALT = "echodepth.backup"
WAIT_SECONDS = 60.0


def make(here: Installation, target: Path) -> Manifest:
    """Write a backup into a folder that is new or empty; readable for this user alone.

    Raises BackupError where the folder holds something, OSError where it cannot be written.
    """
    target.mkdir(parents=True, exist_ok=True)
    if any(target.iterdir()):
        raise BackupError(_("%(folder)s is not empty: name a new folder.") % {"folder": target})
    target.chmod(0o700)
    kept: dict[str, Entry] = {}
    _copy_objects(here.objects, target / OBJECTS, kept)
    made_at = datetime.now(UTC)
    _snapshot(here.database, target / DATABASE)
    _copy_objects(here.objects, target / OBJECTS, kept)
    _drop_erased(here.objects, target, kept)
    files = {f"{OBJECTS}/{key}": entry for key, entry in kept.items()}
    files[DATABASE] = described(target / DATABASE)
    if not read("ECHODEPTH_SECRET_KEY") and here.secret_key.exists():  # else the file is of an earlier time
        files[SECRET_KEY] = copy(here.secret_key, target / SECRET_KEY)
        (target / SECRET_KEY).chmod(0o600)
    manifest = Manifest(made_at.isoformat(timespec="seconds"), signing.dumps("", salt=KEY_CHECK_SALT), files)
    manifest.write(target)
    return manifest


def _copy_objects(source: Path, target: Path, kept: dict[str, Entry]) -> None:
    """Those that were not copied yet, or that changed since: only what no row names yet can change."""
    for key in objects_in(source):
        try:
            size = (source / key).stat().st_size
            if key not in kept or kept[key].size != size:
                kept[key] = copy(source / key, target / key)
        except FileNotFoundError:
            continue  # erased in this moment


def _snapshot(database: Path, target: Path) -> None:
    """By SQLite's own backup, in one step: others read and write meanwhile, and it sees one moment."""
    if not database.exists():
        raise BackupError(_("There is no database at %(path)s.") % {"path": database})
    with (
        closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=WAIT_SECONDS)) as source,
        closing(sqlite3.connect(target)) as copied,
    ):
        source.backup(copied)
        copied.execute("PRAGMA journal_mode=DELETE")  # one file, without what stands beside it
        if copied.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise BackupError(_("The database is damaged; the copy in %(path)s too.") % {"path": target})


def _drop_erased(source: Path, target: Path, kept: dict[str, Entry]) -> None:
    """What was erased while the backup was made goes from it too, unless a row in it still names it."""
    gone = [key for key in kept if not (source / key).exists()]
    named = _named_keys(target / DATABASE) if gone else set()
    for key in gone:
        if key not in named:
            (target / OBJECTS / key).unlink(missing_ok=True)
            del kept[key]


def _named_keys(database: Path) -> set[str]:
    """Every storage key in the database: what stands in columns whose names end so."""
    found: set[str] = set()
    with closing(sqlite3.connect(database)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            columns = connection.execute("SELECT name FROM pragma_table_info(?)", [table]).fetchall()
            for (column,) in columns:
                if column.endswith("_key"):
                    rows = connection.execute(f'SELECT "{column}" FROM "{table}"')  # noqa: S608 - its own names
                    found.update(str(value) for (value,) in rows)
    return found
