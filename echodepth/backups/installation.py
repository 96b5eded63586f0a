"""What an installation of the embedded default consists of, and what a backup of it holds."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.utils.translation import gettext as _

DATABASE = "echodepth.sqlite3"
OBJECTS = "storage"
SECRET_KEY = "secret-key"  # noqa: S105 - a file's name
MANIFEST = "manifest.json"
"""Written last: a folder without one is a backup that broke off."""
FORMAT = 1
CHUNK = 1 << 20
LEFT_OUT = "health"
"""What a check of readiness writes; what is hidden is on its way into storage and left out too."""


class BackupError(Exception):
    """It cannot be done; the message says why and what to do, to whoever typed the command."""


@dataclass(frozen=True, slots=True)
class Installation:
    """Where the three things lie that cannot be made anew."""

    database: Path
    objects: Path
    secret_key: Path
    """There only where ECHODEPTH_SECRET_KEY does not say the key."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of a backup."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    made_at: str
    """ISO 8601, in UTC: of the moment whose rows it holds."""
    key_check: str
    """Something signed with the installation's secret key, by which another key is noticed."""
    files: dict[str, Entry]
    """By their paths in the backup."""

    def write(self, folder: Path) -> None:
        text = json.dumps({"format": FORMAT, **asdict(self)}, indent=1, sort_keys=True)
        aside = folder / f"{MANIFEST}.part"
        aside.write_text(text, encoding="utf-8")
        aside.rename(folder / MANIFEST)


def embedded() -> Installation:
    """The installation of these settings; raises BackupError where others keep database or objects."""
    database, storage = settings.DATABASES["default"], settings.STORAGES["default"]
    if not database["ENGINE"].endswith("sqlite3"):
        raise BackupError(
            _(
                "The database is PostgreSQL: back it up with pg_dump and put it back with pg_restore, as a "
                "superuser (docs/operating.md, Backup)."
            )
        )
    if not storage["BACKEND"].endswith(".FileSystemStorage"):
        raise BackupError(
            _(
                "Recordings and reports are in a bucket: keep a second one in step with it by the storage's "
                "own tools, and the database with it (docs/operating.md, Backup)."
            )
        )
    return Installation(
        Path(database["NAME"]), Path(storage["OPTIONS"]["location"]), Path(settings.DATA_FOLDER) / SECRET_KEY
    )


def read_manifest(folder: Path) -> Manifest:
    """Raises BackupError for what is no whole backup of a kind known here."""
    try:
        facts = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        known, files = facts.pop("format"), facts.pop("files")
        if known != FORMAT:
            raise BackupError(_("%(folder)s was made by a newer version.") % {"folder": folder})
        entries = {_inside(name): Entry(**entry) for name, entry in files.items()}
        return Manifest(files=entries, **facts)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        message = _("%(folder)s is no whole backup: it has no readable %(name)s.")
        raise BackupError(message % {"folder": folder, "name": MANIFEST}) from error


def _inside(name: str) -> str:
    """A path that stays in the folder it is put into; else ValueError."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or path.parts[0] not in {DATABASE, OBJECTS, SECRET_KEY}:
        raise ValueError(name)
    return name


def objects_in(folder: Path) -> Iterator[str]:
    """Keys of the objects there, without what is left out."""
    for path in folder.rglob("*"):
        key = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in key.parts)
        if not hidden and key.parts[0] != LEFT_OUT and path.is_file():
            yield key.as_posix()


def copy(source: Path, target: Path) -> Entry:
    """Copy a file with its times, and say what was copied."""
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as reader, target.open("wb") as writer:
        while chunk := reader.read(CHUNK):
            writer.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    return Entry(size, digest.hexdigest())


def described(path: Path) -> Entry:
    with path.open("rb") as handle:
        return Entry(path.stat().st_size, hashlib.file_digest(handle, "sha256").hexdigest())
