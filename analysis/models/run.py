import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from accounts.models import Declaration, Organisation
from analysis.enums import FINAL_STATES, RunState, SegmentState
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
    declaration = models.ForeignKey(Declaration, null=True, on_delete=models.SET_NULL, related_name="+")
    """Under which the run was requested."""
    people = models.JSONField(default=list, blank=True)
    """Face tracks that wait to be assigned: when and where each is seen, for a person to tell who it is."""
    withheld = models.JSONField(default=list, blank=True)
    """Numbers of the tracks of which no Action Unit was computed, because their role may not be analysed."""
    retracted = models.JSONField(default=list, blank=True)
    """Numbers of the tracks that were measured and of which nothing may be, as was said only afterwards: the
    result is shown to nobody."""
    plan = models.JSONField(default=dict, blank=True)
    """How the recording is cut, as `engine.segments.Plan` tells it; empty before it was probed."""
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
    analysing_since = models.DateTimeField(null=True)
    """When the first frame was begun with, of the attempt under way: what the time left is told from."""
    finished_at = models.DateTimeField(null=True)
    engine_version = models.CharField(max_length=40, blank=True)
    media_facts = models.JSONField(default=dict, blank=True)
    """What the list shows: seconds, width, height, frames."""
    summary = models.JSONField(default=dict, blank=True)
    """What the list shows of the result: signals' values, tracks, warnings."""
    result_key = models.CharField(max_length=255, blank=True)
    frames_key = models.CharField(max_length=255, blank=True)
    tidy_at = models.DateTimeField(null=True)
    """When storage is next to be cleared, once the run is over, of what its workers may have left there; None
    when nothing can be there."""

    objects = TenantManager()

    SWEPT: ClassVar = (
        *("organisation_id", "id", "state", "error_code", "attempts", "frames_done", "frames_total"),
        *("lease_until", "woken_at", "heartbeat_at", "requested_at", "started_at", "finished_at"),
        *("analysing_since", "tidy_at"),
    )
    """Columns that sweeps and the platform's view of operations read over every organisation: whose, which,
    its state, how far it is, and when."""

    class Meta:
        ordering: ClassVar = ["-requested_at"]
        indexes = [
            models.Index(fields=["state", "lease_until"]),
            models.Index(fields=["tidy_at"], condition=~models.Q(tidy_at=None), name="runs_to_tidy"),
        ]
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
    def is_held_back(self) -> bool:
        """No run yet: it stands for the recording's, which waits for what a declaration requires."""
        return bool(self._state.adding)

    @property
    def neutral(self) -> tuple[float, float] | None:
        """The stretch that was marked for this run, from and to in seconds."""
        if self.neutral_start is None or self.neutral_end is None:
            return None
        return self.neutral_start, self.neutral_end

    @property
    def is_final(self) -> bool:
        return self.state in FINAL_STATES


class Segment(models.Model):
    """A stretch of a run's recording that one worker at a time takes through pass 1, on any machine."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="segments")
    number = models.PositiveIntegerField()
    """From 0, in the order of the recording."""
    frames = models.PositiveIntegerField()
    """How many the plan says it has."""
    state = models.CharField(max_length=20, choices=SegmentState, default=SegmentState.WAITING)
    frames_done = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    woken_at = models.DateTimeField(null=True)
    """When a wake-up was last queued for the run's sake of this segment; a claim answers it."""
    rest_until = models.DateTimeField(null=True)
    """Before then a segment whose attempt failed is not taken again: what broke it may need time to pass."""
    started_at = models.DateTimeField(null=True)
    """When its last claim was made."""
    finished_at = models.DateTimeField(null=True)
    spool_key = models.CharField(max_length=255, blank=True)
    """Where what pass 1 found lies until the run is scored: face geometry, so it goes with the run's end."""
    facts = models.JSONField(default=dict, blank=True)
    """What merging wants to know of it beside the spool."""

    objects = TenantManager()

    SWEPT: ClassVar = (
        *("organisation_id", "id", "run_id", "state", "attempts"),
        *("lease_until", "woken_at", "rest_until"),
    )

    class Meta:
        ordering: ClassVar = ["run", "number"]
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="segments_are_numbered")]


class WorkerBeat(models.Model):
    """A machine's workers as they were last seen; one row a cluster. Holds nothing of a tenant."""

    cluster = models.CharField(max_length=60, primary_key=True)
    beat_at = models.DateTimeField()
    """When one of them last took a task from the queue, or was still at one."""
    seen_at = models.DateTimeField(null=True)
    """When the process that watches them last saw them."""
    workers = models.PositiveSmallIntegerField(default=0)
    """How many there were then."""
