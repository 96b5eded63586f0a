"""A storage that refuses, or does not answer, while a drill wants it to."""

import errno
import time
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import Storage
from django.utils.deconstruct import deconstructible

from echodepth.storage.durable import FileSystemStorage

HANG_SECONDS = 2.0
"""After which a client gives up."""


@deconstructible(path="tests.drills.bent_storage.BentStorage")
class BentStorage(Storage):
    """Kept in a folder, which nobody is told: media must be fetched, as from any object store."""

    def __init__(self, location: str) -> None:
        self._folder = FileSystemStorage(location)

    def _open(self, name: str, mode: str = "rb") -> File:
        return self._reached().open(name, mode)

    def _save(self, name: str, content: Any) -> str:
        folder = self._reached()
        if _bent() == "full":
            raise OSError(errno.ENOSPC, "storage is full")
        return folder._save(name, content)

    def exists(self, name: str) -> bool:
        return self._reached().exists(name)

    def delete(self, name: str) -> None:
        self._reached().delete(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        return self._reached().listdir(path)

    def size(self, name: str) -> int:
        return self._reached().size(name)

    def _reached(self) -> FileSystemStorage:
        how = _bent()
        if how == "refuse":
            raise ConnectionRefusedError(errno.ECONNREFUSED, "storage refuses")
        if how == "hang":
            time.sleep(HANG_SECONDS)
            raise TimeoutError(errno.ETIMEDOUT, "storage does not answer")
        return self._folder


def _bent() -> str:
    file = settings.FOLDER / "storage"
    return file.read_text() if file.exists() else ""
