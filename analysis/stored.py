"""Which objects in storage this app's rows point to."""

import json
from collections.abc import Iterator
from typing import IO
from uuid import UUID

from analysis.enums import UploadState
from analysis.models import Document, Recording, Run, Segment, Upload
from echodepth.storage import registry
from echodepth.storage.registry import Stored

PARQUET = b"PAR1"
"""How a frame table begins and ends."""


def connect() -> None:
    """Called once, when the app is ready."""
    registry.register("recording", recordings)
    registry.register("document", documents)
    registry.register("upload", uploads)
    registry.register("result", results)
    registry.register("frame table", frame_tables)
    registry.register("segment", segments)
    registry.register_unfinished(awaited)


def recordings() -> Iterator[Stored]:
    for key, row_id, size, sha256 in _facts(Recording):
        yield Stored(key, row_id, size, sha256)


def documents() -> Iterator[Stored]:
    for key, row_id, size, sha256 in _facts(Document):
        yield Stored(key, row_id, size, sha256)


def uploads() -> Iterator[Stored]:
    """Where the bytes will lie, or lie while they are looked at; a recording's, once it is one."""
    for key, row_id in Upload.objects.order_by("pk").values_list("storage_key", "pk"):
        yield Stored(key, row_id, required=False)


def results() -> Iterator[Stored]:
    for key, row_id in Run.objects.order_by("pk").values_list("result_key", "pk"):
        yield Stored(key, row_id, is_whole=is_json)


def frame_tables() -> Iterator[Stored]:
    for key, row_id in Run.objects.order_by("pk").values_list("frames_key", "pk"):
        yield Stored(key, row_id, is_whole=is_parquet)


def segments() -> Iterator[Stored]:
    """They go with the run's end, any moment."""
    for key, row_id in Segment.objects.order_by("pk").values_list("spool_key", "pk"):
        yield Stored(key, row_id, required=False)


def awaited() -> Iterator[str]:
    waiting = Upload.objects.filter(state__in=[UploadState.OPEN, UploadState.CHECKING])
    yield from waiting.order_by("pk").values_list("parts_id", flat=True)


def is_json(content: IO[bytes]) -> bool:
    try:
        json.load(content)
    except ValueError:
        return False
    return True


def is_parquet(content: IO[bytes]) -> bool:
    first = content.read(len(PARQUET))
    content.seek(0, 2)
    if content.tell() < 2 * len(PARQUET):
        return False
    content.seek(-len(PARQUET), 2)
    return first == PARQUET == content.read()


def _facts(model: type[Recording | Document]) -> Iterator[tuple[str, UUID, int, str]]:
    rows = model.objects.order_by("pk").values_list("storage_key", "pk", "size", "sha256")
    yield from rows
