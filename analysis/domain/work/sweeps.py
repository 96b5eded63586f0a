"""Putting right what came to a stand: wake-ups and reports that were lost, workers that went silent.

Every machine that works sweeps every few seconds, so each sweep asks first, over all organisations at once,
what is due, and then deals with that in its tenant's scope.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from analysis.domain.work import leases, runs, segments, tidying
from analysis.domain.work.wakeups import wake
from analysis.enums import WORKING_STATES, RunState
from analysis.models import Run, Segment
from analysis.signals import run_scored, swept
from echodepth.tenancy import sweeping, tenant

logger = logging.getLogger(__name__)

REPORT_AGAIN_AFTER = 2 * leases.LEASE

Row = tuple[UUID, UUID]
"""Organisation and run."""


def sweep() -> int:
    """Wake what nobody works on and nobody was woken for; how many wake-ups that took.

    A run that this fails for is logged and holds up no other.
    """
    unwoken = leases.unwoken()
    with sweeping():
        waiting = _rows(runs.free() & unwoken)
        cut = _rows(_idle(unwoken))
        unreported = _rows(_unreported())
        forgotten = _rows(runs.left_unassigned())
    woken = 0
    for row in waiting:
        with _dealing_with(*row):
            woken += _wake_once(*row)
    for row in unreported:
        with _dealing_with(*row):
            woken += _report_again(row[1])
    for row in forgotten:
        with _dealing_with(*row):
            runs.give_up(row[1])
    for row in cut:
        with _dealing_with(*row):
            woken += segments.wake_again(row[1])
    return woken + sum(int(more or 0) for _receiver, more in swept.send(sender=None))


def tidy() -> None:
    """Clear storage after runs that are over, up to the first that storage refuses.

    Storage may hang for minutes before it refuses, so nobody should wait for this.
    """
    with sweeping():
        untidy = _rows(tidying.due())
    for row in untidy:
        with _dealing_with(*row):
            if not tidying.tidy(row[1]):
                return


def forget_wakeups() -> None:
    """Let the next sweep wake again what may wait for nothing, when workers start or the database comes back.

    A wake-up may be lost that waits in the queue no more: workers had taken it that are gone. One that waits
    may be, too, where it was signed with an earlier secret key.
    """
    waiting = Q(state__in=WORKING_STATES | {RunState.REQUESTED})
    lost = ~Q(woken_at=None) & (Q() if leases.queue_is_unreadable() else leases.unqueued())
    with sweeping():
        woken = lost | Q(Exists(_segments().filter(lost)))
        rows = _rows((waiting & woken) | Q(state=RunState.REPORTING))
    for organisation_id, run_id in rows:
        with _dealing_with(organisation_id, run_id):
            Run.objects.filter(waiting, lost, pk=run_id).update(woken_at=None)
            Segment.objects.filter(lost, run_id=run_id).update(woken_at=None)
            Run.objects.filter(pk=run_id, state=RunState.REPORTING).update(heartbeat_at=None)


@contextmanager
def _dealing_with(organisation_id: UUID, run_id: UUID) -> Iterator[None]:
    """In the tenant's scope; what goes wrong is this run's alone, unless the database is away."""
    try:
        with tenant(organisation_id):
            yield
    except leases.AWAY:
        raise
    except Exception:
        logger.exception("run %s: a sweep could not deal with it", run_id)


def _rows(due: Q) -> list[Row]:
    return list(Run.objects.filter(due).order_by().values_list("organisation_id", "pk"))


def _segments() -> "QuerySet[Segment]":
    return Segment.objects.filter(run_id=OuterRef("pk"))


def _idle(unwoken: Q) -> Q:
    """Runs in segments of which one may be taken, or which may be scored, and no wake-up says so."""
    unanswered = segments.takeable() & unwoken
    one = Q(state=RunState.ANALYSING, lease_until=None) & Exists(_segments().filter(unanswered))
    return one | (runs.scorable() & unwoken)


def _unreported() -> Q:
    """Scored a while ago; or later than now, before the clock jumped back, and with it the wake-up for it."""
    long_ago = Q(heartbeat_at__lt=Now() - REPORT_AGAIN_AFTER) | Q(heartbeat_at__gt=Now() + leases.LEASE)
    return Q(state=RunState.REPORTING) & (Q(heartbeat_at=None) | long_ago)


def _wake_once(organisation_id: UUID, run_id: UUID) -> bool:
    with transaction.atomic():
        if not Run.objects.filter(runs.free(), leases.unwoken(), pk=run_id).update(woken_at=Now()):
            return False  # another sweep was quicker
        wake(organisation_id, run_id)
    return True


def _report_again(run_id: UUID) -> bool:
    with transaction.atomic():
        if not Run.objects.filter(_unreported(), pk=run_id).update(heartbeat_at=Now()):
            return False
        run_scored.send(Run, run=Run.objects.select_related("recording").get(pk=run_id))
    return True
