"""`manage.py prepare_storage`: make the place for files, and see that it keeps what is asked of it."""

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from echodepth.storage.chosen import object_storage
from echodepth.storage.prepare import OK, WRONG, Step, prepare


class Command(BaseCommand):
    help = (
        "Make the bucket or the folder for files where it is not there, and check it: private, encrypted, "
        "open to uploads from the portal's pages. Says what it did; status 1 where something is wrong."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        storage = object_storage()
        origin = urlsplit(settings.BASE_URL)
        steps = prepare(storage, f"{origin.scheme}://{origin.netloc}") if storage else _folder()
        try:
            wrong = sum(self._told(step) for step in steps)
        except OSError as error:
            raise CommandError(_("The storage cannot be used: %(error)s") % {"error": error}) from error
        if wrong:
            raise CommandError(_("Look at the lines above that begin with NO."))

    def _told(self, step: Step) -> bool:
        """Whether it is wrong."""
        self.stdout.write(f"{step.state}  {step.sentence}")
        return step.state == WRONG


def _folder() -> Iterable[Step]:
    folder = Path(default_storage.path(""))
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryFile(dir=folder):
        pass
    told = _("Files are kept in the folder %(folder)s, which can be written.")
    yield Step(OK, told % {"folder": folder})
