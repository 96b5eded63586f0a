"""Erasures, worked off by hand as workers would."""

from datetime import timedelta

from django.utils import timezone

from accounts.domain.erasure import erasures
from accounts.enums import ErasureState
from accounts.models import Erasure
from analysis.domain.work import leases
from analysis.models import Run
from reports.models import Report


def erase_all(most: int = 50) -> None:
    """Work until nothing of the organisation in scope waits to be erased; rests are over at once."""
    for _turn in range(most):
        waiting = Erasure.objects.filter(state__in=erasures.UNDER_WAY)
        if not waiting:
            return
        for erasure in waiting:
            erasures.work(erasure.pk)
        waiting.update(rest_until=None)
    raise AssertionError(list(waiting.values("kind", "state", "error_code", "attempts")))


def nobody_writes() -> None:
    """As if every worker that was stopped had been silent for long."""
    long_ago = timezone.now() - 2 * leases.SILENT_AFTER - timedelta(seconds=1)
    Run.objects.exclude(heartbeat_at=None).update(heartbeat_at=long_ago)
    Report.objects.exclude(claimed_until=None).update(claimed_until=long_ago)


def is_done(erasure: Erasure) -> bool:
    erasure.refresh_from_db()
    return erasure.state == ErasureState.DONE
