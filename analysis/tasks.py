"""What the queue may start. A task takes ids, enters its tenant's scope and calls one domain function."""

from uuid import UUID

from accounts.domain.erasure import erasures
from accounts.domain.offboarding import exports
from accounts.domain.retention import sweeps as due_dates
from analysis.domain.intake import incoming
from analysis.domain.work import execute, sweeps, workplaces
from echodepth.logs import working_on
from echodepth.tenancy import tenant


def analyse_run(organisation_id: str, run_id: str) -> None:
    """Answer a wake-up; safe when run twice, even at once."""
    with tenant(UUID(organisation_id)), working_on(UUID(run_id)):
        execute.execute(UUID(run_id))


def sweep() -> None:
    """Wake what waits, remove what workers and uploads left, see to what is to be erased; every minute."""
    sweeps.sweep()
    workplaces.sweep()
    incoming.sweep()
    erasures.sweep()
    exports.sweep()
    due_dates.sweep()
