"""What `reports` does when `analysis` announces something."""

from collections.abc import Iterable
from typing import Any

from analysis.models import Run
from analysis.signals import run_erased, run_scored
from reports.domain.requests import report_key, request
from reports.models import Report


def connect() -> None:
    run_scored.connect(_request_report, dispatch_uid="reports.request")
    run_erased.connect(_report_keys, dispatch_uid="reports.keys")


def _request_report(sender: object, run: Run, **_more: Any) -> None:  # noqa: ARG001 - a signal's receiver
    request(run)


def _report_keys(sender: object, run: Run, **_more: Any) -> Iterable[str]:  # noqa: ARG001
    """Of every attempt: one that is under way may have stored its file and not yet said so."""
    return [
        report_key(report.organisation_id, report.pk, attempt)
        for report in Report.objects.filter(run=run)
        for attempt in range(1, report.attempts + 1)
    ]
