"""`manage.py restore FOLDER [--replace]`: what `backup` made, into the data folder."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from echodepth.backups.installation import BackupError, embedded
from echodepth.backups.restore import restore
from echodepth.listening import refuse_taken_address


class Command(BaseCommand):
    requires_system_checks = []
    help = "Put a backup into the data folder, verified by checksums. Stop the product before."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="what manage.py backup wrote")
        parser.add_argument(
            "--replace",
            action="store_true",
            help="also where there is an installation, which is set aside in the data folder",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            refuse_taken_address(settings.BIND)
        except CommandError as error:
            message = _("Something listens on %(bind)s: stop the product before you restore a backup.")
            raise CommandError(message % {"bind": settings.BIND}) from error
        try:
            restored = restore(embedded(), options["folder"], replace=options["replace"])
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        facts = {"number": len(restored.manifest.files), "at": restored.manifest.made_at}
        self.stdout.write(_("%(number)d files are back and verified, rows as of %(at)s.") % facts)
        if restored.set_aside:
            self.stdout.write(
                _("What was there before is now in %(folder)s.") % {"folder": restored.set_aside}
            )
        if not restored.key_fits:
            self.stderr.write(
                _(
                    "The backup was made with another secret key: set ECHODEPTH_SECRET_KEY to that one "
                    "before you start. Without it no link, no provider's secret and no seal of the audit "
                    "trail holds."
                )
            )
        self.stdout.write(
            _("Next: manage.py migrate, manage.py verify_storage, manage.py verify_audit, then start.")
        )
