"""`manage.py write_settings_page`: after a change to `echodepth/env.py`."""

from typing import Any

from django.core.management.base import BaseCommand

from echodepth.settings_page import PAGE, page


class Command(BaseCommand):
    help = "Write the table of variables into docs/settings.md."

    def handle(self, *_args: Any, **_options: Any) -> None:
        PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
