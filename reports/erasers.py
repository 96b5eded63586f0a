"""How a run's report is erased: its files, of every attempt, and its row with what reviewers wrote."""

from uuid import UUID

from django.utils import timezone

from accounts.domain.erasure import registry, things
from accounts.domain.erasure.registry import Job, NotYetError, Order
from accounts.enums import DataClass
from analysis.erasers import register_keeper
from reports.domain.requests import report_folder
from reports.enums import ReportState
from reports.models import Report, Review


def connect() -> None:
    """Called once, when the app is ready."""
    registry.register("run", _report, Order.OBJECTS - 1, [DataClass.REPORTS])
    register_keeper(_keeps)


def _report(job: Job) -> bool:
    """Raises NotYetError while a worker that was stopped may still be about to store it."""
    report = Report.objects.filter(run=job.object_id).first()
    if report is None:
        return False
    if things.erase_folder(job, "report file", report.pk, report_folder(report.organisation_id, report.pk)):
        return True
    left = report.claimed_until - timezone.now() if report.claimed_until else None
    if left and left.total_seconds() > 0:
        raise NotYetError(left)
    with things.writing(job):
        for key in Review.objects.filter(report=report).values_list("pk", flat=True):
            things.note(job, "review", key)
        things.note(job, "report", report.pk, sha256=report.sha256)
        report.delete()
    return True


def _keeps(run_id: UUID) -> bool:
    """One that failed has no file, and no date by which it would go by itself."""
    return bool(Report.objects.filter(run=run_id).exclude(state=ReportState.FAILED).exists())
