"""`manage.py analyze`: one recording from a shell, with no database and no server."""

import json
import math
import sys
from argparse import SUPPRESS, ArgumentTypeError
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn, Self

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from tqdm import tqdm

from analysis.engine.analyse import Config
from analysis.engine.clock import StageClock
from analysis.engine.errors import EngineError, ModelMismatchError, ModelsMissingError
from analysis.engine.findings.cohorts import shipped
from analysis.engine.neutral_choice import Span
from analysis.engine.probe import Limits
from analysis.engine.result import from_json
from analysis.engine.result_types import AnalysisResult
from analysis.messages import explain, explain_warning
from reports.domain.exits import Exit
from reports.domain.local import FILES, Job, OutputError, OutputExistsError, run

STAGES = {
    "analysing": gettext_lazy("Analysing"),
    "scoring": gettext_lazy("Scoring"),
    "reporting": gettext_lazy("Writing"),
}


class Command(BaseCommand):
    help = (
        "Analyse a recording into a folder: frame table, result and report. Exit codes: docs/command-line.md"
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="the recording")
        parser.add_argument("--output", type=Path, required=True, metavar="DIR", help="folder to write into")
        parser.add_argument(
            "--formats",
            type=formats,
            default=list(FILES),
            help="some of csv,parquet,json,pdf; all by default",
        )
        parser.add_argument("--overwrite", action="store_true", help="replace files that are there already")
        neutral = parser.add_mutually_exclusive_group()
        neutral.add_argument(
            "--neutral",
            type=span,
            metavar="FROM-TO",
            help="seconds between which the person most seen shows a neutral face; else it is estimated",
        )
        neutral.add_argument(
            "--neutral-from",
            type=result_file,
            metavar="FILE",
            help="result.json of an earlier recording whose neutral and range the person most seen is given",
        )
        parser.add_argument(
            "--cohort",
            choices=list(shipped().cohorts),
            metavar="KEY",
            help="cultural cohort that is declared for the person most seen: " + ", ".join(shipped().cohorts),
        )
        # For `benchmark` alone: CPU seconds by stage, written as JSON.
        parser.add_argument("--stages", type=Path, help=SUPPRESS)

    def handle(self, *_args: Any, **options: Any) -> None:
        job = Job(
            options["file"],
            options["output"].absolute(),
            options["formats"],
            options["overwrite"],
            settings.MODELS_FOLDER,
            _config(options),
        )
        clock = StageClock()
        if not job.file.is_file():
            self._end(Exit.USAGE, _("There is no file %(file)s.") % {"file": job.file})
        with self._exits(show_all=options["traceback"]), Bar() as bar:
            result = run(job, bar, clock)
        if options["stages"]:
            options["stages"].write_text(json.dumps(clock.cpu), encoding="utf-8")
        for code in result.warnings:
            self.stderr.write(f"{code}: {explain_warning(code).sentence}")
        for kind in job.formats:
            self.stdout.write(str(options["output"] / FILES[kind]))

    @contextmanager
    def _exits(self, *, show_all: bool) -> Iterator[None]:
        """Every way the work can end without a result, as an exit code and one line on standard error."""
        try:
            yield
        except (ModelsMissingError, ModelMismatchError) as error:
            advice = _(
                "Type: python manage.py prepare_models. If that does not help, files of the program are "
                "damaged: install it again."
            )
            self._end(Exit.MODELS, f"{error.code}: {explain(error.code, error.facts).sentence} {advice}")
        except EngineError as error:
            self._end(Exit.REFUSED, f"{error.code}: {explain(error.code, error.facts).sentence}")
        except OutputExistsError as error:
            words = _("%(path)s is there already; --overwrite replaces it.") % {"path": error.path}
            self._end(Exit.OUTPUT, words)
        except OutputError as error:
            self._end(Exit.OUTPUT, _("The output cannot be written: %(why)s") % {"why": error})
        except KeyboardInterrupt:
            self._end(Exit.INTERRUPTED, _("Interrupted; nothing was written."))
        except Exception as error:
            if show_all:
                raise
            words = _("Something went wrong in the program (%(kind)s). --traceback shows where.")
            self._end(Exit.UNEXPECTED, words % {"kind": type(error).__name__})

    def _end(self, code: Exit, words: str) -> NoReturn:
        self.stderr.write(words)
        sys.exit(code)


def _config(options: dict[str, Any]) -> Config:
    return Config(
        Limits(max_seconds=settings.MAX_SECONDS),
        neutral=options["neutral"] or options["neutral_from"],
        cohort=shipped().cohorts[options["cohort"]] if options["cohort"] else None,
    )


class Bar:
    """The engine's progress as a bar on standard error; silent where that is no terminal."""

    def __init__(self) -> None:
        self._bar: tqdm[NoReturn] | None = None
        self._stage = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        if stage != self._stage or self._bar is None:
            self.__exit__()
            self._stage = stage
            self._bar = tqdm(total=total, desc=str(STAGES[stage]), disable=None, file=sys.stderr)
        self._bar.update(done - self._bar.n)


def formats(text: str) -> list[str]:
    """Names divided by commas, in the order of `FILES`; ValueError for an unknown one or none."""
    names = {name.strip() for name in text.split(",")}
    if not names <= FILES.keys():
        raise ValueError(text)
    return [name for name in FILES if name in names]


def span(text: str) -> Span:
    """Two times in seconds, parted by a dash, the earlier first; ValueError for anything else."""
    start, end = map(float, text.split("-"))
    if not start <= end < math.inf:
        raise ValueError(text)
    return Span(start, end)


def result_file(text: str) -> AnalysisResult:
    """What a `result.json` holds; ArgumentTypeError where the file is none of this version."""
    try:
        return from_json(Path(text).read_text(encoding="utf-8"))
    except OSError as error:
        raise ArgumentTypeError(_("%(file)s cannot be read.") % {"file": text}) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArgumentTypeError(_("%(file)s is no result.json of this version.") % {"file": text}) from error
