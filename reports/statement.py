"""The sentence that stands beside every number of a result, wherever it leaves the product."""

from django.utils.translation import gettext_lazy as _

from analysis.engine import statement
from reports.enums import ReviewState

STATEMENT = _("Describes displays of the face. No decision about a person may rest on it alone.")
"""As people read it: the engine's sentence, which programs are told, translated."""


def csv_notes(state: ReviewState) -> dict[str, str]:
    """The columns that a CSV has behind the frame table's own, with what stands in each of their cells."""
    return {"review": str(state), "statement": statement.STATEMENT}
