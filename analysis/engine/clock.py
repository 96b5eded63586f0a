"""Where the CPU time goes, stage by stage; for `manage.py benchmark`."""

import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager


class _Running(threading.local):
    """The stages a thread is in, innermost last, and the CPU time up to which they are counted."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.since = 0.0


class StageClock:
    """Adds up the CPU seconds of the thread that works in a stage; a stage within another counts alone.

    Decoding's own helper threads are not in `decode`; the whole process's CPU time is.
    """

    def __init__(self) -> None:
        self.cpu: defaultdict[str, float] = defaultdict(float)
        self._running = _Running()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count what is done inside to `name`."""
        self._count()
        self._running.names.append(name)
        try:
            yield
        finally:
            self._count()
            self._running.names.pop()

    def _count(self) -> None:
        now, running = time.thread_time(), self._running
        if running.names:
            self.cpu[running.names[-1]] += now - running.since
        running.since = now
