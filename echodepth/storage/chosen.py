"""The storage that this installation has, by its settings."""

from functools import cache
from pathlib import Path

from django.core.files.storage import default_storage, storages

from echodepth.storage.local import LocalParts
from echodepth.storage.parts import PartStore
from echodepth.storage.s3 import ObjectStorage
from echodepth.storage.s3_parts import S3Parts


def object_storage() -> ObjectStorage | None:
    """The S3 server's, where there is one."""
    storage = storages["default"]
    return storage if isinstance(storage, ObjectStorage) else None


def part_store() -> PartStore:
    """How objects come in parts into the default storage."""
    storage = object_storage()
    return _s3_parts(storage) if storage else LocalParts(Path(default_storage.path("")))


@cache
def _s3_parts(storage: ObjectStorage) -> S3Parts:
    return S3Parts(storage)
