"""Which files of this app an organisation takes along when it leaves."""

from collections.abc import Iterator
from uuid import UUID

from accounts.domain.offboarding.contents import TakenFile, register
from analysis.taken import behind
from reports.models import Report


def connect() -> None:
    """Called once, when the app is ready."""
    register("report", reports)


def reports(after: UUID | None) -> Iterator[TakenFile]:
    rows = behind(Report.objects.exclude(storage_key=""), after)
    for key, report_id, run_id in rows.values_list("storage_key", "pk", "run_id"):
        yield TakenFile(report_id, f"runs/{run_id}/report-{report_id}.pdf", key)
