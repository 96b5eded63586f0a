"""The way from an address to a run with a result, in the organisation in scope."""

from uuid import UUID

from django.http import Http404

from analysis.access import access_run
from analysis.enums import RunState
from analysis.models import Run
from reports.models import Report

WITH_RESULT = frozenset({RunState.REPORTING, RunState.DONE})


def has_result(run: Run) -> bool:
    return run.state in WITH_RESULT


def access_result(run_id: UUID) -> tuple[Run, Report | None]:
    """The run, scored, and its report if one was asked for; Http404 where there is none."""
    run = access_run(run_id)
    if not has_result(run):
        raise Http404
    return run, report_of(run)


def report_of(run: Run) -> Report | None:
    report: Report | None = Report.objects.filter(run=run).first()
    return report
