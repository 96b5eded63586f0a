"""`manage.py serve`: web server and workers of one machine, started, watched and stopped together."""

import signal
import sys
import time
from http.client import HTTPConnection, HTTPException
from threading import Event
from types import FrameType
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Tags
from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.db import connections
from django.utils.translation import gettext as _

from analysis.children import Child
from echodepth.env import BASE_DIR
from echodepth.kinds import split_address
from echodepth.listening import refuse_taken_address

STOP_SECONDS = 8.0
"""Longer than `manage.py worker` takes to stop."""
LOOK_SECONDS = 0.5


def web_command() -> list[str]:
    """gunicorn: one process, so that memory stays small, and threads, which uploads and downloads wait in."""
    options = {
        "--bind": settings.BIND,
        "--chdir": str(BASE_DIR),
        "--worker-class": "gthread",
        "--workers": "1",
        "--threads": str(settings.WEB_THREADS),
        "--graceful-timeout": "3",
        "--log-level": "warning",
    }
    flags = ["--no-control-socket"]
    flat = [part for option in options.items() for part in option]
    return [sys.executable, "-m", "gunicorn", *flags, *flat, "echodepth.wsgi:application"]


def worker_command() -> list[str]:
    return [sys.executable, str(BASE_DIR / "manage.py"), "worker"]


def answers(bind: str, host: str) -> bool:
    """Whether an HTTP server answers at `bind` ("address:port"), whatever it says."""
    address, port = split_address(bind)
    address = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)  # noqa: S104 - read only
    connection = HTTPConnection(address, port, timeout=2)
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        connection.getresponse().read()
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
    return True


class Command(BaseCommand):
    requires_system_checks = []  # they would load every page here, where none is served
    help = "Run the web server and the workers until Ctrl-C or SIGTERM."

    def handle(self, *_args: Any, **_options: Any) -> None:
        refuse_taken_address(settings.BIND)
        self.check(tags=[Tags.database], databases=["default"])
        self._stopping = Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask_to_stop)
        connections.close_all()
        web, worker = Child(_("web server"), web_command()), Child(_("worker"), worker_command())
        try:
            web.start()
            self._wait_for_answer(web)
            if not self._stopping.is_set():
                worker.start()  # after the web server, which people wait for
            self._watch(web, worker)
        finally:
            self._stop(web, worker)

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping.set()

    def _wait_for_answer(self, web: Child) -> None:
        host = urlsplit(settings.BASE_URL).netloc
        while not self._stopping.wait(0.1):
            if web.returncode is not None:
                raise CommandError(_("The web server could not start on %(bind)s.") % {"bind": settings.BIND})
            if answers(settings.BIND, host):
                address = {"address": settings.BASE_URL}
                self.stdout.write(_("EchoDepth is at %(address)s (Ctrl-C stops it)") % address)
                self.stdout.flush()
                return

    def _watch(self, web: Child, worker: Child) -> None:
        while not self._stopping.wait(LOOK_SECONDS):
            for child in (web, worker):
                if child.revive():
                    self.stderr.write(
                        _("The %(name)s had died and was started again.") % {"name": child.name}
                    )

    def _stop(self, *children: Child) -> None:
        deadline = time.monotonic() + STOP_SECONDS
        for child in children:
            child.ask_to_stop()
        for child in children:
            child.stop(deadline)
