"""The sample report that everybody may look at: of the demonstration recording, whose person is rendered."""

import hashlib
from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext_lazy as _

from analysis.domain import demonstration
from echodepth import files
from reports.domain.exports import stored_file
from reports.domain.reviews import is_signed
from reports.enums import ReportState
from reports.models import Report

PROJECT = "Demonstration"
"""Name of the project in the desk's organisation that is made for it; what counts is its recording."""
CHAPTERS = (
    (_("Summary"), _("What stood out, in sentences, with what the report can say and what it cannot.")),
    (_("Signals over time"), _("Three signals along the recording, each with its interval.")),
    (_("Action Units"), _("Each movement of the face: how often, how strong, how sure the measurement is.")),
    (_("Combinations of Action Units"), _("Patterns of several movements, and when they were shown.")),
    (_("Smiles, blinks, head and eyes"), _("Displays that are counted and timed.")),
    (_("Quality and neutral"), _("What could be scored, what was left out, and why.")),
    (_("Method and limits"), _("How the numbers are made, with versions and hashes to check them by.")),
)
"""What is in every report."""


@dataclass(frozen=True, slots=True)
class Example:
    report: Report
    is_signed: bool
    """Else a draft, which says so on each page."""
    file: files.StoredFile
    """Its PDF."""


def example() -> Example | None:
    """The newest one of the desk whose organisation is in scope; None while it is being made."""
    ready = Report.objects.filter(state=ReportState.READY, run__recording__sha256=_shown())
    # A prospect may have been given the same file: theirs is theirs.
    newest = (
        ready.filter(run__recording__project__sample=None)
        .select_related("run__recording")
        .order_by("-ready_at", "-created_at")
    )
    found: Report | None = newest.first()
    return Example(found, is_signed(found), stored_file(found.run, found, "pdf")) if found else None


@cache
def _shown() -> str:
    """The demonstration recording, told by its bytes: a name could be anybody's."""
    return hashlib.sha256(demonstration.RECORDING.read_bytes()).hexdigest()
