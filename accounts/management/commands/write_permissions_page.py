"""`manage.py write_permissions_page`: after a change to `accounts/permissions.py`."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.permissions_page import PAGE, page


class Command(BaseCommand):
    help = "Write docs/permissions.md from the permission table."

    def handle(self, *_args: Any, **_options: Any) -> None:
        PAGE.write_text(page(), encoding="utf-8")
