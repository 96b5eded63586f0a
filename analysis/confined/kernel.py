"""Linux' own calls that Python has no names for."""

import ctypes
import os
import platform
import sys

_LIBC = ctypes.CDLL(None, use_errno=True)
MACHINES = ("x86_64", "aarch64")
MACHINE = platform.machine()
KNOWN = sys.platform == "linux" and MACHINE in MACHINES
"""Whether the numbers below are those of this system."""


def number(x86_64: int, aarch64: int) -> int:
    return aarch64 if MACHINE == "aarch64" else x86_64


def syscall(which: int, *arguments: object) -> int:
    """Raises OSError."""
    plain = (ctypes.c_long(one) if isinstance(one, int) else one for one in arguments)
    return _checked(_LIBC.syscall(ctypes.c_long(which), *plain))


def prctl(option: int, *arguments: int) -> int:
    """Raises OSError."""
    given = (*arguments, 0, 0, 0, 0)[:4]
    return _checked(_LIBC.prctl(ctypes.c_int(option), *(ctypes.c_ulong(one) for one in given)))


def _checked(answer: int) -> int:
    if answer < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return answer
