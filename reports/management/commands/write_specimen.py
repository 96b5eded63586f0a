"""`manage.py write_specimen`: the sample report of the public site, made anew; for developers."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from analysis.engine.errors import EngineError
from analysis.messages import explain
from reports.domain.local import OutputError
from reports.domain.site.specimen_pages import TOOL, ToolMissingError
from reports.domain.site.specimen_writing import write
from reports.management.commands.analyze import Bar


class Command(BaseCommand):
    help = "Analyse the demonstration recording into a folder as the public site shows it (docs/training.md)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="static/specimen, to ship it")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            with Bar() as bar:
                write(options["folder"].absolute(), settings.MODELS_FOLDER, bar)
        except EngineError as error:
            raise CommandError(str(explain(error.code, error.facts).sentence)) from error
        except (OutputError, OSError) as error:
            raise CommandError(_("The output cannot be written: %(why)s") % {"why": error}) from error
        except ToolMissingError as error:
            told = _("%(tool)s draws the pages; install poppler-utils. (%(why)s)")
            raise CommandError(told % {"tool": TOOL, "why": error}) from error
        self.stdout.write(str(options["folder"]))
