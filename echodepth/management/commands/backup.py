"""`manage.py backup FOLDER`: the embedded default, while it runs."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from echodepth.backups.installation import SECRET_KEY, BackupError, embedded
from echodepth.backups.make import make


class Command(BaseCommand):
    requires_system_checks = []
    help = "Copy database, recordings, reports and secret key into a folder, while the product runs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="where to: a new folder, or an empty one")

    def handle(self, *_args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        try:
            manifest = make(embedded(), folder)
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        size = sum(entry.size for entry in manifest.files.values())
        told = _("%(folder)s: %(number)d files, %(size)s, rows as of %(at)s.")
        facts = {"folder": folder, "number": len(manifest.files), "at": manifest.made_at}
        self.stdout.write(told % {**facts, "size": filesizeformat(size).replace("\xa0", " ")})
        if SECRET_KEY in manifest.files:
            self.stdout.write(_("The secret key is in it: who has this folder has everything. Encrypt it."))
        else:
            self.stdout.write(
                _("ECHODEPTH_SECRET_KEY is not in it: keep it elsewhere; without it the copy is little.")
            )
