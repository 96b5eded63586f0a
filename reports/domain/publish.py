"""From a scored run to its stored PDF; the report's row holds the state, the queue only wakes.

Every change of state is one conditional UPDATE. A worker renders under a claim that it renews; once that is
over, or the row is gone, the late worker's file is erased and nothing is written. A report whose worker
died, or whom storage refused, is asked for again by the sweep of `analysis`, which sends `run_scored` once
more. A report that was signed is rendered once more, with the signature in it, and takes the draft's place;
so does a draft whose titles changed since, before anybody signs it.
"""

import hashlib
import logging
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from analysis.domain import objects, retention
from analysis.domain.work import leases, runs, workplaces
from analysis.domain.work.heartbeat import Renewal
from analysis.domain.work.interrupt import stop_asked
from analysis.enums import RunState
from analysis.models import Run
from reports.domain.facts import draft_source
from reports.domain.frames import blocks
from reports.domain.requests import free, report_folder, report_key, wake
from reports.domain.source import frames_file, report_data
from reports.enums import ReportState
from reports.models import Report
from reports.pdf.appendix import COLUMNS
from reports.pdf.render import render_pdf

logger = logging.getLogger(__name__)

ATTEMPTS = 3
RENDER_FAILED = "render_failed"


@dataclass(frozen=True, slots=True)
class Claim:
    report_id: UUID
    organisation_id: UUID
    run_id: UUID
    attempt: int
    """From 1; no two claims of a report share it."""
    tries: int
    """Claims that count, this one included: those that were given back do not."""


@dataclass(frozen=True, slots=True)
class Rendered:
    key: str
    sha256: str
    pages: int
    source: str


def make(report_id: UUID) -> None:
    """Render and store a requested report, and close its run; returns at once when another has it.

    Also when the worker must stop: the next workers ask for it again when they start.

    A rendering that fails is tried again `ATTEMPTS` times; then the report is failed and the run done all
    the same, with its tables. This is a task's outermost border.
    """
    held = None if stop_asked.is_set() else _claim(report_id)
    if held is None:
        return
    try:
        with Renewal(held, lambda: _held(held).update(claimed_until=leases.until()), lambda: _release(held)):
            _make(held)
    except Exception as error:
        logger.exception("report %s, attempt %s", held.report_id, held.attempt)
        later = isinstance(error, (OSError, *leases.AWAY))
        leases.patiently(lambda: _attempt_failed(held, later=later))


def _claim(report_id: UUID) -> Claim | None:
    waiting = _waiting(report_id).filter(free())
    if not waiting.update(claimed_until=leases.until(), attempts=F("attempts") + 1):
        return None
    report = Report.objects.get(pk=report_id)
    tries = report.attempts - report.released
    held = Claim(report.pk, report.organisation_id, report.run_id, report.attempts, tries)
    if tries > ATTEMPTS:  # its earlier workers died without a word
        _give_up(held)
        return None
    return held


def _make(held: Claim) -> None:
    run: Run = Run.objects.select_related(
        "recording__project", "recording__subject", "recording__organisation"
    ).get(pk=held.run_id)
    with workplaces.passing("report") as folder:
        rendered = _render(held, run, folder)
    if leases.patiently(lambda: _complete(held, rendered) or _kept(held, rendered)):
        _clear_up(held, rendered.key)
    else:
        objects.erase(rendered.key)


def _render(held: Claim, run: Run, folder: Path) -> Rendered:
    table = frames_file(run, folder)
    source = draft_source(run)
    target = folder / "report.pdf"
    pages = render_pdf(report_data(run, table), blocks(table, COLUMNS), target)
    with target.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
    key = objects.store(report_key(held.organisation_id, held.report_id, held.attempt), target)
    return Rendered(key, digest, pages, source)


def _waiting(report_id: UUID) -> "QuerySet[Report]":
    """The report while it is wanted: its run waits for it, or is done and it was asked for again.

    A run that is cancelled (erasing begins so) wants none.
    """
    wanted = Run.objects.filter(pk=OuterRef("run_id"), state__in=[RunState.REPORTING, RunState.DONE])
    return Report.objects.filter(Exists(wanted), pk=report_id, state=ReportState.REQUESTED)


def _held(held: Claim) -> "QuerySet[Report]":
    """The report's row for as long as the claim holds; else no row."""
    return _waiting(held.report_id).filter(attempts=held.attempt, claimed_until__isnull=False)


def _complete(held: Claim, rendered: Rendered) -> bool:
    with transaction.atomic():
        done = _held(held).update(
            state=ReportState.READY,
            error_code="",
            storage_key=rendered.key,
            sha256=rendered.sha256,
            pages=rendered.pages,
            source_sha256=rendered.source,
            claimed_until=None,
            woken_at=None,
            ready_at=timezone.now(),
        )
        if done:
            runs.finish(held.run_id)
            retention.keep_report(held.run_id)
    return bool(done)


def _kept(held: Claim, rendered: Rendered) -> bool:
    """Whether this is the report: the answer to `_complete` may have been lost with the connection."""
    return Report.objects.filter(pk=held.report_id, storage_key=rendered.key).exists()


def _clear_up(held: Claim, *keep: str) -> None:
    """Erase what earlier attempts may have stored before their workers were killed."""
    if held.attempt > 1:
        try:
            objects.erase_folder(report_folder(held.organisation_id, held.report_id), keep)
        except OSError:
            logger.warning("report %s: earlier attempts are left in storage", held.report_id, exc_info=True)


def _attempt_failed(held: Claim, *, later: bool) -> None:
    """Try again at once, or where storage or the database are away, later, when the sweep asks again."""
    if held.tries >= ATTEMPTS:
        _give_up(held)
        return
    with transaction.atomic():
        if _held(held).update(claimed_until=None) and not later:
            wake(held.organisation_id, held.report_id)


def _release(held: Claim) -> bool:
    """Give the report back, because the worker must stop; the claim does not count. It is asked for again."""
    return bool(_held(held).update(claimed_until=None, released=F("released") + 1))


def _give_up(held: Claim) -> None:
    """The report is failed, and there is no file of it; the run is done, and its tables can be had."""
    with transaction.atomic():
        given_up = _held(held).update(
            state=ReportState.FAILED,
            error_code=RENDER_FAILED,
            storage_key="",
            sha256="",
            pages=None,
            claimed_until=None,
            woken_at=None,
        )
        if given_up:
            runs.finish(held.run_id)
    if given_up:
        _clear_up(held)
