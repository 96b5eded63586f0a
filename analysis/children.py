"""Child processes that never outlive their parent."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress

PR_SET_PDEATHSIG = 1
"""From Linux' sys/prctl.h: the signal a process gets when its parent dies."""
STABLE_SECONDS = 10.0
"""A child that lived this long did not die of its start."""
LONGEST_PAUSE = 60.0

_libc = ctypes.CDLL(None) if sys.platform == "linux" else None
"""Loaded now: between fork and exec nothing may be looked for, because another thread may hold a lock."""


class Child:
    """A command in a process group of its own, which is ended as a whole and started again when it dies."""

    def __init__(self, name: str, command: Sequence[str]) -> None:
        self.name = name
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._pause = 1.0
        self._started = 0.0

    def start(self) -> None:
        self._started = time.monotonic()
        self._process = subprocess.Popen(
            self._command,
            process_group=0,  # so that Ctrl-C reaches the parent alone, which ends its children in order
            preexec_fn=die_with_parent,  # noqa: PLW1509 - one system call
        )

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    @property
    def returncode(self) -> int | None:
        """None while it runs."""
        return self._process.poll() if self._process else None

    def revive(self) -> bool:
        """Start it again when it has died, later and later when it dies of its start; True when started."""
        if self.returncode is None:
            return False
        self._kill_group()  # what the dead one left behind
        lived = time.monotonic() - self._started
        if lived < self._pause:
            return False
        self._pause = 1.0 if lived > STABLE_SECONDS else min(2 * self._pause, LONGEST_PAUSE)
        self.start()
        return True

    def ask_to_stop(self) -> None:
        if self._process:
            self._process.terminate()

    def stop(self, deadline: float) -> None:
        """Wait until `deadline` (monotonic seconds) for it to end, then end it and all that it started."""
        if self._process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(max(0.0, deadline - time.monotonic()))
        self._kill_group()
        self._process.wait()

    def _kill_group(self) -> None:
        if self._process:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)


def die_with_parent() -> None:
    """On Linux, be told to stop when the parent is killed; elsewhere a killed parent leaves its children."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
