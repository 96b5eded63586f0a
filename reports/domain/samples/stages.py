"""What a received sample waits for, and how its clock stands: told from its analysis, never kept.

All in the scope of the desk's organisation.
"""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone

from accounts.models import Organisation
from analysis.enums import RunState
from analysis.models import Run
from reports.enums import ReportState, ReviewOutcome, SampleStage, SampleState
from reports.models import Report, Review, SampleRequest

DUE_SOON = 1
"""Working days before the due date from which on it is soon."""


def with_stage(samples: "QuerySet[SampleRequest]") -> "QuerySet[Any]":
    """The same requests, each with `stage` and the latest analysis: `run_id`, `run_state`, `report_state`."""
    latest = Run.objects.filter(recording=OuterRef("recording")).order_by("-requested_at", "-pk")
    signatures = Review.objects.filter(report__run=OuterRef("run_id"), outcome=ReviewOutcome.SIGNED)
    return samples.select_related("organisation", "recording").annotate(
        run_id=Subquery(latest.values("pk")[:1]),
        run_state=Subquery(latest.values("state")[:1]),
        report_state=Subquery(Report.objects.filter(run=OuterRef("run_id")).values("state")[:1]),
        is_signed=Exists(signatures),
        stage=_stage(),
    )


def stage_of(sample: SampleRequest) -> SampleStage | None:
    """What a sample that is RECEIVED waits for; None in every other state."""
    if sample.state != SampleState.RECEIVED:
        return None
    if not hasattr(sample, "stage"):
        return current(sample)
    return SampleStage(sample.stage) if sample.stage else None


def current(sample: SampleRequest) -> SampleStage | None:
    """The same, as the database has it now."""
    found = with_stage(SampleRequest.objects.filter(pk=sample.pk)).values_list("stage", flat=True).first()
    return SampleStage(found) if found else None


def beneath(sample: SampleRequest) -> SampleStage | None:
    """What it waits for at the desk, also while the prospect is asked; None where no file is there yet."""
    if sample.state not in (SampleState.RECEIVED, SampleState.ASKED):
        return None
    rows = with_stage(SampleRequest.objects.filter(pk=sample.pk)).annotate(beneath=_beneath())
    found = rows.values_list("beneath", flat=True).first()
    return SampleStage(found) if found else None


def today(organisation: Organisation) -> date:
    """The day it is at the desk."""
    return timezone.localdate(timezone=ZoneInfo(organisation.time_zone))


def is_overdue(sample: SampleRequest) -> bool:
    """Whether its day is over; not while the clock stands."""
    return bool(_is_running(sample) and sample.due_on and sample.due_on < today(sample.organisation))


def overdue(organisation: Organisation) -> Q:
    """The same as `is_overdue`, for a list."""
    return Q(state=SampleState.RECEIVED, due_on__lt=today(organisation))


def _is_running(sample: SampleRequest) -> bool:
    return sample.state == SampleState.RECEIVED


def _stage() -> Case:
    """None in every other state than RECEIVED."""
    return _beneath(When(~Q(state=SampleState.RECEIVED), then=Value(None)))


def _beneath(*first: When) -> Case:
    waits = Q(run_state=None) | Q(run_state=RunState.CANCELLED, recording__analysis_wanted=True)
    failed = Q(run_state__in=[RunState.FAILED, RunState.CANCELLED]) | Q(report_state=ReportState.FAILED)
    is_done = Q(run_state=RunState.DONE)
    stages = (
        (~Q(document=None), SampleStage.BY_HAND),
        (Q(recording=None), SampleStage.FILE_GONE),
        (waits, SampleStage.HELD_BACK),
        (failed, SampleStage.FAILED),
        (Q(run_state=RunState.ASSIGNING), SampleStage.ASSIGNING),
        (is_done & Q(is_signed=True, report_state=ReportState.READY), SampleStage.TO_DELIVER),
        (is_done, SampleStage.IN_REVIEW),
    )
    return Case(
        *first,
        *(When(condition, then=Value(str(stage))) for condition, stage in stages),
        default=Value(str(SampleStage.IN_ANALYSIS)),
        output_field=CharField(null=True),
    )
