"""A throw-away PostgreSQL: `python -m tests.support.postgres COMMAND...` runs COMMAND with DATABASE_URL and
ECHODEPTH_OWNER_DATABASE_URL set.

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
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import NoReturn

import psutil

OWNER = "echodepth_owner"
APPLICATION = "echodepth_app"
ROLES = Path(__file__).parents[2] / "echodepth/postgresql/roles.sql"
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


@dataclass(frozen=True)
class Server:
    """Its files, and how it is started and killed; for tests of what outlives a database."""

    programs: Path
    folder: Path
    port: int
    options: str = OPTIONS

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.port}/echodepth"

    def start(self) -> None:
        options = f"-p {self.port} -k {self.folder} {self.options}"
        log = self.folder / "log"
        _run(
            [self.programs / "pg_ctl", "-D", self._data, "-w", "-l", log, "-o", options, "start"], self.folder
        )

    def kill(self) -> None:
        """kill -9 of the postmaster and all its children, who are given no time to write anything."""
        postmaster = psutil.Process(int(self._pid_file.read_text().split()[0]))
        family = [postmaster, *postmaster.children(recursive=True)]
        for process in family:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(family, timeout=10)

    def create(self) -> None:
        """Make the cluster, start it, and make the product's roles and an empty database."""
        initdb = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        _run([self.programs / "initdb", "-D", self._data, *initdb], self.folder)
        self.start()
        connect = ["-h", self.folder, "-p", str(self.port), "-U", "postgres"]
        names = ["-v", f"owner={OWNER}", "-v", f"application={APPLICATION}"]
        psql = [self.programs / "psql", *connect, "-q", "-v", "ON_ERROR_STOP=1"]
        shutil.copy(ROLES, self.folder)  # the checkout need not be readable for the server's user
        _run([*psql, *names, "-f", self.folder / ROLES.name, "postgres"], self.folder)
        _run([*psql, "-c", f"ALTER ROLE {OWNER} CREATEDB", "postgres"], self.folder)
        _run([self.programs / "createdb", *connect, "-O", OWNER, "echodepth"], self.folder)

    def remove(self) -> None:
        if self._pid_file.exists():
            _run([self.programs / "pg_ctl", "-D", self._data, "-m", "immediate", "stop"], self.folder)
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    @property
    def _pid_file(self) -> Path:
        return self._data / "postmaster.pid"


@contextmanager
def running(options: str = OPTIONS) -> Iterator[Server]:
    """A fresh server with an empty database; nobody who is told of it is a superuser.

    The product's roles are there. The owner may make databases too.
    """
    programs = find_programs()
    folder = Path(tempfile.mkdtemp(prefix="echodepth-postgres-"))
    made = Server(programs, folder, free_port(), options)
    try:
        if os.geteuid() == 0:
            os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
        made.create()
        yield made
    finally:
        made.remove()


@contextmanager
def server() -> Iterator[str]:
    """Address and path of a fresh server's empty database: `127.0.0.1:<port>/echodepth`."""
    with running() as made:
        yield made.place


def urls(place: str) -> dict[str, str]:
    """The product's variables for the database at this place: as the application, and as the owner."""
    return {
        "DATABASE_URL": f"postgres://{APPLICATION}@{place}",
        "ECHODEPTH_OWNER_DATABASE_URL": f"postgres://{OWNER}@{place}",
    }


def _leave(signum: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(128 + signum)


def run_with_server(command: Sequence[str]) -> int:
    """The command's exit status; whatever ends this process also ends the server."""
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGHUP, _leave)
    with server() as place, subprocess.Popen(command, env=os.environ | urls(place)) as process:
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
