"""Putting a backup back: all of it is copied aside and verified before anything of the installation moves."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core import signing
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from echodepth.backups.installation import (
    DATABASE,
    OBJECTS,
    SECRET_KEY,
    BackupError,
    Installation,
    Manifest,
    copy,
    objects_in,
    read_manifest,
)
from echodepth.backups.make import KEY_CHECK_SALT
from echodepth.env import read

BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite keeps beside its file: it belongs to the old one, and would be read into the new one."""
SEEN_WITHIN = timedelta(minutes=1)
"""Running workers are noted every few seconds; such as are stopped in order are noted as gone."""
AT_WORK = "SELECT count(*) FROM analysis_workerbeat WHERE workers > 0 AND seen_at BETWEEN ? AND ?"
"""Without Django: the database may be an older version's, or damaged, and is then no reason to refuse."""


@dataclass(frozen=True, slots=True)
class Restored:
    manifest: Manifest
    set_aside: Path | None
    """Where what was there before lies now."""
    key_fits: bool
    """Whether the secret key is the one that the backup was made with."""


def restore(here: Installation, source: Path, *, replace: bool = False) -> Restored:
    """Put the backup in `source` in the place of this installation, which must not run.

    Raises BackupError, with nothing changed, where the backup is not whole or newer than the product, the
    installation's workers run, or it holds something and `replace` is not said.
    """
    manifest = read_manifest(source)
    if not replace and _holds_something(here):
        raise BackupError(
            _(
                "%(folder)s holds an installation already. Restore into another ECHODEPTH_DATA_FOLDER, or "
                "say --replace: what is there is then set aside, not deleted."
            )
            % {"folder": here.database.parent}
        )
    _refuse_at_work(here.database)
    home = here.secret_key.parent
    home.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="restoring-", dir=home) as folder:
        staged = Path(folder)
        for name, entry in manifest.files.items():
            _verified(source / name, staged / name, entry)
        _refuse_newer(staged / DATABASE)
        (staged / OBJECTS).mkdir(exist_ok=True)
        aside = _set_aside(here, home) if replace else None
        _move_in(staged, here)
    return Restored(manifest, aside, _key_fits(manifest, here))


def _refuse_at_work(database: Path) -> None:
    """Workers listen on no address: the database that would be replaced says when they were seen."""
    if not database.exists():
        return
    now = datetime.now(UTC).replace(tzinfo=None)
    within = [str(now - SEEN_WITHIN), str(now + SEEN_WITHIN)]  # a later time is a clock's that was wrong
    with (
        suppress(sqlite3.Error),
        closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection,
    ):
        (machines,) = connection.execute(AT_WORK, within).fetchone()
        if machines:
            raise BackupError(
                _(
                    "Workers of this installation were seen within the last minute: stop them before you "
                    "restore a backup. Where they were killed, wait a minute."
                )
            )


def _holds_something(here: Installation) -> bool:
    return here.database.exists() or any(objects_in(here.objects))


def _verified(source: Path, target: Path, expected: object) -> None:
    try:
        found = copy(source, target)
    except FileNotFoundError as error:
        raise BackupError(_("The backup is damaged: %(name)s is missing.") % {"name": source}) from error
    if found != expected:
        raise BackupError(_("The backup is damaged: %(name)s is not what was kept.") % {"name": source})


def _refuse_newer(database: Path) -> None:
    """What a newer version did to the database, this one would not understand."""
    known = MigrationLoader(None).disk_migrations
    ours = {app for app, _name in known}
    with closing(sqlite3.connect(database)) as connection:
        applied = set(connection.execute("SELECT app, name FROM django_migrations"))
    unknown = sorted(f"{app}.{name}" for app, name in applied - set(known) if app in ours)
    if unknown:
        message = _("The backup was made by a newer version (%(name)s): install that one first.")
        raise BackupError(message % {"name": unknown[-1]})


def _parts(here: Installation) -> Iterator[Path]:
    yield here.database
    yield from (here.database.with_name(here.database.name + suffix) for suffix in BESIDE)
    yield here.objects
    yield here.secret_key


def _set_aside(here: Installation, home: Path) -> Path:
    folder = home / f"replaced-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    folder.mkdir(mode=0o700)
    for path in _parts(here):
        if path.exists():
            shutil.move(path, folder / path.name)
    return folder


def _move_in(staged: Path, here: Installation) -> None:
    """The database last: without it, the installation is one that was never begun."""
    if here.objects.exists():
        shutil.rmtree(here.objects)  # empty folders, and parts of uploads that nobody finished
    key = staged / SECRET_KEY
    if key.exists():
        here.secret_key.unlink(missing_ok=True)  # this very command may have made one
        key.chmod(0o600)
        shutil.move(key, here.secret_key)
    shutil.move(staged / OBJECTS, here.objects)
    here.database.parent.mkdir(parents=True, exist_ok=True)
    for path in list(_parts(here))[1:4]:
        path.unlink(missing_ok=True)
    (staged / DATABASE).chmod(0o600)
    shutil.move(staged / DATABASE, here.database)
    os.sync()


def _key_fits(manifest: Manifest, here: Installation) -> bool:
    """By the key that the next start will have: the variable's, else the one that is back in its file."""
    key = read("ECHODEPTH_SECRET_KEY")
    if not key and here.secret_key.exists():
        key = here.secret_key.read_text(encoding="ascii").strip()
    if not key:
        return False  # set aside, and none is in the backup: the next start makes one
    try:
        signing.loads(
            manifest.key_check, key, KEY_CHECK_SALT, fallback_keys=read("ECHODEPTH_SECRET_KEY_FALLBACKS")
        )
    except signing.BadSignature:
        return False
    return True
