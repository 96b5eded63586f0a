"""`manage.py write_personal_data_page`: after a change to a model, or to how its fields are classed."""

from typing import Any

from django.core.management.base import BaseCommand

from echodepth.personal_page import PAGE, page


class Command(BaseCommand):
    help = "Write docs/personal-data.md from the tables of personal data."

    def handle(self, *_args: Any, **_options: Any) -> None:
        PAGE.write_text(page(), encoding="utf-8")
