"""What the queue may start. A task takes ids, enters its tenant's scope and calls one domain function."""

from uuid import UUID

from analysis.domain import execute, runs, workplaces
from echodepth.tenancy import tenant


def analyse_run(organisation_id: str, run_id: str) -> None:
    """Answer a wake-up; safe when run twice, even at once."""
    with tenant(UUID(organisation_id)):
        execute.execute(UUID(run_id))


def sweep() -> None:
    """Wake what waits, and remove what killed workers left; every minute."""
    runs.sweep()
    workplaces.sweep()
