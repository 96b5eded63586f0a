"""Objects in storage: their keys, and how they come and go. Keys begin with the organisation."""

from collections.abc import Callable, Collection
from pathlib import Path
from uuid import UUID

from django.core.files import File
from django.core.files.storage import Storage, default_storage

from echodepth.storage import erasing

CHUNK = 4 * 1024 * 1024


def recording_key(organisation_id: UUID, recording_id: UUID) -> str:
    return f"{organisation_id}/recordings/{recording_id}/media"


def document_key(organisation_id: UUID, document_id: UUID) -> str:
    return f"{organisation_id}/documents/{document_id}/file"


def run_folder(organisation_id: UUID, run_id: UUID) -> str:
    return f"{organisation_id}/runs/{run_id}"


def store(key: str, path: Path) -> str:
    """Copy a local file into storage; the key under which it lies."""
    with path.open("rb") as handle:
        return str(default_storage.save(key, File(handle)))


def local_file(key: str, folder: Path, tick: Callable[[], None]) -> Path:
    """The stored object as a local file: itself where storage is a local folder, else a copy in `folder`.

    `tick` is called after each chunk that is copied. Raises FileNotFoundError when the object is gone.
    """
    if not default_storage.exists(key):
        raise FileNotFoundError(key)
    try:
        return Path(default_storage.path(key))
    except NotImplementedError:
        return _fetch(default_storage, key, folder / "media", tick)


def erase(key: str) -> None:
    """Delete an object with every version of it; one that is already gone is no error."""
    if key:
        erasing.erase(key)


def erase_folder(prefix: str, keep: Collection[str] = ()) -> None:
    """Likewise every object whose key lies under `prefix`, but those with the keys to `keep`."""
    erasing.erase_under(prefix, keep)


def _fetch(storage: Storage, key: str, path: Path, tick: Callable[[], None]) -> Path:
    with storage.open(key, "rb") as source, path.open("wb") as target:
        for chunk in source.chunks(CHUNK):
            target.write(chunk)
            tick()
    return path
