"""The workers of one machine and what watches them; told to stop, they give a running analysis back."""

import signal
from threading import Event
from types import FrameType
from typing import Any

from django.core.checks import Tags
from django.core.management.base import BaseCommand

from analysis.supervisor import Supervisor, await_database


class Command(BaseCommand):
    requires_system_checks = []  # they would load every page here, where none is served
    help = "Run the worker processes that analyse recordings. SIGTERM or Ctrl-C stops them within seconds."

    def handle(self, *_args: Any, **_options: Any) -> None:
        self._stopping = Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask_to_stop)
        if await_database(self._stopping):
            self.check(tags=[Tags.database], databases=["default"])
            Supervisor(self._stopping, self.stderr.write).run()

    def _ask_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._stopping.set()
