"""Keeping a lease while the engine works."""

import logging
import time
from threading import Event, Thread
from types import TracebackType

from django.db import DatabaseError, connection

from analysis.domain import runs
from analysis.domain.interrupt import stop_asked
from analysis.engine.errors import CancelledError
from analysis.enums import WORKING_STATES, RunState
from echodepth.tenancy import tenant

logger = logging.getLogger(__name__)

PROGRESS_SECONDS = 1.0
RENEW_SECONDS = 20.0


class Heartbeat:
    """The engine's progress function: writes at most once a second, and stops the work when it must."""

    def __init__(self, held: runs.Claim) -> None:
        self._held = held
        self._last = (RunState.CLAIMED, float("-inf"))

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        state = RunState(stage)
        self.tick(state if state in WORKING_STATES else RunState.SCORING, done, total)

    def tick(self, state: RunState, done: int = 0, total: int | None = None) -> None:
        """Beat, unless this state's last beat was less than a second ago.

        Raises CancelledError when the worker must stop or the lease is lost.
        """
        if stop_asked.is_set():
            raise CancelledError
        last_state, last_time = self._last
        if state != last_state or time.monotonic() - last_time >= PROGRESS_SECONDS:
            self._beat(state, done, total)

    def _beat(self, state: RunState, done: int, total: int | None) -> None:
        if not runs.progress(self._held, state, done, total):
            raise CancelledError
        self._last = (state, time.monotonic())


class Renewal(Thread):
    """Renews the lease in the background, for stages of the engine that report nothing for long."""

    def __init__(self, held: runs.Claim) -> None:
        super().__init__(name="renewal", daemon=True)
        self._held = held
        self._over = Event()

    def __enter__(self) -> None:
        self.start()

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._over.set()
        self.join()

    def run(self) -> None:
        try:
            while not self._over.wait(RENEW_SECONDS):
                self._renew()
        finally:
            connection.close()

    def _renew(self) -> None:
        try:
            with tenant(self._held.organisation_id):
                runs.renew(self._held)
        except DatabaseError:
            logger.warning("run %s: could not renew the lease", self._held.run_id, exc_info=True)
