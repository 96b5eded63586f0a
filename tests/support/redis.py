"""A throw-away Redis on a free port of 127.0.0.1, which keeps nothing."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.postgres import free_port

PATIENCE = 20
"""Seconds."""


class RedisMissingError(Exception):
    """No Redis on this machine."""


def find_program() -> str:
    """The server; Debian's redis-tools has it too, under another of its names, and starts none at boot."""
    found = shutil.which("redis-server") or shutil.which("redis-check-rdb")
    if found is None:
        raise RedisMissingError
    return found


@contextmanager
def server() -> Iterator[str]:
    """Its address as a URL."""
    port = free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    process = subprocess.Popen(
        ["redis-server", *options], executable=find_program(), stdout=subprocess.DEVNULL
    )
    try:
        _wait_for(port)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait_for(port: int) -> None:
    end = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except ConnectionRefusedError:
            if time.monotonic() > end:
                raise
            time.sleep(0.02)
        else:
            return
