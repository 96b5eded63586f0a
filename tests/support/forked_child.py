"""Children forked from this process: a hundredth of the work of a new interpreter, bound in the same way."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping

from analysis.confined import child


class Forked:
    """What `supervise` wants of `subprocess.Popen`."""

    def __init__(self, asked, calls: Mapping[str, child.Call]) -> None:
        out, err = os.pipe(), os.pipe()
        self.returncode: int | None = None
        self._pid = os.fork()
        if not self._pid:
            _become(asked.fileno(), out[1], err[1], calls)
        os.close(out[1])
        os.close(err[1])
        self.stdout, self.stderr = os.fdopen(out[0], "rb"), os.fdopen(err[0], "rb")

    def __enter__(self):
        return self

    def __exit__(self, *_raised: object) -> None:
        self.stdout.close()
        self.stderr.close()
        self.wait(60)

    def wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while self.returncode is None:
            pid, status = os.waitpid(self._pid, os.WNOHANG)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
            elif time.monotonic() > until:
                raise subprocess.TimeoutExpired("forked", seconds)
            else:
                time.sleep(0.001)

    def kill(self) -> None:
        if self.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, signal.SIGKILL)


def _become(asked: int, out: int, err: int, calls: Mapping[str, child.Call]) -> None:
    for number, place in ((asked, 0), (out, 1), (err, 2)):
        os.dup2(number, place)
    sys.stdin, sys.stdout, sys.stderr = (os.fdopen(place, mode) for place, mode in enumerate("rww"))
    child.main(calls)
