"""The product's settings on a machine whose clock and storage a drill can bend.

The drill says how in files of the folder ECHO_DRILL: `clock` and `clock.<machine>` hold seconds by which the
clock is ahead, `storage` holds `refuse`, `hang` or `full`. ECHO_MACHINE is the machine's name.
"""

import os
import socket
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from echodepth.settings import *  # noqa: F403 - these settings are the product's

FOLDER = Path(os.environ["ECHO_DRILL"])
MACHINE = os.environ.get("ECHO_MACHINE", "driver")
STORAGES = {
    **STORAGES,  # noqa: F405
    "default": {
        "BACKEND": "tests.drills.bent_storage.BentStorage",
        "OPTIONS": {"location": str(DATA_FOLDER / "storage")},  # noqa: F405
    },
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

_now = timezone.now


def ahead() -> timedelta:
    """By how much this machine's clock is ahead of the true one."""
    files = (FOLDER / "clock", FOLDER / f"clock.{MACHINE}")
    return timedelta(seconds=sum(float(file.read_text() or 0) for file in files if file.exists()))


def now() -> datetime:
    return _now() + ahead()


timezone.now = now
socket.gethostname = lambda: MACHINE
