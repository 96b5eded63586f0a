"""What of the work belongs to readiness: that workers are there, and that nothing waits beside idle ones."""

from django.utils import timezone

from analysis.domain import operations as work
from echodepth.health import READINESS, Facts


def connect() -> None:
    """Called once, when the app is ready."""
    READINESS.register("queue", queue)
    READINESS.register("workers", workers)


def queue() -> Facts:
    waiting = work.queue()
    return {
        "ok": not work.is_late(waiting, work.machines()),
        "waiting": waiting.wakeups,
        "oldest_seconds": int(waiting.age.total_seconds()),
    }


def workers() -> Facts:
    """`last_seen_seconds` is None where no worker was ever seen."""
    machines = work.machines()
    there = [machine for machine in machines if machine.is_there]
    seen = max((machine.seen_at for machine in machines if machine.seen_at), default=None)
    return {
        "ok": any(machine.workers for machine in there),
        "machines": len(there),
        "workers": sum(machine.workers for machine in there),
        "last_seen_seconds": int((timezone.now() - seen).total_seconds()) if seen else None,
    }
