"""A machine with workers: real processes of `manage.py worker`, and how they are found and killed."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil

from echodepth.env import BASE_DIR

WORKERS = 2
START_SECONDS = 60.0


def wait_for(condition: Callable[[], object], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return bool(condition())


class Machine:
    def __init__(self, name: str, environment: dict[str, str], log: Path) -> None:
        self.name = name
        self._environment = environment | {"ECHO_MACHINE": name, "ECHODEPTH_WORKERS": str(WORKERS)}
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "manage.py", "worker"], cwd=BASE_DIR, env=self._environment,
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        assert wait_for(lambda: len(self.workers()) == WORKERS, START_SECONDS), self._log.read_text()

    def stop(self) -> None:
        """Told to, as at a shutdown."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)

    def kill(self) -> None:
        """kill -9 of the supervisor and of all below it."""
        for process in self._family():
            with suppress(psutil.NoSuchProcess):
                process.kill()
        if self._process is not None:
            self._process.wait()

    def workers(self) -> list[psutil.Process]:
        """The cluster's workers: its sentinel starts them first."""
        with suppress(psutil.NoSuchProcess, ValueError):
            (cluster,) = self._children(psutil.Process(self._process.pid) if self._process else None)
            (sentinel,) = self._children(cluster)
            members = sorted(self._children(sentinel), key=lambda process: process.pid)
            return members[:WORKERS] if len(members) == WORKERS + 2 else []
        return []

    def busy(self) -> list[psutil.Process]:
        """Workers whose confined child reads a recording."""
        return [worker for worker in self.workers() if self._children(worker)]

    def idle(self) -> list[psutil.Process]:
        return [worker for worker in self.workers() if not self._children(worker)]

    def _family(self) -> Iterator[psutil.Process]:
        if self._process is not None and self._process.poll() is None:
            supervisor = psutil.Process(self._process.pid)
            yield from [supervisor, *supervisor.children(recursive=True)]

    @staticmethod
    def _children(process: psutil.Process | None) -> list[psutil.Process]:
        if process is None:
            return []
        with suppress(psutil.NoSuchProcess):
            return process.children()
        return []
