"""What the queue may start. A task takes ids, enters its tenant's scope and calls one domain function."""

from uuid import UUID

from echodepth.tenancy import tenant
from reports.domain import publish


def make_report(organisation_id: str, report_id: str) -> None:
    """Answer a wake-up; safe when run twice, even at once."""
    with tenant(UUID(organisation_id)):
        publish.make(UUID(report_id))
