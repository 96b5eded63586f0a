"""A throw-away PostgreSQL: `python -m tests.support.postgres COMMAND...` runs COMMAND with DATABASE_URL set.

The server listens on a free port of 127.0.0.1, its files lie in a temporary folder, and both go
when the command ends, also on Ctrl-C and on SIGTERM. Durability is off: the data is worth nothing.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

ROLE = "echodepth"
OPTIONS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c listen_addresses=127.0.0.1"


class PostgresMissingError(Exception):
    """No PostgreSQL server programs on this machine."""


def find_programs() -> Path:
    """The folder with initdb and pg_ctl: the newest that Debian installs, else the one in PATH."""
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"), key=lambda path: int(path.parts[-3]), reverse=True
    )
    found = str(installed[0]) if installed else shutil.which("pg_ctl")
    if found is None:
        raise PostgresMissingError
    return Path(found).parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(command: Sequence[str | Path], folder: Path) -> None:
    """PostgreSQL refuses to be root, so root becomes Debian's postgres user for it."""
    if os.geteuid() == 0:
        command = ["runuser", "-u", "postgres", "--", *command]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        log = folder / "log"
        raise RuntimeError(done.stdout + done.stderr + (log.read_text() if log.exists() else ""))


@contextmanager
def server() -> Iterator[str]:
    """The URL of a fresh server's empty database, whose owner may create databases and is no superuser."""
    programs = find_programs()
    folder = Path(tempfile.mkdtemp(prefix="echodepth-postgres-"))
    data, port = folder / "data", free_port()
    try:
        if os.geteuid() == 0:
            os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
        start = f"-p {port} -k {folder} {OPTIONS}"
        initdb = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        _run([programs / "initdb", "-D", data, *initdb], folder)
        _run([programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", start, "start"], folder)
        connect = ["-h", folder, "-p", str(port), "-U", "postgres"]
        _run([programs / "psql", *connect, "-qc", f"CREATE ROLE {ROLE} LOGIN CREATEDB", "postgres"], folder)
        _run([programs / "createdb", *connect, "-O", ROLE, ROLE], folder)
        yield f"postgres://{ROLE}@127.0.0.1:{port}/{ROLE}"
    finally:
        if (data / "postmaster.pid").exists():
            _run([programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"], folder)
        shutil.rmtree(folder, ignore_errors=True)


def _leave(signum: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(128 + signum)


def run_with_server(command: Sequence[str]) -> int:
    """The command's exit status; whatever ends this process also ends the server."""
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGHUP, _leave)
    with server() as url, subprocess.Popen(command, env=os.environ | {"DATABASE_URL": url}) as process:
        try:
            while True:
                try:
                    return process.wait()
                except KeyboardInterrupt:
                    continue  # the terminal told the command too: it ends in its own time
        finally:
            process.terminate()


if __name__ == "__main__":
    sys.exit(run_with_server(sys.argv[1:]))
