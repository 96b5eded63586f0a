"""Asking for a report; what makes it (`publish`) is loaded by workers alone, for it takes a second."""

from uuid import UUID

from django_q.tasks import async_task

from analysis.domain import runs
from analysis.models import Run
from reports.enums import ReportState
from reports.models import Report

MAKE_TASK = "reports.tasks.make_report"


def request(run: Run) -> None:
    """Ask for a scored run's report and queue the work, in the caller's transaction; may be asked again."""
    report, _made = Report.objects.get_or_create(organisation_id=run.organisation_id, run=run)
    if report.state == ReportState.REQUESTED:
        wake(run.organisation_id, report.pk)
    else:
        runs.finish(run.pk)


def wake(organisation_id: UUID, report_id: UUID) -> None:
    """Queue the work; inside a transaction it is queued with the commit, or not at all."""
    async_task(MAKE_TASK, str(organisation_id), str(report_id), group="report", save=False)


def report_key(organisation_id: UUID, report_id: UUID, attempt: int) -> str:
    """Where a report's PDF is kept; the attempt is in the key, so that a late one overwrites nothing."""
    return f"{organisation_id}/reports/{report_id}/{attempt}/report.pdf"
