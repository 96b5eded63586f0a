"""What happens inside the queue's worker processes beside their tasks: stopping early, and a sign of life."""

import logging
import signal
from threading import Event, Thread
from types import FrameType
from typing import Any

from django.db import Error, connection
from django_q.signals import post_execute_in_worker, post_spawn, pre_execute

from analysis.domain.work import beats
from analysis.domain.work.interrupt import stop_asked

logger = logging.getLogger(__name__)

STOP_SIGNAL = signal.SIGUSR1
"""Sent to every process of a cluster that stops; all but the workers ignore it (`analysis.cluster`)."""
BEAT_SECONDS = min(20.0, beats.SILENT_AFTER.total_seconds() / 4)


class Pulse(Thread):
    """Beats as long as a task runs, however long the task is silent itself."""

    def __init__(self) -> None:
        super().__init__(name="pulse", daemon=True)
        self._over = Event()

    def run(self) -> None:
        try:
            while True:
                self._beat()
                if self._over.wait(BEAT_SECONDS):
                    return
        finally:
            connection.close()

    def stop(self) -> None:
        self._over.set()
        self.join()

    def _beat(self) -> None:
        try:
            beats.beat(beats.cluster_name())
        except Error:
            logger.warning("could not note the worker's beat", exc_info=True)
            connection.close()  # Django keeps a broken one for as long as the task runs


_pulses: list[Pulse] = []


def watch_for_stop(**_facts: Any) -> None:
    """In a new worker process: take the stop signal, which lets a running analysis go back to the queue."""
    signal.signal(STOP_SIGNAL, _ask_to_stop)


def start_pulse(task: dict[str, Any], **_facts: Any) -> None:
    if not task.get("sync"):
        pulse = Pulse()
        pulse.start()
        _pulses.append(pulse)


def stop_pulse(**_facts: Any) -> None:
    while _pulses:
        _pulses.pop().stop()


def connect() -> None:
    """Listen to the queue; called once, when the app is ready."""
    post_spawn.connect(watch_for_stop)
    pre_execute.connect(start_pulse)
    post_execute_in_worker.connect(stop_pulse)


def _ask_to_stop(_number: int, _frame: FrameType | None) -> None:
    stop_asked.set()
