"""How long a worker's word holds, told by the database's clock: machines' own clocks may differ, and jump."""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django_q.models import OrmQ

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=settings.LEASE_SECONDS)
"""Longest time between two heartbeats; the engine reports far more often."""
SILENT_AFTER = 2 * LEASE
"""Who was not heard of for this long is gone, and so is what it may have been about to write."""
WAKE_AGAIN_AFTER = 3 * LEASE
"""A wake-up unanswered for this long is lost unless it still waits; a failed attempt rests for this long."""
CLOCKS_APART = LEASE / 3
"""The queue's times are its machines' and may differ from the database's by so much."""
ATTEMPTS = 3
"""Claims of a run, or of one of its segments, that may end without a result, death of the worker included."""

AWAY = (OperationalError, InterfaceError)
"""What Django raises while the database cannot be reached."""
PAUSE = 1.0

T = TypeVar("T")


def until() -> Any:
    """When a lease that is given or renewed now ends."""
    return Now() + LEASE


def over() -> Q:
    """The lease has ended. One that ends later than any given now was given before the clock jumped back."""
    return Q(lease_until__lt=Now()) | Q(lease_until__gt=Now() + 2 * LEASE)


def unwoken() -> Q:
    """No wake-up is under way that may still be answered. Reads the queue, so call it before `sweeping`."""
    lost = Q(unqueued(), woken_at__lt=Now() - WAKE_AGAIN_AFTER)
    return Q(woken_at=None) | lost | Q(woken_at__gt=Now() + LEASE)


def unqueued() -> Q:
    """The wake-up waits in the queue no more. Reads the queue, as `unwoken`.

    The queue is taken from its old end, so what is older than all that waits was taken. What waits is not
    lost, however long: each copy of it would be answered by a piece of work, and the queue would only grow.
    """
    oldest = _oldest_waiting()
    return Q() if oldest is None else Q(woken_at__lt=oldest.lock - CLOCKS_APART)


def queue_is_unreadable() -> bool:
    """Whether what waits was signed with an earlier secret key; django-q2 deletes it then."""
    oldest = _oldest_waiting()
    return oldest is not None and "func" not in oldest.task


def _oldest_waiting() -> OrmQ | None:
    """A task that was taken is locked until a later time than now."""
    found: OrmQ | None = OrmQ.objects.filter(lock__lte=timezone.now()).order_by("lock").first()
    return found


def patiently(write: Callable[[], T]) -> T:
    """`write`'s answer, once the database takes it: asked again as long as a lease lasts while it is away.

    An answer may have been lost after the write was done, so `write` must bear being called twice.
    """
    end = time.monotonic() + LEASE.total_seconds()
    while True:
        try:
            return write()
        except AWAY:
            if time.monotonic() >= end:
                raise
            logger.warning("the database is away; trying again", exc_info=True)
            connection.close()
            time.sleep(PAUSE)
