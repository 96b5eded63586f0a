"""What `reports` does when `analysis` announces something."""

from collections.abc import Iterable
from typing import Any

from analysis.models import Run
from analysis.signals import run_erased, run_scored
from reports.domain import requests
from reports.models import Report


def connect() -> None:
    run_scored.connect(_request_report, dispatch_uid="reports.request")
    run_erased.connect(_report_keys, dispatch_uid="reports.keys")


def _request_report(sender: object, run: Run, **_more: Any) -> None:  # noqa: ARG001 - a signal's receiver
    requests.request(run)


def _report_keys(sender: object, run: Run, **_more: Any) -> Iterable[str]:  # noqa: ARG001
    keys: Iterable[str] = (
        Report.objects.filter(run=run).exclude(storage_key="").values_list("storage_key", flat=True)
    )
    return list(keys)
