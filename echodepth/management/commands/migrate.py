"""Django's `migrate`, by the owner of the tables, whom ECHODEPTH_OWNER_DATABASE_URL names on PostgreSQL."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connection
from django.utils.translation import gettext as _

from echodepth.fence import FenceError
from echodepth.postgresql.owner import as_owner


class Command(migrate.Command):
    def get_check_kwargs(self, options: Any) -> dict[str | None, Any]:
        """Without the database's own checks: a fence that is not up is what this command mends."""
        asked: dict[str | None, Any] = super().get_check_kwargs(options)
        asked.pop("databases")
        return asked

    def handle(self, *args: Any, **options: Any) -> None:
        if connection.vendor == "postgresql" and not settings.OWNER_DATABASE:
            raise CommandError(
                _(
                    "Set ECHODEPTH_OWNER_DATABASE_URL to the database as its owner: the role of DATABASE_URL "
                    "must not own tables (docs/operating.md)."
                )
            )
        try:
            with as_owner():
                super().handle(*args, **options)
        except FenceError as error:
            raise CommandError(str(error)) from error
