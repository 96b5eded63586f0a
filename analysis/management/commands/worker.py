"""The queue's workers, which give a running analysis back when they are told to stop."""

import signal
from contextlib import suppress
from types import FrameType
from typing import Any

import psutil
from django.core.management.base import BaseCommand
from django.db import connections
from django_q.cluster import Cluster

from analysis.domain import runs, schedules, workplaces
from analysis.worker import STOP_SIGNAL


class ReleasingCluster(Cluster):  # type: ignore[misc]
    """Stops within seconds: its workers release their runs instead of finishing them."""

    def sig_handler(self, signum: int, frame: FrameType | None) -> None:
        for process in psutil.Process().children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                process.send_signal(STOP_SIGNAL)
        super().sig_handler(signum, frame)


class Command(BaseCommand):
    requires_system_checks = []  # they would load every page here, where none is served
    help = "Run the worker processes that analyse recordings. SIGTERM or Ctrl-C stops them within seconds."

    def handle(self, *_args: Any, **_options: Any) -> None:
        # Inherited by all that is forked from here; the workers alone take it up again.
        signal.signal(STOP_SIGNAL, signal.SIG_IGN)
        schedules.ensure()
        runs.forget_wakeups()
        workplaces.sweep()
        schedules.sweep_now()
        connections.close_all()  # a connection must not cross the fork
        cluster = ReleasingCluster()
        cluster.start()
        cluster.sentinel.join()
