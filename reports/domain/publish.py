"""From a scored run to its stored PDF; the report's row holds the state, the queue only wakes.

Every change of state is one conditional UPDATE. A worker renders under a claim with an end; once that is
over, or the row is gone, the late worker's file is erased and nothing is written. A report whose worker
died is asked for again by the sweep of `analysis`, which sends `run_scored` once more.
"""

import hashlib
import logging
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from analysis.domain import objects, runs
from analysis.enums import RunState
from analysis.models import Run
from reports.domain.frames import blocks
from reports.domain.requests import report_key, wake
from reports.domain.source import frames_file, report_data
from reports.enums import ReportState
from reports.models import Report
from reports.pdf.appendix import COLUMNS
from reports.pdf.render import render_pdf

logger = logging.getLogger(__name__)

ATTEMPTS = 3
CLAIM = timedelta(minutes=30)
"""Longest time a rendering may take; three hours of recording take a few minutes."""
RENDER_FAILED = "render_failed"


@dataclass(frozen=True, slots=True)
class Claim:
    report_id: UUID
    organisation_id: UUID
    run_id: UUID
    attempt: int
    """From 1; no two claims of a report share it."""


@dataclass(frozen=True, slots=True)
class Rendered:
    key: str
    sha256: str
    pages: int


def make(report_id: UUID) -> None:
    """Render and store a requested report, and close its run; returns at once when another has it.

    A rendering that fails is tried again `ATTEMPTS` times; then the report is failed and the run done all
    the same, with its tables. This is a task's outermost border.
    """
    held = _claim(report_id)
    if held is None:
        return
    try:
        _make(held)
    except Exception:
        logger.exception("report %s, attempt %s", held.report_id, held.attempt)
        _attempt_failed(held)


def _claim(report_id: UUID) -> Claim | None:
    now = timezone.now()
    free = _waiting(report_id).filter(Q(claimed_until=None) | Q(claimed_until__lt=now))
    if not free.update(claimed_until=now + CLAIM, attempts=F("attempts") + 1):
        return None
    report = Report.objects.get(pk=report_id)
    held = Claim(report.pk, report.organisation_id, report.run_id, report.attempts)
    if held.attempt > ATTEMPTS:  # its earlier workers died without a word
        _give_up(held)
        return None
    return held


def _make(held: Claim) -> None:
    run: Run = Run.objects.select_related(
        "recording__project", "recording__subject", "recording__organisation"
    ).get(pk=held.run_id)
    with TemporaryDirectory(prefix="echodepth-report-") as name:
        folder = Path(name)
        rendered = _render(held, run, folder)
    if not _complete(held, rendered):
        objects.erase(rendered.key)


def _render(held: Claim, run: Run, folder: Path) -> Rendered:
    table = frames_file(run, folder)
    target = folder / "report.pdf"
    pages = render_pdf(report_data(run, table), blocks(table, COLUMNS), target)
    with target.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
    key = objects.store(report_key(held.organisation_id, held.report_id, held.attempt), target)
    return Rendered(key, digest, pages)


def _waiting(report_id: UUID) -> "QuerySet[Report]":
    """The report while it is wanted; a run that is cancelled (erasing begins so) wants none."""
    return Report.objects.filter(pk=report_id, state=ReportState.REQUESTED, run__state=RunState.REPORTING)


def _held(held: Claim) -> "QuerySet[Report]":
    return _waiting(held.report_id).filter(attempts=held.attempt)


def _complete(held: Claim, rendered: Rendered) -> bool:
    with transaction.atomic():
        done = _held(held).update(
            state=ReportState.READY,
            error_code="",
            storage_key=rendered.key,
            sha256=rendered.sha256,
            pages=rendered.pages,
            claimed_until=None,
            ready_at=timezone.now(),
        )
        if done:
            runs.finish(held.run_id)
    return bool(done)


def _attempt_failed(held: Claim) -> None:
    if held.attempt >= ATTEMPTS:
        _give_up(held)
        return
    with transaction.atomic():
        if _held(held).update(claimed_until=None):
            wake(held.organisation_id, held.report_id)


def _give_up(held: Claim) -> None:
    """The report is failed; the run is done, and its tables can be had."""
    with transaction.atomic():
        if _held(held).update(state=ReportState.FAILED, error_code=RENDER_FAILED, claimed_until=None):
            runs.finish(held.run_id)
