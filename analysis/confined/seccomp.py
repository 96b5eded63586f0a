"""A filter of system calls (seccomp) for all threads of this process; see seccomp(2). It stays for good."""

import ctypes
import errno
import os
import struct

from analysis.confined import syscalls
from analysis.confined.kernel import KNOWN, MACHINE, number, syscall

SECCOMP = number(317, 277)
SET_MODE_FILTER, GET_ACTION_AVAILABLE = 1, 2
TO_ALL_THREADS, NO_SLOWER_SPECULATION = 1, 4
"""Threads that a library started before are bound too. Older kernels slow a filtered process down."""

AUDIT_ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
LOAD, IS, HAS, RETURN = 0x20, 0x15, 0x45, 0x06
"""BPF: load a word of the call's facts, compare it, test its bits, decide."""
NUMBER_AT, ARCHITECTURE_AT, ARGUMENTS_AT = 0, 4, 16
ALLOW, REFUSE, KILL = 0x7FFF0000, 0x00050000, 0x80000000

CLONE_THREAD = 0x00010000
TCGETS, FIONCLEX, FIOCLEX = 0x5401, 0x5450, 0x5451
OF_DESCRIPTORS = (0, 1, 2, 3, 1030)
"""What `fcntl` may do: F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_DUPFD_CLOEXEC. Others have a file send a signal
of one's choice to another process."""

Step = tuple[int, int, int, int]
"""Code, steps to jump when true, when false, operand."""


def available() -> bool:
    """Whether the kernel has filters, and would let this process have one."""
    if not KNOWN:
        return False
    action = ctypes.c_uint32(REFUSE)
    try:
        syscall(SECCOMP, GET_ACTION_AVAILABLE, 0, ctypes.byref(action))
    except OSError:
        return False
    return True


def install() -> None:
    """Allow what `syscalls` names, and refuse the rest with EPERM. Needs `no_new_privs`; raises OSError."""
    if not available():
        return
    steps = program(os.getpid())
    content = b"".join(struct.pack("<HBBI", *step) for step in steps)
    filters = ctypes.create_string_buffer(content, len(content))
    described = ctypes.create_string_buffer(struct.pack("@HP", len(steps), ctypes.addressof(filters)))
    flags = TO_ALL_THREADS | NO_SLOWER_SPECULATION
    if syscall(SECCOMP, SET_MODE_FILTER, flags, ctypes.byref(described)):
        raise OSError(errno.EPERM, "a thread has a filter of its own")


def program(pid: int) -> list[Step]:
    """The filter for the process `pid`."""
    steps: list[Step] = [
        (LOAD, 0, 0, ARCHITECTURE_AT),
        (IS, 1, 0, AUDIT_ARCHITECTURE[MACHINE]),
        # Calls of another machine's table (32 bit) have other numbers.
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, NUMBER_AT),
    ]
    for allowed in sorted(syscalls.ALLOWED):
        steps += [(IS, 0, 1, allowed), (RETURN, 0, 0, ALLOW)]
    steps += _with(syscalls.CLONE, 0, HAS, (CLONE_THREAD,), errno.EPERM)
    steps += _with(syscalls.TGKILL, 0, IS, (pid,), errno.EPERM)
    steps += _with(syscalls.PRLIMIT, 0, IS, (0,), errno.EPERM)
    steps += _with(syscalls.FCNTL, 1, IS, OF_DESCRIPTORS, errno.EPERM)
    steps += _with(syscalls.IOCTL, 1, IS, (TCGETS, FIOCLEX, FIONCLEX), errno.ENOTTY)
    # Its flags lie in memory, where a filter does not see them; the C library then takes `clone`.
    steps += [(IS, 0, 1, syscalls.CLONE3), (RETURN, 0, 0, REFUSE | errno.ENOSYS)]
    steps += [(RETURN, 0, 0, REFUSE | errno.EPERM)]
    return steps


def _with(which: int, place: int, test: int, values: tuple[int, ...], otherwise: int) -> list[Step]:
    """Allow a call when its argument at `place` passes the test with one of the values."""
    inside: list[Step] = [(LOAD, 0, 0, ARGUMENTS_AT + 8 * place)]
    for value in values:
        inside += [(test, 0, 1, value), (RETURN, 0, 0, ALLOW)]
    inside += [(RETURN, 0, 0, REFUSE | otherwise)]
    return [(IS, 0, len(inside), which), *inside]
