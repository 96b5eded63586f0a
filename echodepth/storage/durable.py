"""A local folder in which an object is there whole and for good, or is not there: also after a power cut."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.files.storage import filesystem


class FileSystemStorage(filesystem.FileSystemStorage):
    """Writes beside the object's place, to disk, and then gives it its name."""

    def _save(self, name: str, content: Any) -> str:
        folder = Path(self.path(name)).parent
        folder.mkdir(parents=True, exist_ok=True)
        made = folder / f".{uuid4().hex}"
        try:
            _write(made, content.chunks())
            name = self._named(made, name)
        except BaseException:
            made.unlink(missing_ok=True)
            raise
        keep_names(Path(self.path(name)), Path(self.location))
        return name

    def _named(self, made: Path, name: str) -> str:
        """Of two who store under one name at once, the second gets another one."""
        while True:
            target = Path(self.path(name))
            try:
                os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))
            except FileExistsError:
                name = self.get_available_name(name)
                continue
            made.replace(target)
            return name


def keep_names(path: Path, root: Path) -> None:
    """Make the names of a new file and of its folders durable, up to the root."""
    for folder in path.parents:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        if folder == root:
            return


def _write(path: Path, chunks: Iterable[bytes | str]) -> None:
    with path.open("xb") as handle:
        for chunk in chunks:
            handle.write(chunk if isinstance(chunk, bytes) else chunk.encode())
        handle.flush()
        os.fsync(handle.fileno())
