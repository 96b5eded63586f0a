"""A throw-away Ceph object store (RGW) on free ports of 127.0.0.1: an S3 server that checks what it is sent.

One monitor, manager, object store daemon and gateway, about 650 MB of memory, half a minute to start, as
root alone. Its files lie in a temporary folder; both go at the end.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.support.postgres import free_port

PROGRAMS = ("radosgw", "radosgw-admin", "ceph", "ceph-mon", "ceph-mgr", "ceph-osd", "monmaptool")
PACKAGES = "radosgw ceph-mon ceph-osd ceph-mgr ceph-common"
PATIENCE = 120
"""Seconds, on a busy machine."""
ACCESS_KEY = "ECHODEPTHTESTACCESS1"
SECRET_KEY = "echodepth-test-secret-key-of-forty-chars"

CONFIGURATION = """
[global]
fsid = {fsid}
mon host = v1:127.0.0.1:{mon}
ms bind msgr2 = false
ms bind ipv4 = true
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth cluster required = none
auth service required = none
auth client required = none
run dir = {folder}
admin socket = {folder}/$name.asok
pid file = {folder}/$name.pid
log file = {folder}/$name.log
mon data = {folder}/mon
mgr data = {folder}/mgr
osd data = {folder}/osd
crash dir = {folder}
keyring = {folder}/keyring
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd pool default pgp num = 1
osd crush chooseleaf type = 0
osd class update on start = false
osd crush update on start = false
mon allow pool size one = true
mon warn on pool no redundancy = false
mon data avail crit = 1
mgr initial modules =
bluestore block size = 4294967296
bluestore fsck on mount = false
osd memory target = 939524096
bluestore cache autotune = false
bluestore cache size = 67108864
rgw frontends = beast endpoint=127.0.0.1:{rgw}
rgw crypt require ssl = false
rgw thread pool size = 32
rgw enable usage log = false
rgw dynamic resharding = false
rgw lc debug interval = -1
"""


class CephMissingError(Exception):
    """No Ceph on this machine, or not root."""


def find_programs() -> None:
    """Raises CephMissingError with what is missing."""
    missing = [name for name in PROGRAMS if shutil.which(name) is None]
    if missing:
        raise CephMissingError(f"{', '.join(missing)}: install {PACKAGES}")
    if os.geteuid() != 0:
        raise CephMissingError("Ceph is started by root alone")


class Ceph:
    """`url` is the gateway's address; its user is ACCESS_KEY with SECRET_KEY."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._port = folder, free_port()
        self._daemons: list[subprocess.Popen[bytes]] = []
        self.url = f"http://127.0.0.1:{self._port}"

    def make(self) -> None:
        """A cluster of nothing, with its user."""
        fsid, mon = str(uuid4()), free_port()
        facts = {"fsid": fsid, "mon": mon, "rgw": self._port, "folder": self._folder}
        (self._folder / "ceph.conf").write_text(CONFIGURATION.format(**facts))
        for name in ("mon", "mgr", "osd"):
            (self._folder / name).mkdir()
        everything = ["--cap", "mon", "allow *", "--cap", "osd", "allow *", "--cap", "mgr", "allow *"]
        self._run("ceph-authtool", "--create-keyring", "keyring", "--gen-key", "-n", "mon.", *everything[:3])
        self._run("ceph-authtool", "keyring", "--gen-key", "-n", "client.admin", *everything)
        address = ["--addv", "a", f"[v1:127.0.0.1:{mon}]"]
        self._run("monmaptool", "--create", *address, "--fsid", fsid, "monmap")
        self._run("ceph-mon", "--mkfs", "-i", "a", "--monmap", "monmap", "--keyring", "keyring")
        self._start("ceph-mon", "-i", "a")
        self._start("ceph-mgr", "-i", "a")
        disk = str(uuid4())
        self._wait("the monitor", lambda: self._try("ceph", "osd", "dump") is not None)
        self._wait("the disk's place", lambda: self._has_place(disk))
        self._run("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", disk)
        self._start("ceph-osd", "-i", "0")
        self._ceph("osd", "crush", "add", "osd.0", "1", "root=default", "host=localhost")
        self._wait("the disk", self._disk_is_up)
        keys = [f"--access-key={ACCESS_KEY}", f"--secret-key={SECRET_KEY}"]
        self._run("radosgw-admin", "user", "create", "--uid=t", "--display-name=t", *keys)
        self._serve()

    def start(self) -> None:
        """Start what was killed."""
        self._start("ceph-mon", "-i", "a")
        self._start("ceph-mgr", "-i", "a")
        self._start("ceph-osd", "-i", "0")
        self._wait("the disk", self._disk_is_up)
        self._serve()

    def kill(self) -> None:
        """kill -9 of all of it."""
        for daemon in self._daemons:
            daemon.send_signal(signal.SIGKILL)
            daemon.wait()
        self._daemons.clear()

    def _serve(self) -> None:
        self._start("radosgw", "-n", "client.rgw.a")
        self._wait("the gateway", self._answers)

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self._port), timeout=1).close()
        except OSError:
            return False
        return True

    def _has_place(self, disk: str) -> bool:
        """A monitor that only wakes up may forget what it was told."""
        self._ceph("osd", "new", disk)
        return [osd["uuid"] for osd in self._map()["osds"]] == [disk]

    def _map(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self._ceph("osd", "dump", "--format=json"))
        return told

    def _disk_is_up(self) -> bool:
        """Up in its new life: after a kill it counts as up until the monitor hears otherwise."""
        osd = next(iter(self._map()["osds"]), {})
        status = self._folder / "osd.0.asok"
        if not (osd.get("up") and status.exists()):
            return False
        asked = self._try("ceph", "daemon", str(status), "status")
        return asked is not None and json.loads(asked)["state"] == "active"

    def _start(self, program: str, *arguments: str) -> None:
        command = [program, *self._config(), *arguments, "-f"]
        log = self._folder / f"{program}.out"
        with log.open("ab") as out:
            self._daemons.append(subprocess.Popen(command, cwd=self._folder, stdout=out, stderr=out))

    def _ceph(self, *arguments: str) -> str:
        """Again while the monitor only wakes up, when it refuses whatever it is asked."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return self._run("ceph", "--connect-timeout", str(PATIENCE), *arguments)
            except RuntimeError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.5)

    def _run(self, program: str, *arguments: str) -> str:
        command = [program, *self._config(), *arguments]
        if program in {"ceph-authtool", "monmaptool"}:
            command = [program, *arguments]
        done = self._done(command)
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)}: {done.stdout} {done.stderr}")
        return done.stdout

    def _try(self, program: str, *arguments: str) -> str | None:
        done = self._done([program, *self._config(), *arguments])
        return None if done.returncode else done.stdout

    def _done(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=self._folder, capture_output=True, text=True, check=False, timeout=PATIENCE
        )

    def _config(self) -> list[str]:
        return ["-c", str(self._folder / "ceph.conf")]

    def _wait(self, what: str, ready: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not ready():
            if time.monotonic() > end or any(daemon.poll() is not None for daemon in self._daemons):
                raise RuntimeError(f"{what} did not come up:\n{self._last_words()}")
            time.sleep(0.2)

    def _last_words(self) -> str:
        return "\n".join(path.read_text(errors="replace")[-2000:] for path in self._folder.glob("*.out"))


@contextmanager
def server() -> Iterator[Ceph]:
    """Raises CephMissingError where it cannot be started."""
    find_programs()
    folder = Path(tempfile.mkdtemp(prefix="echodepth-ceph-"))
    ceph = Ceph(folder)
    try:
        ceph.make()
        yield ceph
    finally:
        ceph.kill()
        shutil.rmtree(folder, ignore_errors=True)
