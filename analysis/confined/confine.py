"""Takes from this process what reading a media file does not need, in three steps that cannot be taken back.

`cut_off` comes before anything large is loaded, because Landlock binds a thread and those it starts: what a
library starts while it is loaded is then bound too. `bind` comes before the file is looked at.
"""

import ctypes
import os
import resource
import signal
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from analysis.confined import landlock, seccomp
from analysis.confined.kernel import KNOWN, number, prctl, syscall
from analysis.confined.wire import Bounds

PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38
"""From Linux' sys/prctl.h."""
CAPSET = number(126, 91)
CAPABILITY_VERSION = 0x20080522
ROOT = Path(__file__).resolve().parents[2]
MIB = 1 << 20
SHARED_BYTES = 2048 * MIB
"""Room for what takes addresses but no memory: libraries, files mapped, what allocators hold ready."""
OPEN_FILES = 64
STACK_BYTES = 8 * MIB
GRACE_SECONDS = 2


def die_with(parent: int) -> None:
    """Be killed when the parent dies; end at once when it is dead already."""
    if sys.platform == "linux":
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def close_all_but(*kept: int) -> None:
    """Close every descriptor but standard output, standard error and these."""
    start = 3
    os.dup2(sys.stderr.fileno(), 0)
    for descriptor in sorted(kept):
        os.closerange(start, descriptor)
        start = descriptor + 1
    os.closerange(start, resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def cut_off(read: Iterable[Path], write: Iterable[Path]) -> None:
    """No more privileges, and of all files only code and these."""
    # When memory runs out, the kernel ends this process rather than the worker.
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
    if not KNOWN:
        return
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    _drop_capabilities()
    landlock.restrict((*code(), *read), write)


def bind(bounds: Bounds) -> None:
    """Limits of the process, and the filter of system calls."""
    for which, limit in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_DATA, bounds.memory),
        (resource.RLIMIT_AS, bounds.memory + SHARED_BYTES),
        (resource.RLIMIT_CPU, bounds.cpu_seconds),
        (resource.RLIMIT_FSIZE, bounds.file_bytes),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_STACK, STACK_BYTES),
        (resource.RLIMIT_MEMLOCK, 0),
    ):
        _limit(which, limit)
    seccomp.install()


def code() -> tuple[Path, ...]:
    """Where Python, its libraries and this package lie, and what they read of the machine; no secrets."""
    folders = {Path(prefix) / lib for prefix in (sys.prefix, sys.base_prefix) for lib in ("lib", "lib64")}
    system = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache")
    machine = ("/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system")
    return (ROOT / "analysis", *sorted(folders), *(Path(one) for one in (*system, *machine)))


def _limit(which: int, limit: int) -> None:
    _, hard = resource.getrlimit(which)
    least = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    # The kernel's signal for too much time tells it from other deaths, but can be ignored for so long.
    most = least + GRACE_SECONDS if which == resource.RLIMIT_CPU and least == limit else least
    # macOS refuses some; it has neither Landlock nor seccomp, and `check --deploy` says so.
    with suppress(OSError, ValueError):
        resource.setrlimit(which, (least, most))


def _drop_capabilities() -> None:
    """Root's, in a container that runs as root."""
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION, 0)
    none = (ctypes.c_uint32 * 6)()
    syscall(CAPSET, ctypes.byref(header), ctypes.byref(none))
