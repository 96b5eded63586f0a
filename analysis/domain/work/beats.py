"""Whether the queue's workers of a machine are alive, told by the tasks they take."""

import socket
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Sum
from django.utils import timezone
from django_q.models import OrmQ

from analysis.models import WorkerBeat

SILENT_AFTER = timedelta(seconds=max(2 * settings.LEASE_SECONDS, 60))
"""Never so short that a cluster on a slow machine is given up while it starts."""
WAITING_AFTER = timedelta(minutes=1)
"""A task that nobody took for this long waits; a healthy cluster polls the queue twice a second."""
SEEN_WITHIN = timedelta(minutes=1)
"""A machine whose workers were not seen for this long has none."""


def cluster_name() -> str:
    """One cluster a machine."""
    return socket.gethostname()[:60]


def beat(cluster: str) -> None:
    """Note that a worker of the cluster is at work now."""
    WorkerBeat.objects.update_or_create(cluster=cluster, defaults={"beat_at": timezone.now()})


def see(cluster: str, workers: int) -> None:
    """Note that what watches the cluster's workers sees so many of them now."""
    now = timezone.now()
    WorkerBeat.objects.update_or_create(
        cluster=cluster,
        defaults={"seen_at": now, "workers": workers},
        create_defaults={"seen_at": now, "workers": workers, "beat_at": now},
    )


def live_workers() -> int:
    """Worker processes on all machines together."""
    seen = WorkerBeat.objects.filter(seen_at__gt=timezone.now() - SEEN_WITHIN)
    return int(seen.aggregate(all=Sum("workers"))["all"] or 0)


def is_silent(cluster: str, started_at: datetime) -> bool:
    """Whether the cluster, running since `started_at`, takes no tasks although tasks wait.

    django-q2 can be dead in fact while its processes live; the sweep, queued every minute, makes sure that
    something waits then.
    """
    now = timezone.now()
    last = WorkerBeat.objects.filter(cluster=cluster).values_list("beat_at", flat=True).first()
    if now - max(last or started_at, started_at) < SILENT_AFTER:
        return False
    return bool(OrmQ.objects.filter(lock__lt=now - WAITING_AFTER).exists())
