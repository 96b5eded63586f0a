"""`manage.py createsuperuser`: Django's own knows permissions that this product has not."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _


class Command(BaseCommand):
    help = "Not used here: create_platform_admin makes the account that administers the platform."

    def run_from_argv(self, argv: list[str]) -> None:
        super().run_from_argv(argv[:2])  # whatever Django's own would take

    def handle(self, *_args: Any, **_options: Any) -> None:
        raise CommandError(
            _("There are no superusers. Type manage.py create_platform_admin EMAIL, for a platform admin.")
        )
