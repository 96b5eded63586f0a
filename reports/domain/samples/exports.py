"""Requests as a table for a spreadsheet."""

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import StringIO

from django.utils import timezone

from reports.domain.samples import stages
from reports.models import SampleRequest

FIELDS = (
    *("reference", "state", "stage", "name", "email", "company", "country", "region", "owner", "tags"),
    *("created_at", "confirmed_at", "received_at", "due_on", "overdue", "ended_at", "erase_on"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def table(samples: Iterable[SampleRequest]) -> tuple[str, int]:
    """CSV of the requests of `listing.queue`, with a line of names, and how many requests there are."""
    text, count = StringIO(), 0
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(FIELDS)
    for sample in samples:
        writer.writerow(_cells(sample))
        count += 1
    return text.getvalue(), count


def _cells(sample: SampleRequest) -> Iterator[str]:
    """What a stranger chose may begin as a spreadsheet's formula does: an apostrophe makes it text."""
    told = {
        "stage": stages.stage_of(sample),
        "owner": sample.owner,
        "tags": ", ".join(sample.tags),
        "overdue": "yes" if stages.is_overdue(sample) else "no",
    }
    for name in FIELDS:
        value: object = told[name] if name in told else getattr(sample, name)
        if isinstance(value, datetime):
            value = timezone.localtime(value).isoformat(timespec="seconds")
        text = "" if value is None else str(value)
        yield f"'{text}" if text.startswith(_FORMULA) else text
