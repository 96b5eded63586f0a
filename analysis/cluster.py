"""The queue's processes of one machine: django-q2's cluster, made to end where it cannot be trusted.

django-q2 replaces a process that died, but what the dead one held stays held. A worker killed while it waits
for a task takes the queue's lock along: no worker takes a task ever again, although all of them live. So a
death that nobody asked for ends the whole cluster, and its supervisor (`analysis.supervisor`) starts another.
"""

import logging
import os
import signal
import sys
import time
from contextlib import suppress
from multiprocessing.process import BaseProcess
from threading import Timer
from types import FrameType
from typing import NoReturn

import psutil
from django.db import connections
from django_q import cluster as django_q_cluster
from django_q.cluster import Cluster, Sentinel

from analysis.children import die_with_parent
from analysis.worker import STOP_SIGNAL

logger = logging.getLogger(__name__)

RECYCLED = -2
"""What django-q2 writes into the timer of a worker that it has retired."""
RELEASE_SECONDS = 3.0
"""For the other workers to give their runs back when one of them has died."""
STOP_SECONDS = 6.0
"""A cluster that was told to stop is gone after this long, whatever it hangs on."""


class WatchfulSentinel(Sentinel):  # type: ignore[misc]
    """Replaces what django-q2 retired itself; ends the cluster for every other death."""

    def reincarnate(self, process: BaseProcess) -> None:
        if not self._is_retired(process):
            logger.critical(
                "process %s of the queue died (exit status %s): all of them are started again",
                process.pid,
                process.exitcode,
            )
            self._release_the_others(process)
            end_group()
        super().reincarnate(process)

    def _is_retired(self, process: BaseProcess) -> bool:
        """Whether it ended by itself and so let go of every lock.

        Pusher and monitor end when the database is away. A worker that ran into its timeout is no
        retired one: django-q2 may break it off while it hands its result over.
        """
        if process in (self.monitor, self.pusher):
            return process.exitcode is not None and process.exitcode >= 0
        return process.exitcode == 0 and _timer(process) == RECYCLED

    def _release_the_others(self, dead: BaseProcess) -> None:
        others = [process for process in self.pool if process is not dead]
        for process in others:
            _tell(process.pid, STOP_SIGNAL)
        end = time.monotonic() + RELEASE_SECONDS
        while time.monotonic() < end and any(_timer(one) > 0 and one.is_alive() for one in others):
            time.sleep(0.05)


class ReleasingCluster(Cluster):  # type: ignore[misc]
    """Stops within seconds: its workers release their runs instead of finishing them."""

    def sig_handler(self, signum: int, frame: FrameType | None) -> None:
        deadline = Timer(STOP_SECONDS, end_group)
        deadline.daemon = True
        deadline.start()
        for pid in self._pids():
            _tell(pid, STOP_SIGNAL)
        super().sig_handler(signum, frame)

    def _pids(self) -> list[int]:
        """Workers, monitor and pusher; what workers have started themselves is theirs to end."""
        if self.sentinel is None or self.sentinel.pid is None:
            return []
        with suppress(psutil.NoSuchProcess):
            return [process.pid for process in psutil.Process(self.sentinel.pid).children()]
        return []


def end_group() -> NoReturn:
    """Kill this process and all of its group."""
    os.killpg(os.getpgrp(), signal.SIGKILL)
    raise SystemExit(1)  # never reached: the group holds this process


def run() -> None:
    """Be a cluster until it is told to stop, or its sentinel dies; to be called by the leader of a group."""
    # Inherited by all that is forked from here; the workers alone take it up again.
    signal.signal(STOP_SIGNAL, signal.SIG_IGN)
    os.register_at_fork(after_in_child=die_with_parent)
    django_q_cluster.Sentinel = WatchfulSentinel  # the name by which a cluster makes its own
    connections.close_all()  # a connection must not cross the fork
    cluster = ReleasingCluster()
    cluster.start()
    cluster.sentinel.join()
    if cluster.sentinel.exitcode:
        sys.exit(1)


def _timer(process: BaseProcess) -> float:
    """A worker's timer, without its lock, which may have died with a worker; above zero while it is busy."""
    return float(process.timer.get_obj().value)  # type: ignore[attr-defined]


def _tell(pid: int | None, number: signal.Signals) -> None:
    if pid is not None:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
