from django.db import models
from django.utils.translation import gettext_lazy as _


class RunState(models.TextChoices):
    """A run's way; the last three are final."""

    REQUESTED = "requested", _("Waiting")
    CLAIMED = "claimed", _("Starting")
    PROBING = "probing", _("Reading the file")
    ANALYSING = "analysing", _("Analysing")
    SCORING = "scoring", _("Scoring")
    REPORTING = "reporting", _("Writing the report")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


FINAL_STATES = frozenset({RunState.DONE, RunState.FAILED, RunState.CANCELLED})
WORKING_STATES = frozenset({RunState.CLAIMED, RunState.PROBING, RunState.ANALYSING, RunState.SCORING})
"""States in which a worker holds a lease on the engine's work."""


class Progress(models.TextChoices):
    """The few groups of states a list is filtered by."""

    UNFINISHED = "unfinished", _("Under way")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")

    @property
    def states(self) -> frozenset[RunState]:
        if self is Progress.UNFINISHED:
            return frozenset(RunState) - FINAL_STATES
        return frozenset({RunState(self.value)})
