"""Storage that is no folder of this machine, as an object store is."""

from typing import Any

from django.core.files.storage import InMemoryStorage, Storage


class RemoteStorage(Storage):
    """Has all that storage must have, and no `path`."""

    def __init__(self) -> None:
        self._kept = InMemoryStorage()

    def _open(self, name: str, mode: str = "rb") -> Any:
        return self._kept.open(name, mode)

    def _save(self, name: str, content: Any) -> str:
        return self._kept.save(name, content)

    def exists(self, name: str) -> bool:
        return self._kept.exists(name)

    def delete(self, name: str) -> None:
        self._kept.delete(name)

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        return self._kept.listdir(path)
