"""The files a result can be taken away as."""

from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory
from typing import IO

from django.core.files.storage import default_storage
from django.utils.text import slugify

from analysis.engine import frame_table
from analysis.models import Run
from reports.domain.source import frames_file
from reports.models import Report


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of download; `suffix` ends the file's name."""

    suffix: str
    content_type: str


KINDS = {
    "pdf": Kind("report.pdf", "application/pdf"),
    "csv": Kind("frames.csv", "text/csv; charset=utf-8"),
    "parquet": Kind("frames.parquet", "application/vnd.apache.parquet"),
    "json": Kind("result.json", "application/json"),
}


def file_name(run: Run, kind: str) -> str:
    """Such as `interview-report.pdf`; only characters that every system takes."""
    return f"{slugify(run.recording.title) or 'recording'}-{KINDS[kind].suffix}"


def open_file(run: Run, report: Report | None, kind: str) -> IO[bytes]:
    """The export, open for reading; FileNotFoundError where there is none (yet)."""
    if kind == "csv":
        return _csv(run)
    key = {"pdf": report.storage_key if report else "", "parquet": run.frames_key, "json": run.result_key}[
        kind
    ]
    if not key or not default_storage.exists(key):
        raise FileNotFoundError(key)
    opened: IO[bytes] = default_storage.open(key)
    return opened


def _csv(run: Run) -> IO[bytes]:
    """The frame table as CSV in a file that goes when it is closed."""
    written: IO[bytes] = NamedTemporaryFile(prefix="echodepth-", suffix=".csv")  # noqa: SIM115 - the response closes it
    with TemporaryDirectory(prefix="echodepth-csv-") as name:
        frame_table.parquet_to_csv(frames_file(run, Path(name)), Path(written.name))
    return written
