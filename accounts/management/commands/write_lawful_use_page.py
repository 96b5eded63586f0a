"""`manage.py write_lawful_use_page`: after a change to the table of rules."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.lawful_page import PAGE, page


class Command(BaseCommand):
    help = "Write docs/lawful-use.md from the table of rules."

    def handle(self, *_args: Any, **_options: Any) -> None:
        PAGE.write_text(page(), encoding="utf-8")
