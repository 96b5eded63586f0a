"""Asking for a report; what makes it (`publish`) is loaded by workers alone, for it takes a second."""

import logging
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django_q.tasks import async_task

from analysis.domain.work import leases, runs
from analysis.models import Run
from echodepth.tenancy import sweeping, tenant
from reports.enums import ReportState
from reports.models import Report

logger = logging.getLogger(__name__)

MAKE_TASK = "reports.tasks.make_report"
AGAIN_AFTER = 2 * leases.LEASE


def request(run: Run) -> None:
    """Ask for a scored run's report and queue the work, in the caller's transaction; may be asked again."""
    report, _made = Report.objects.get_or_create(organisation_id=run.organisation_id, run=run)
    if report.state != ReportState.REQUESTED:
        runs.finish(run.pk)
    elif Report.objects.filter(free(), pk=report.pk).exists():
        wake(run.organisation_id, report.pk)


def request_again(report: Report) -> None:
    """Have a finished run's report rendered anew, in the caller's transaction, with all its attempts.

    Its earlier PDF is kept until the new one is there, and handed to nobody meanwhile.
    """
    Report.objects.filter(pk=report.pk).update(
        state=ReportState.REQUESTED,
        error_code="",
        released=F("attempts"),
        claimed_until=None,
        woken_at=Now(),
    )
    wake(report.organisation_id, report.pk)


def sweep() -> int:
    """Wake workers for reports to be rendered anew that nobody renders; how many wake-ups that took.

    A first rendering is seen to by the sweep of `analysis`, whose run waits for it.
    """
    with sweeping():
        rows = list(Report.objects.filter(_forgotten()).order_by().values_list("organisation_id", "pk"))
    return sum(_wake_once(organisation_id, report_id) for organisation_id, report_id in rows)


def _forgotten() -> Q:
    """Woken for a while ago; or later than now, before the clock jumped back, and with it the wake-up."""
    long_ago = Q(woken_at__lt=Now() - AGAIN_AFTER) | Q(woken_at__gt=Now() + leases.LEASE)
    return Q(free(), long_ago, state=ReportState.REQUESTED)


def _wake_once(organisation_id: UUID, report_id: UUID) -> bool:
    try:
        with tenant(organisation_id), transaction.atomic():
            if not Report.objects.filter(_forgotten(), pk=report_id).update(woken_at=Now()):
                return False  # another sweep was quicker
            wake(organisation_id, report_id)
    except leases.AWAY:
        raise
    except Exception:
        logger.exception("report %s: a sweep could not deal with it", report_id)
        return False
    return True


def free() -> Q:
    """No worker renders the report. A claim longer than any that is given is of before the clock jumped."""
    over = Q(claimed_until__lt=Now()) | Q(claimed_until__gt=Now() + 2 * leases.LEASE)
    return Q(claimed_until=None) | over


def wake(organisation_id: UUID, report_id: UUID) -> None:
    """Queue the work; inside a transaction it is queued with the commit, or not at all."""
    async_task(MAKE_TASK, str(organisation_id), str(report_id), group="report", save=False)


def report_key(organisation_id: UUID, report_id: UUID, attempt: int) -> str:
    """Where a report's PDF is kept; the attempt is in the key, so that a late one overwrites nothing."""
    return f"{report_folder(organisation_id, report_id)}/{attempt}/report.pdf"


def report_folder(organisation_id: UUID, report_id: UUID) -> str:
    return f"{organisation_id}/reports/{report_id}"
