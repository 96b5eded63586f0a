"""Which files of this app an organisation takes along when it leaves."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.text import get_valid_filename

from accounts.domain.offboarding.contents import TakenFile, register
from analysis.models import Document, Recording, Run


def connect() -> None:
    """Called once, when the app is ready."""
    register("recording", recordings)
    register("document", documents)
    register("result", results)
    register("frame table", frame_tables)


def recordings(after: UUID | None) -> Iterator[TakenFile]:
    yield from _uploaded("recordings", Recording.objects.all(), after)


def documents(after: UUID | None) -> Iterator[TakenFile]:
    yield from _uploaded("documents", Document.objects.all(), after)


def results(after: UUID | None) -> Iterator[TakenFile]:
    for key, run_id in behind(Run.objects.exclude(result_key=""), after).values_list("result_key", "pk"):
        yield TakenFile(run_id, f"runs/{run_id}/result.json", key)


def frame_tables(after: UUID | None) -> Iterator[TakenFile]:
    for key, run_id in behind(Run.objects.exclude(frames_key=""), after).values_list("frames_key", "pk"):
        yield TakenFile(run_id, f"runs/{run_id}/frames.parquet", key)


def behind(rows: QuerySet[Any], after: UUID | None) -> QuerySet[Any]:
    """In the order of their ids, those behind this one."""
    return (rows.filter(pk__gt=after) if after else rows).order_by("pk")


def _uploaded(folder: str, rows: QuerySet[Any], after: UUID | None) -> Iterator[TakenFile]:
    there = behind(rows.exclude(storage_key=""), after)
    for key, row_id, name in there.values_list("storage_key", "pk", "original_name"):
        yield TakenFile(row_id, f"{folder}/{row_id}/{safe_name(name)}", key)


def safe_name(name: str) -> str:
    """As every system's archiver takes it: a name that somebody chose leads nowhere else."""
    plain = "".join(sign for sign in name if sign not in '/\\:*?"<>|').strip(". ")
    return get_valid_filename(plain) if plain else "file"
