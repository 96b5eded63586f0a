"""Erasing objects for good: with older versions that a server keeps of them, and what came in parts."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from django.core.files.storage import default_storage

from echodepth.storage.chosen import object_storage, part_store
from echodepth.storage.s3 import Version
from echodepth.storage.verify import listed


@dataclass(frozen=True, slots=True)
class Found:
    """What there is to erase."""

    objects: int = 0
    size: int | None = None
    """Bytes of the newest versions."""
    older: int = 0
    """Versions that lie below the newest ones, or below marks that something was deleted."""


def look(key: str) -> Found:
    """What lies under a key. Raises OSError where storage cannot tell."""
    server = object_storage()
    if server:
        return _told(server.versions(key, exact=True))
    path = Path(default_storage.path(key))
    return Found(1, path.stat().st_size) if path.is_file() else Found()


def look_under(prefix: str, keep: Collection[str] = ()) -> Found:
    """What lies in a folder, at any depth, but the keys to `keep`."""
    server = object_storage()
    if server:
        return _told(one for one in server.versions(f"{prefix}/") if one.key not in keep)
    found = [one for one in listed(f"{prefix}/") if one.key not in keep]
    return Found(len(found), sum(one.size for one in found))


def erase(key: str) -> None:
    """Erase an object and every version of it; one that is gone already is no error. Raises OSError."""
    server = object_storage()
    if server:
        server.purge(key, exact=True)
    elif key:
        default_storage.delete(key)


def erase_under(prefix: str, keep: Collection[str] = ()) -> None:
    """Erase all in a folder with every version, but the keys to `keep`."""
    server = object_storage()
    if server:
        server.purge(f"{prefix}/", keep=keep)
        return
    try:
        folders, files = default_storage.listdir(prefix)
    except (FileNotFoundError, NotADirectoryError):
        return
    for name in files:
        if f"{prefix}/{name}" not in keep:
            default_storage.delete(f"{prefix}/{name}")
    for name in folders:
        erase_under(f"{prefix}/{name}", keep)
    if not any(key.startswith(f"{prefix}/") for key in keep):
        default_storage.delete(prefix)  # an empty folder of a local file system


def abandon_under(prefix: str) -> None:
    """Throw away what was begun there in parts and not finished."""
    for begun in part_store().unfinished(f"{prefix}/"):
        part_store().abandon(begun.key, begun.parts_id)


def _told(versions: Iterable[Version]) -> Found:
    found = list(versions)
    newest = [one for one in found if one.is_newest and not one.is_mark]
    older = [one for one in found if not one.is_newest and not one.is_mark]
    return Found(len(newest), sum(one.size for one in newest), len(older))
