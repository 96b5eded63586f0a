"""What the queue does by the clock."""

from django.utils import timezone
from django_q.models import Schedule
from django_q.tasks import async_task

SWEEP_TASK = "analysis.tasks.sweep"


def ensure() -> None:
    """Make or mend the schedule rows; safe to call at every start."""
    Schedule.objects.update_or_create(
        name=SWEEP_TASK,
        defaults={"func": SWEEP_TASK, "schedule_type": Schedule.MINUTES, "minutes": 1, "repeats": -1},
        create_defaults={
            "func": SWEEP_TASK,
            "schedule_type": Schedule.MINUTES,
            "minutes": 1,
            "repeats": -1,
            "next_run": timezone.now(),
        },
    )


def sweep_now() -> None:
    """Queue a sweep beside those of the clock."""
    async_task(SWEEP_TASK, save=False)
