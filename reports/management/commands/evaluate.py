"""`manage.py evaluate`: measure the Action Unit model (`aus`), or what is made of it (`findings`).

Exit codes: 0 all bars that are measured hold, 1 one does not, 2 something needed is absent.
"""

import sys
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from analysis.engine.errors import EngineError
from analysis.engine.model_card import WEIGHTS
from analysis.engine.runtime import load_models
from analysis.messages import explain
from analysis.training.errors import TrainingError
from analysis.training.evaluation import page
from analysis.training.evaluation.accuracy import Asked, measured, write
from analysis.training.evaluation.findings import chapters, report
from analysis.training.evaluation.tables import Words, terminal
from reports import labels

PARTS = ("synthetic", "real", "fairness")
_SHARED = settings.BASE_DIR.parent / "shared"
OUTSIDE, ABSENT = 1, 2
WORDS = Words(labels.REASONS, labels.BANDS, labels.CIRCUMSTANCES)


class Command(BaseCommand):
    help = "Measure Action Units or findings; exits 1 outside the bars. What it needs: docs/training.md"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=("aus", "findings"))
        parser.add_argument(
            "--only", choices=PARTS, help="aus: one part; the others stay as the card has them"
        )
        parser.add_argument(
            "--write",
            action="store_true",
            help="aus: into the card, and docs/model-card.md; "
            "findings: into reliability.json, and docs/findings-accuracy.md",
        )
        parser.add_argument(
            "--data",
            type=Path,
            default=settings.DATA_FOLDER / "evaluation",
            help="rendered people and recordings; what it lacks is made",
        )
        parser.add_argument("--frames", type=int, default=7_680, help="rendered frames of each of two sets")
        parser.add_argument("--films", type=int, default=24, help="rendered films with blinks and winks")
        parser.add_argument("--twins", type=int, default=8, help="people filmed as twins of themselves")
        parser.add_argument("--workers", type=int, default=1, help="processes that film and analyse")
        parser.add_argument(
            "--recordings", type=int, default=300, help="findings: recordings that intervals are fitted on"
        )
        parser.add_argument("--clips", type=Path, default=_SHARED / "data" / "clips")
        parser.add_argument("--references", type=Path, default=_SHARED / "reference" / "clips")
        parser.add_argument("--weights", type=Path, default=WEIGHTS, help="folder of the model")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            holds = (self._aus if options["what"] == "aus" else self._findings)(options)
        except TrainingError as error:
            self._end(ABSENT, str(error))
        except EngineError as error:
            self._end(ABSENT, explain(error.code, error.facts).sentence)
        if not holds:
            self._end(OUTSIDE, _("What was measured is outside its bars."))

    def _findings(self, options: dict[str, Any]) -> bool:
        found = report.measured(self._of_findings(options))
        self.stdout.write(report.terminal(found))
        if options["write"]:
            report.write(found, f"python manage.py evaluate findings --recordings {options['recordings']}")
        return all(bar["holds"] for bar in found.bars)

    def _of_findings(self, options: dict[str, Any]) -> chapters.Asked:
        load_models(
            settings.MODELS_FOLDER, weights=options["weights"]
        )  # Raises at once what would be absent later.
        return chapters.Asked(
            folder=options["data"] / "findings",
            networks=settings.MODELS_FOLDER,
            weights=options["weights"],
            recordings=options["recordings"],
            workers=options["workers"],
            say=self.stderr.write,
        )

    def _aus(self, options: dict[str, Any]) -> bool:
        parts = frozenset([options["only"]] if options["only"] else PARTS)
        card = measured(self._asked(options), parts)
        self.stdout.write(terminal(card, WORDS))
        if options["write"]:
            write(options["weights"], card)
            page.PAGE.write_text(page.page(card, WORDS), encoding="utf-8")
        return all(bar["holds"] for bar in card["accuracy"]["bars"])

    def _asked(self, options: dict[str, Any]) -> Asked:
        return Asked(
            weights=options["weights"],
            networks=settings.MODELS_FOLDER,
            data=options["data"],
            frames=options["frames"],
            films=options["films"],
            clips=options["clips"],
            references=options["references"],
            command=command(options),
            say=self.stderr.write,
            twins=options["twins"],
            workers=options["workers"],
        )

    def _end(self, code: int, words: str) -> NoReturn:
        self.stderr.write(words)
        sys.exit(code)


def command(options: dict[str, Any]) -> str:
    """The line that makes the figures again; folders are the reader's own."""
    counts = " ".join(f"--{name} {options[name]}" for name in ("frames", "films", "twins"))
    line = f"python manage.py evaluate aus {counts}"
    return f"{line} --only {options['only']}" if options["only"] else line
