"""Waking a worker. The queue only wakes; what is to be done stands on the run's row."""

from uuid import UUID

from django_q.tasks import async_task

ANALYSE_TASK = "analysis.tasks.analyse_run"


def wake(organisation_id: UUID, run_id: UUID) -> None:
    """Queue a wake-up: "take the next piece of this run". It goes with the transaction it is queued in."""
    async_task(ANALYSE_TASK, str(organisation_id), str(run_id), group="analyse", save=False)
