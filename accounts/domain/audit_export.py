"""The trail as a file: every field a record's hash is over, with the names beside it."""

import csv
import json
from collections.abc import Iterable, Iterator
from io import StringIO
from itertools import islice
from tempfile import NamedTemporaryFile
from typing import IO

from django.utils.translation import gettext_lazy as _

from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.domain.audit_chain import fields_of
from accounts.domain.audit_lines import Line, lines
from accounts.domain.audit_search import Filters, search
from accounts.models import AuditRecord
from echodepth.errors import UserError

CONTENT_TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl; charset=utf-8"}
MOST = 100_000
"""Records in one file: more would hold a web process for too long."""
CHUNK = 1000
FIELDS = (
    "number",
    "at",
    "action",
    "actor",
    "actor_name",
    "staff_session",
    "staff_reason",
    "token",
    "token_name",
    "address",
    "address_name",
    "target_kind",
    "target",
    "target_name",
    "facts",
    "request_id",
    "id",
    "organisation",
    "previous_hash",
    "hash",
)
"""Columns of the CSV; a line of the JSON has the same keys."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def export(filters: Filters, kind: str) -> IO[bytes]:
    """The records that match, oldest first, in a file that goes when it is closed.

    `kind` is a key of `CONTENT_TYPES`. That it was made is recorded. Raises UserError `too_many_records`.
    """
    found = search(filters)
    if found[MOST:].exists():
        raise UserError(
            "too_many_records",
            _("These are more records than one file takes. Choose a shorter time, and take several files."),
            status=413,
        )
    written: IO[bytes] = NamedTemporaryFile(prefix="echodepth-audit-", suffix=f".{kind}")  # noqa: SIM115 - the answer closes it
    count = 0
    if kind == "csv":
        written.write(_row(FIELDS))
    for row in _rows(found.reverse().iterator(CHUNK)):
        written.write(_row(_cells(row)) if kind == "csv" else _json(row))
        count += 1
    record(AuditAction.AUDIT_EXPORTED, format=kind, records=count, filtered=not filters.is_empty)
    written.seek(0)
    return written


def _rows(records: Iterable[AuditRecord]) -> Iterator[dict[str, object]]:
    waiting = iter(records)
    while chunk := list(islice(waiting, CHUNK)):
        for line in lines(chunk):
            yield as_row(line)


def as_row(line: Line) -> dict[str, object]:
    """One record with the names beside it; a name that was erased is None."""
    told = fields_of(line.record) | {
        "hash": line.record.hash,
        "actor_name": line.who.text if line.who else None,
        "staff_reason": line.staff_reason,
        "token_name": line.token,
        "address_name": line.address.text if line.address else None,
        "target_name": line.target_name,
    }
    return {name: told[name] for name in FIELDS}


def _json(row: dict[str, object]) -> bytes:
    return (json.dumps(row, ensure_ascii=False) + "\n").encode()


def _row(cells: Iterable[str]) -> bytes:
    text = StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue().encode()


def _cells(row: dict[str, object]) -> Iterator[str]:
    """What a person chose may begin as a spreadsheet's formula does: an apostrophe makes it text."""
    for name in FIELDS:
        value = row[name]
        if name == "facts":
            yield json.dumps(value, ensure_ascii=False, sort_keys=True)
            continue
        text = "" if value is None else str(value)
        yield f"'{text}" if text.startswith(_FORMULA) else text
