"""The files a result can be taken away as, each with the statement and whether somebody signed it.

The stored frame table is handed out byte for byte, since the report quotes its hash: it holds the statement,
and the file's name says that it is of a draft.
"""

import json
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory, TemporaryFile
from typing import IO

from django.core.files.storage import default_storage
from django.utils.text import slugify

from accounts.audit_actions import AuditAction
from accounts.domain import audit
from analysis.engine import frame_table
from analysis.engine.statement import STATEMENT
from analysis.models import Run
from echodepth import files
from reports.domain.reviews import is_signed, review_facts
from reports.domain.source import frames_file
from reports.enums import ReviewState
from reports.models import Report
from reports.statement import csv_notes


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


def file_name(run: Run, kind: str, *, signed: bool) -> str:
    """Such as `interview-draft-report.pdf`; only characters that every system takes."""
    title = slugify(run.recording.title) or "recording"
    return f"{title}-{KINDS[kind].suffix}" if signed else f"{title}-draft-{KINDS[kind].suffix}"


def export_link(run: Run, kind: str) -> str:
    """Address of one of `KINDS` for the next minute; raises as `echodepth.files.link` does."""
    address = files.link(link_kind(kind), run.pk)
    audit.record(AuditAction.RESULT_EXPORTED, run, kind=kind)
    return address


def link_kind(kind: str) -> str:
    """As links name it."""
    return f"result.{kind}"


def stored_file(run: Run, report: Report | None, kind: str) -> files.StoredFile:
    """The export; its key is empty where there is none (yet)."""
    pdf = report.storage_key if report and report.is_ready else ""
    key = {"pdf": pdf, "csv": run.frames_key, "parquet": run.frames_key, "json": run.result_key}[kind]
    make = {"csv": partial(_csv, run, report), "json": partial(_json, run, report)}.get(kind)
    name = file_name(run, kind, signed=is_signed(report))
    return files.StoredFile(key, name, KINDS[kind].content_type, make)


def _csv(run: Run, report: Report | None) -> IO[bytes]:
    """The frame table as CSV in a file that goes when it is closed."""
    state = ReviewState.SIGNED if is_signed(report) else ReviewState.DRAFT
    written: IO[bytes] = NamedTemporaryFile(prefix="echodepth-", suffix=".csv")  # noqa: SIM115 - the response closes it
    with TemporaryDirectory(prefix="echodepth-csv-") as name:
        frame_table.parquet_to_csv(frames_file(run, Path(name)), Path(written.name), csv_notes(state))
    return written


def _json(run: Run, report: Report | None) -> IO[bytes]:
    """The stored result behind `statement` and `review`; FileNotFoundError where it is gone.

    Each top-level key of it stands on a line of its own, so it need not be read to be added to.
    """
    written: IO[bytes] = TemporaryFile(prefix="echodepth-")  # noqa: SIM115 - the response closes it
    with default_storage.open(run.result_key) as stored:
        lines = iter(stored)
        written.write(next(lines))
        for key, value in {"statement": STATEMENT, "review": review_facts(report)}.items():
            written.write(f"{json.dumps(key)}: {json.dumps(value)},\n".encode())
        written.writelines(line for line in lines if not line.startswith(b'"statement": '))
    written.seek(0)
    return written
