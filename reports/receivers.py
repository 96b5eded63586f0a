"""What `reports` does when `analysis` announces something."""

from typing import Any

from analysis.models import Run
from analysis.signals import run_scored, swept
from reports.domain.requests import request, sweep
from reports.domain.samples import ending, reminders, unaccepted


def connect() -> None:
    run_scored.connect(_request_report, dispatch_uid="reports.request")
    swept.connect(_sweep, dispatch_uid="reports.sweep")
    swept.connect(_sweep_samples, dispatch_uid="reports.samples")


def _request_report(sender: object, run: Run, **_more: Any) -> None:  # noqa: ARG001 - a signal's receiver
    request(run)


def _sweep(sender: object, **_more: Any) -> int:  # noqa: ARG001
    return sweep()


def _sweep_samples(sender: object, **_more: Any) -> int:  # noqa: ARG001
    """Nobody is woken; what it does stands in the rows."""
    ending.sweep()
    reminders.sweep()
    unaccepted.sweep()
    return 0
