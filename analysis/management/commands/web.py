"""`manage.py web`: the web server of one machine alone, where workers run elsewhere."""

import os
import sys
from typing import Any

from django.conf import settings
from django.core.checks import Tags
from django.core.management.base import BaseCommand
from django.db import connections

from analysis.management.commands.serve import web_command
from echodepth.listening import refuse_taken_address


class Command(BaseCommand):
    requires_system_checks = []  # they would load every page here, where none is served
    help = "Run the web server alone, in place of this process. Migrate and collect static files before."

    def handle(self, *_args: Any, **_options: Any) -> None:
        refuse_taken_address(settings.BIND)
        self.check(tags=[Tags.database], databases=["default"])
        connections.close_all()
        command = web_command()
        self.stdout.flush()
        os.execv(sys.executable, command)  # noqa: S606 - signals then reach the web server itself
