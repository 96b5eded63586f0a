"""What keeps a machine's workers working: starts the queue's processes, watches them, and sweeps by itself.

It holds no task and no lock of the queue, so nothing that can happen there stops it.
"""

import logging
import sys
import time
from collections.abc import Callable, Iterator
from threading import Event, Thread

import psutil
from django.conf import settings
from django.db import Error, connection, connections
from django.utils import timezone
from django.utils.translation import gettext as _

from analysis.children import Child
from analysis.domain.work import beats, leases, schedules, sweeps, workplaces
from echodepth.env import BASE_DIR

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.25
BURY_SECONDS = 2.0
"""A sentinel that is well buries its dead twice a second."""
STOP_SECONDS = 7.0
"""Longer than a cluster takes to end itself (`analysis.cluster`)."""
LONGEST_SWEEP_PAUSE = 5.0
LONGEST_AWAY_PAUSE = 15.0


def cluster_command() -> list[str]:
    return [sys.executable, str(BASE_DIR / "manage.py"), "cluster"]


def pauses() -> Iterator[float]:
    """Seconds to wait before each further attempt: twice as long every time, up to a quarter of a minute."""
    pause = 0.5
    while True:
        yield pause
        pause = min(2 * pause, LONGEST_AWAY_PAUSE)


def await_database(stopping: Event) -> bool:
    """Wait until the database answers; False when it is time to stop."""
    for pause in pauses():
        if stopping.is_set():
            return False
        try:
            connection.ensure_connection()
        except Error as error:
            logger.warning("the database does not answer: %s", str(error).strip().partition("\n")[0])
        else:
            return True
        finally:
            connections.close_all()
        stopping.wait(pause)
    raise AssertionError  # pauses never end


class Rounds(Thread):
    """Sweeps every few seconds on a connection of its own; the main loop reads and sets its fields."""

    def __init__(self, workers: Callable[[], int]) -> None:
        super().__init__(name="rounds", daemon=True)
        self._workers = workers
        self._over = Event()
        self._fresh = True
        self._since = timezone.now()
        self.silent = False
        """The cluster takes no tasks although some wait."""

    def begin_anew(self) -> None:
        """Another cluster was started: what the last one had taken may be lost."""
        self._since, self.silent, self._fresh = timezone.now(), False, True

    def stop(self) -> None:
        self._over.set()
        self.join(1.0)

    def run(self) -> None:
        away, pause = pauses(), 0.0
        while not self._over.wait(pause):
            try:
                self.go()
            except Exception as error:
                # The outermost border: were this thread to end, stale runs would never be woken again.
                logger.warning("a sweep did not get through; it is tried again", exc_info=True)
                self._fresh = self._fresh or isinstance(error, leases.AWAY)
                pause = next(away)
            else:
                away, pause = pauses(), min(settings.LEASE_SECONDS / 3, LONGEST_SWEEP_PAUSE)
            finally:
                connections.close_all()

    def go(self) -> None:
        """One round; the first, and one after the database was away, also sees to what was lost meanwhile."""
        since, fresh, self._fresh = self._since, self._fresh, False
        beats.see(beats.cluster_name(), self._workers())
        self.silent = beats.is_silent(beats.cluster_name(), since) and since == self._since
        if fresh:
            schedules.ensure()
            sweeps.forget_wakeups()
        sweeps.sweep()
        workplaces.sweep()  # folders of this machine, which the queue's sweep on another does not see
        if fresh:
            schedules.sweep_now()


class Tidying(Thread):
    """Clears storage after runs every few seconds; where storage hangs, this alone hangs with it."""

    def __init__(self) -> None:
        super().__init__(name="tidying", daemon=True)
        self._over = Event()

    def stop(self) -> None:
        self._over.set()

    def run(self) -> None:
        while not self._over.wait(LONGEST_SWEEP_PAUSE):
            try:
                sweeps.tidy()
            except Exception:
                # Were this thread to end, faces would stay in storage.
                logger.warning("storage could not be cleared; it is tried again", exc_info=True)
            finally:
                connections.close_all()


class Unburied:
    """Looks for processes of a cluster that stay dead: then its sentinel hangs, on a lock of the dead one."""

    def __init__(self) -> None:
        self._looked = time.monotonic()
        self._dead: set[int] = set()

    def found(self, cluster: int | None) -> bool:
        """Whether one that was dead `BURY_SECONDS` ago still lies there; looks no more often than that."""
        if cluster is None or time.monotonic() - self._looked < BURY_SECONDS:
            return False
        self._looked = time.monotonic()
        before, self._dead = self._dead, _dead_below(cluster)
        return bool(before & self._dead)


class Supervisor:
    """Runs a cluster until `stopping` is set, and another one whenever it has died, hangs or is silent."""

    def __init__(self, stopping: Event, say: Callable[[str], object]) -> None:
        self._stopping = stopping
        self._say = say
        self._cluster = Child(_("queue"), cluster_command())
        self._rounds = Rounds(self._workers)
        self._tidying = Tidying()
        self._unburied = Unburied()

    def run(self) -> None:
        try:
            self._cluster.start()
            self._rounds.start()
            self._tidying.start()
            while not self._stopping.wait(LOOK_SECONDS):
                self._look()
        finally:
            self._tidying.stop()
            self._rounds.stop()
            self._cluster.ask_to_stop()
            self._cluster.stop(time.monotonic() + STOP_SECONDS)
            _say_goodbye()

    def _look(self) -> None:
        if self._cluster.revive():
            self._say(_("The workers had died and were started again."))
        elif self._unburied.found(self._cluster.pid) or self._rounds.silent:
            self._say(_("The workers take no tasks; they are started again."))
            self._cluster.ask_to_stop()
            self._cluster.stop(time.monotonic() + STOP_SECONDS)
            self._cluster.start()
        else:
            return
        self._rounds.begin_anew()

    def _workers(self) -> int:
        alive = self._cluster.pid is not None and self._cluster.returncode is None
        return int(settings.Q_CLUSTER["workers"]) if alive else 0


def _dead_below(cluster: int) -> set[int]:
    """Dead and unburied processes of a cluster: its sentinel, and the sentinel's children."""
    try:
        sentinels = psutil.Process(cluster).children()
        family = [*sentinels, *(child for sentinel in sentinels for child in sentinel.children())]
    except psutil.NoSuchProcess:
        return set()
    return {process.pid for process in family if _is_dead(process)}


def _is_dead(process: psutil.Process) -> bool:
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _say_goodbye() -> None:
    """Nobody should count on these workers any more."""
    try:
        beats.see(beats.cluster_name(), 0)
    except Error:
        logger.warning("could not note that the workers have stopped", exc_info=True)
    finally:
        connections.close_all()
