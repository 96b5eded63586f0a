"""What the command line's exit codes and messages mean; `docs/command-line.md` is this written out."""

from enum import IntEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from analysis.engine import errors
from analysis.messages import ERRORS


class Exit(IntEnum):
    DONE = 0
    UNEXPECTED = 1
    USAGE = 2
    REFUSED = 3
    OUTPUT = 4
    MODELS = 5
    INTERRUPTED = 130


MEANINGS: dict[Exit, Promise] = {
    Exit.DONE: _("Done; warnings, if any, are on standard error"),
    Exit.UNEXPECTED: _("An error of the program itself; `--traceback` shows where"),
    Exit.USAGE: _("Wrong arguments, or no such file"),
    Exit.REFUSED: _("The file cannot be analysed: a stable code and a sentence are on standard error"),
    Exit.OUTPUT: _("The output cannot be written, or is there already and `--overwrite` was not given"),
    Exit.MODELS: _(
        "A face model is missing or not the expected one: `manage.py prepare_models`; or a file of the "
        "built-in Action Unit model, which comes with the program"
    ),
    Exit.INTERRUPTED: _("Interrupted with Ctrl-C"),
}

REFUSALS: tuple[type[errors.EngineError], ...] = (
    errors.EmptyFileError,
    errors.UnreadableError,
    errors.NoVideoStreamError,
    errors.UnsupportedCodecError,
    errors.NoFramesError,
    errors.TooLongError,
    errors.TooLargeError,
    errors.NeutralUnusableError,
    errors.NeutralOfOtherModelError,
)
"""Exit 3; those about the models are exit 5."""


def exit_table() -> str:
    lines = ["| exit code | meaning |", "|---|---|"]
    return "\n".join([*lines, *(f"| {code.value} | {MEANINGS[code]} |" for code in Exit)]) + "\n"


def refusal_table() -> str:
    lines = ["| code | sentence |", "|---|---|"]
    rows = (f"| `{one.code}` | {ERRORS[one.code].sentence} |" for one in REFUSALS)
    return "\n".join([*lines, *rows]) + "\n"
