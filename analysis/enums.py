from django.db import models
from django.utils.translation import gettext_lazy as _


class RunState(models.TextChoices):
    """A run's way; the last three are final."""

    REQUESTED = "requested", _("Waiting")
    CLAIMED = "claimed", _("Starting")
    PROBING = "probing", _("Reading the file")
    ANALYSING = "analysing", _("Analysing")
    ASSIGNING = "assigning", _("Waiting to know who is who")
    SCORING = "scoring", _("Scoring")
    REPORTING = "reporting", _("Writing the report")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


FINAL_STATES = frozenset({RunState.DONE, RunState.FAILED, RunState.CANCELLED})
WORKING_STATES = frozenset({RunState.CLAIMED, RunState.PROBING, RunState.ANALYSING, RunState.SCORING})
"""States in which a worker holds a lease on the engine's work."""


class SegmentState(models.TextChoices):
    """A segment's way; who holds its lease works on it."""

    WAITING = "waiting", _("Waiting")
    WORKING = "working", _("Analysing")
    DONE = "done", _("Done")


class UploadState(models.TextChoices):
    """An upload's way: its parts come in, it is checked, and becomes a recording or is refused."""

    OPEN = "open", _("Uploading")
    CHECKING = "checking", _("Checking the file")
    DONE = "done", _("Uploaded")
    REFUSED = "refused", _("Refused")


class Progress(models.TextChoices):
    """The few groups of states a list is filtered by."""

    UNFINISHED = "unfinished", _("Under way")
    ASSIGNING = "assigning", _("Waiting to know who is who")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")
    HELD_BACK = "held_back", _("Not analysed yet")

    @property
    def states(self) -> frozenset[RunState]:
        if self is Progress.UNFINISHED:
            return frozenset(RunState) - FINAL_STATES - {RunState.ASSIGNING}
        if self is Progress.HELD_BACK:
            return frozenset()
        return frozenset({RunState(self.value)})
