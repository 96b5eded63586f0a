"""`manage.py write_particulars_page`: after a change to rules, deadlines or limits of a region."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.particulars_page import PAGE, page


class Command(BaseCommand):
    help = "Write docs/particulars.md from the tables of rules and deadlines."

    def handle(self, *_args: Any, **_options: Any) -> None:
        PAGE.write_text(page(), encoding="utf-8")
