import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from accounts.models import Organisation
from analysis.enums import FINAL_STATES, RunState
from analysis.models.media import Recording
from analysis.models.subject_neutral import SubjectNeutral
from echodepth.tenancy import TenantManager


class Run(models.Model):
    """One analysis of a recording: its state, its lease while a worker has it, and where its result lies."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    recording = models.ForeignKey(Recording, on_delete=models.CASCADE, related_name="runs")
    state = models.CharField(max_length=20, choices=RunState, default=RunState.REQUESTED)
    error_code = models.CharField(max_length=60, blank=True)
    error_facts = models.JSONField(default=dict, blank=True)
    frames_done = models.PositiveIntegerField(default=0)
    frames_total = models.PositiveIntegerField(null=True)
    neutral_start = models.FloatField(null=True)
    """Seconds between which the person most seen is said to be neutral; None where it is estimated."""
    neutral_end = models.FloatField(null=True)
    kept_neutral = models.ForeignKey(SubjectNeutral, null=True, on_delete=models.SET_NULL, related_name="+")
    """What was kept for the subject when the run was requested, to be carried over; None with a mark."""
    cohort = models.CharField(max_length=20, blank=True)
    """The subject's cultural cohort as it was declared when the run was requested; empty where none was."""
    cohort_version = models.CharField(max_length=40, blank=True)
    """Of the cohort's numbers that the result was made with."""
    attempts = models.PositiveSmallIntegerField(default=0)
    lease = models.UUIDField(null=True)
    """The claim under which a worker may write; another claim makes it void."""
    lease_until = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    woken_at = models.DateTimeField(null=True)
    """When a wake-up was last put into the queue; a claim answers it and makes it None."""
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    requested_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    engine_version = models.CharField(max_length=40, blank=True)
    media_facts = models.JSONField(default=dict, blank=True)
    """What the list shows: seconds, width, height, frames."""
    summary = models.JSONField(default=dict, blank=True)
    """What the list shows of the result: signals' values, tracks, warnings."""
    result_key = models.CharField(max_length=255, blank=True)
    frames_key = models.CharField(max_length=255, blank=True)

    objects = TenantManager()

    class Meta:
        ordering: ClassVar = ["-requested_at"]
        indexes = [models.Index(fields=["state", "lease_until"])]
        constraints = [
            models.UniqueConstraint(
                fields=["recording"],
                condition=~models.Q(state__in=sorted(FINAL_STATES)),
                name="one_unfinished_run_a_recording",
            ),
            models.CheckConstraint(
                condition=models.Q(neutral_start=None, neutral_end=None)
                | models.Q(neutral_start__gte=0, neutral_end__gt=models.F("neutral_start")),
                name="marked_neutral_is_a_stretch",
            ),
        ]

    @property
    def neutral(self) -> tuple[float, float] | None:
        """The stretch that was marked for this run, from and to in seconds."""
        if self.neutral_start is None or self.neutral_end is None:
            return None
        return self.neutral_start, self.neutral_end

    @property
    def is_final(self) -> bool:
        return self.state in FINAL_STATES


class WorkerBeat(models.Model):
    """When a worker last took a task from the queue; one row a cluster. Holds nothing of a tenant."""

    cluster = models.CharField(max_length=60, primary_key=True)
    beat_at = models.DateTimeField()
