"""Keeping a lease while the engine works."""

import logging
import time
from collections.abc import Callable
from threading import Event, Thread
from types import TracebackType
from typing import Any, Protocol
from uuid import UUID

from django.db import Error, connection

from analysis.domain.work import leases, runs, segments
from analysis.domain.work.interrupt import stop_asked
from analysis.engine.errors import CancelledError
from analysis.enums import WORKING_STATES, RunState
from echodepth.tenancy import tenant

logger = logging.getLogger(__name__)

PROGRESS_SECONDS = 1.0
RENEW_SECONDS = min(20.0, leases.LEASE.total_seconds() / 4)
LOOK_SECONDS = 0.5
"""Between two looks at whether the worker must stop; it has a few seconds then before it is killed."""

Held = runs.Claim | segments.Claim


class Leased(Protocol):
    """Work on a run that is claimed for a while."""

    @property
    def run_id(self) -> UUID: ...
    @property
    def organisation_id(self) -> UUID: ...


class Ledger(Protocol):
    """Where what becomes of a claim is written: the modules `runs` and `segments`."""

    def progress(self, held: Any, state: RunState, done: int, total: int | None) -> bool: ...
    def renew(self, held: Any) -> bool: ...
    def fail(self, held: Any, code: str, facts: Any) -> bool: ...
    def attempt_failed(self, held: Any, code: str, *, counts: bool = True) -> bool: ...
    def release(self, held: Any) -> bool: ...


def ledger(held: Leased) -> Ledger:
    return segments if isinstance(held, segments.Claim) else runs


class Heartbeat:
    """The engine's progress function: writes at most once a second, and stops the work when it must.

    A database that is away is borne for as long as the lease lasts.
    """

    def __init__(self, held: Held) -> None:
        self._held = held
        self._last = (RunState.CLAIMED, float("-inf"))
        self._held_at = time.monotonic()

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
            self._last = (state, time.monotonic())
            self._beat(state, done, total)

    def _beat(self, state: RunState, done: int, total: int | None) -> None:
        try:
            if not ledger(self._held).progress(self._held, state, done, total):
                raise CancelledError
        except leases.AWAY:
            logger.warning("run %s: could not tell how far it is", self._held.run_id, exc_info=True)
            connection.close()
            if time.monotonic() - self._held_at > leases.LEASE.total_seconds():
                raise CancelledError from None
        else:
            self._held_at = time.monotonic()


class Renewal(Thread):
    """Renews a lease in the background, for work that reports nothing for long, and gives it back on a stop.

    Scoring a track or laying out a report is longer at a stretch than a worker is given to stop: the claim is
    released at once, beside the work, which then can write nothing any more.
    `renew` and `release` are told where the claim is not one of the engine's.
    """

    def __init__(
        self,
        held: Leased,
        renew: Callable[[], object] | None = None,
        release: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(name="renewal", daemon=True)
        self._held = held
        self._renew = renew or (lambda: ledger(held).renew(held))
        self._release = release or (lambda: ledger(held).release(held))
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
            self._keep()
        finally:
            connection.close()

    def _keep(self) -> None:
        renewed_at = time.monotonic()
        while not self._over.wait(min(LOOK_SECONDS, RENEW_SECONDS)):
            if stop_asked.is_set():
                if self._written(self._release):
                    return
            elif time.monotonic() - renewed_at >= RENEW_SECONDS:
                self._written(self._renew)
                renewed_at = time.monotonic()

    def _written(self, write: Callable[[], object]) -> bool:
        """Whether the database took it, be the claim void or not."""
        try:
            with tenant(self._held.organisation_id):
                write()
        except Error:
            logger.warning("run %s: could not write of its lease", self._held.run_id, exc_info=True)
            connection.close()  # it may be a new server's turn; Django does not connect again by itself
            return False
        return True
