"""Landlock: which files this thread, and every thread it starts, may still open. See landlock(7).

What was open before stays open. It needs no privilege, and cannot be taken back.
"""

import ctypes
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from analysis.confined.kernel import KNOWN, syscall

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
"""Numbers of the system calls, on every machine."""
ASK_VERSION = 1
PATH_BENEATH = 1

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, REMOVE_DIR, REMOVE_FILE = (1 << bit for bit in range(6))
MAKE_DIR, MAKE_REGULAR = 1 << 7, 1 << 8
TRUNCATE = 1 << 14
READING = READ_FILE | READ_DIR
WRITING = READING | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REGULAR | TRUNCATE
OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE
"""What can be allowed of something that is no folder."""
FILE_RIGHTS_SINCE = ((1, 13), (2, 14), (3, 15), (5, 16))
"""From which version of Landlock on it knows how many rights to files."""
NETWORK_SINCE, SCOPES_SINCE = 4, 6
ALL_TCP = 0b11
ALL_SCOPES = 0b11
"""Abstract sockets of others, and signals to others."""


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("handled_access_fs", ctypes.c_uint64),
        ("handled_access_net", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32))


def version() -> int:
    """Landlock's, as the kernel has it; 0 where there is none."""
    if not KNOWN:
        return 0
    try:
        return syscall(CREATE_RULESET, None, 0, ASK_VERSION)
    except OSError:
        return 0


def restrict(read: Iterable[Path], write: Iterable[Path]) -> None:
    """Open nothing from now on but what lies at or below `read` and `write`, and connect to nothing.

    Needs `no_new_privs`. Paths that are not there are left aside. Raises OSError where Landlock is there
    and refuses.
    """
    known = version()
    if not known:
        return
    files = (1 << max(bits for since, bits in FILE_RIGHTS_SINCE if known >= since)) - 1
    rules = _Ruleset(
        files, ALL_TCP if known >= NETWORK_SINCE else 0, ALL_SCOPES if known >= SCOPES_SINCE else 0
    )
    # An older kernel refuses a longer structure than it knows only where what it does not know is not zero.
    ruleset = syscall(CREATE_RULESET, ctypes.byref(rules), ctypes.sizeof(rules), 0)
    try:
        for rights, paths in ((READING & files, read), (WRITING & files, write)):
            for path in paths:
                _allow(ruleset, path, rights)
        syscall(RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: Path, rights: int) -> None:
    with suppress(FileNotFoundError):
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
        try:
            rule = _Beneath(rights if path.is_dir() else rights & OF_FILES, place)
            syscall(ADD_RULE, ruleset, PATH_BENEATH, ctypes.byref(rule), 0)
        finally:
            os.close(place)
