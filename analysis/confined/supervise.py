"""The parent's side: start a child, listen to it, and end it when it must end."""

import errno
import logging
import os
import selectors
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from analysis.confined import wire
from analysis.confined.errors import DecoderFailedError, Reason

logger = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-m", "analysis.confined")
POLL_SECONDS = 0.2
LOOK_SECONDS = 1.0
MOST_ENTRIES = 100
"""Files and folders below what a child may write to: a spool has a handful."""
LAST_SECONDS = 5.0
"""How long a child that has closed its output may take to be gone."""
MOST_OUTPUT = 16 << 20
MOST_COMPLAINT = 4096
"""Bytes kept of what the child wrote to its standard error."""
HELD_BACK = {signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2}
"""Meant for the worker, who ends the child itself; one that ended by them would look like a crash."""
PASSED_ON = ("LD_LIBRARY_PATH", "TZ")
"""Of the environment; the rest holds secrets or is of no use to the child."""

Heard = Callable[[str, int, int | None], None]
"""Stage, frames done, of how many."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds by the clock on the wall."""

    silent: float
    """Without a step forward."""
    whole: float = float("inf")


def call(task: wire.Task, media: Path, patience: Patience, heard: Heard) -> Any:
    """What the child answers; `media` is given to it opened.

    `heard` is called at least four times a second; what it raises ends the child, and goes on.
    Raises the engine's errors, DecoderFailedError, and OSError where the system refused (a full disk).
    """
    with _started(task, media) as process:
        listener = _Listener(process, task, patience, heard)
        answer = listener.listen()
        _wait(process)
        look(task)
    return _answer(answer, process, listener.complaint)


@contextmanager
def _started(task: wire.Task, media: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A child that is gone when the block is left, whichever way."""
    descriptor = os.open(media, os.O_RDONLY | os.O_CLOEXEC)
    try:
        with tempfile.TemporaryFile() as asked:
            request = {"task": asdict(task), "media": descriptor, "path": str(media), "parent": os.getpid()}
            asked.write(wire.line(request))
            asked.seek(0)
            process = _spawn(asked, descriptor)
    finally:
        os.close(descriptor)
    with process:
        try:
            yield process
        finally:
            process.kill()


def _spawn(asked: IO[bytes], descriptor: int) -> "subprocess.Popen[bytes]":
    # A new process takes over what is blocked in the thread that starts it.
    before = signal.pthread_sigmask(signal.SIG_BLOCK, HELD_BACK)
    try:
        return subprocess.Popen(
            COMMAND,
            stdin=asked,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=(descriptor,),
            cwd=ROOT,
            env=environment(),
        )
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def environment() -> dict[str, str]:
    """The child's, made anew."""
    kept = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    # A thread that a library starts by itself would not be bound by all that the child binds itself with.
    alone = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    return kept | alone | {"LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}


class _Listener:
    """Reads what a child says, and loses patience with it."""

    def __init__(
        self, process: "subprocess.Popen[bytes]", task: wire.Task, patience: Patience, heard: Heard
    ) -> None:
        self._process, self._task, self._patience, self._heard = process, task, patience, heard
        self._begun = self._moved = self._looked = time.monotonic()
        self._state: tuple[str, int, int | None] = ("probing", 0, None)
        self._partial = b""
        self._length = 0
        self._answer: dict[str, Any] | None = None
        self.complaint = b""

    def listen(self) -> dict[str, Any] | None:
        """The child's last message when it has closed its output; None where it gave no answer."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout or -1, selectors.EVENT_READ, self._take)
            selector.register(self._process.stderr or -1, selectors.EVENT_READ, self._complain)
            while selector.get_map():
                for key, _ in selector.select(POLL_SECONDS):
                    content = os.read(key.fd, 1 << 16)
                    key.data(content)
                    if not content:
                        selector.unregister(key.fileobj)
                self._tell()
                self._lose_patience()
        return self._answer

    def _tell(self) -> None:
        begun = time.monotonic()
        self._heard(*self._state)
        # A database that lets us wait is no fault of the child's.
        waited = time.monotonic() - begun
        self._begun += waited
        self._moved += waited

    def _take(self, content: bytes) -> None:
        self._length += len(content)
        *lines, self._partial = (self._partial + content).split(b"\n")
        if self._length > MOST_OUTPUT or len(self._partial) > wire.LONGEST_MESSAGE:
            raise DecoderFailedError(reason=Reason.OUTPUT)
        for one in lines:
            self._understand(wire.message(one))

    def _understand(self, said: dict[str, Any]) -> None:
        if self._answer is not None:
            raise DecoderFailedError(reason=Reason.OUTPUT)
        if "progress" not in said:
            self._answer = said
            return
        state = wire.told(said["progress"])
        if state[1] > self._state[1]:
            self._moved = time.monotonic()
        self._state = state

    def _complain(self, content: bytes) -> None:
        self.complaint = (self.complaint + content)[-MOST_COMPLAINT:]

    def _lose_patience(self) -> None:
        now = time.monotonic()
        if now - self._moved > self._patience.silent or now - self._begun > self._patience.whole:
            raise DecoderFailedError(reason=Reason.TIME)
        if now - self._looked > LOOK_SECONDS:
            self._looked = now
            look(self._task)


def look(task: wire.Task) -> None:
    """Raises DecoderFailedError when a child's folders hold more than there can be."""
    waiting, entries, size = list(task.write), 0, 0
    while waiting:
        with suppress(FileNotFoundError), os.scandir(waiting.pop()) as found:
            for entry in found:
                entries += 1
                size += entry.stat(follow_symlinks=False).st_size
                if entries > MOST_ENTRIES or size > 2 * task.bounds.file_bytes:
                    raise DecoderFailedError(reason=Reason.OUTPUT)
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)


def _wait(process: "subprocess.Popen[bytes]") -> None:
    try:
        process.wait(LAST_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise DecoderFailedError(reason=Reason.TIME) from error


def _answer(said: dict[str, Any] | None, process: "subprocess.Popen[bytes]", complaint: bytes) -> Any:
    if said is None or process.returncode:
        logger.warning(
            "the confined child ended with %s: %s", process.returncode, complaint.decode("ascii", "replace")
        )
        raise DecoderFailedError(reason=_reason(process.returncode))
    if "result" in said:
        return said["result"]
    if "os_error" in said:
        raise _os_error(said["os_error"])
    raise wire.refusal(said.get("error"))


def _os_error(number: Any) -> OSError | DecoderFailedError:
    # What it wrote was larger than anything there is to be written.
    if type(number) is not int or number == errno.EFBIG:
        return DecoderFailedError(reason=Reason.OUTPUT)
    return OSError(number, os.strerror(number))


def _reason(status: int) -> Reason:
    """Of a child that died without a word."""
    if status == -signal.SIGXCPU:
        return Reason.TIME
    # Nobody but the kernel, short of memory, kills a child that its parent still waits for.
    return Reason.MEMORY if status == -signal.SIGKILL else Reason.CRASH
