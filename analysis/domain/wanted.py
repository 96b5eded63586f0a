"""Analyses that wait for what a declaration requires: they begin once it is there, and stop without it."""

from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from analysis.domain import gate
from analysis.domain.sight import in_sight
from analysis.domain.work import runs
from analysis.enums import FINAL_STATES, RunState
from analysis.models import Recording, Run

_OVER = FINAL_STATES | {RunState.REPORTING}
"""A report that is being written holds what was found already."""


@transaction.atomic
def settle(project_id: UUID, subject_id: UUID | None = None) -> None:
    """After a declaration, a consent or a notice: stop what may not go on, begin what waited and may begin.

    Of one subject's recordings, or of all in the project. A run that was requested under another declaration
    than the current one is stopped, and its recording analysed anew under that.
    """
    # Who uploads or asks for an analysis at the same time does so before this, or sees what was changed.
    gate.lock(project_id)
    asked = gate.Asked()
    recordings = Recording.objects.filter(project=project_id)
    if subject_id:
        recordings = recordings.filter(subject=subject_id)
    for run in (
        Run.objects.filter(recording__in=recordings)
        .exclude(state__in=_OVER)
        .select_related("recording__project", "recording__subject__organisation")
    ):
        _stop(run, asked)
    waiting = in_sight(recordings.filter(~Exists(_unfinished()), analysis_wanted=True)).exclude(
        storage_key=""
    )
    waiting = waiting.order_by("created_at", "pk")
    for recording in waiting.select_related("project", "subject__organisation", "uploaded_by"):
        if not asked.missing(recording):
            _begin(recording)


@transaction.atomic
def may_go_on(run_id: UUID) -> bool:
    """Whether nothing is missing of a run that a worker took, and that may have waited for long.

    Consents expire and rules change without a word to anybody. A run that may not go on is stopped, and its
    recording waits; it is analysed anew where only the declaration is another one.
    """
    run = Run.objects.select_related("recording__project", "recording__subject__organisation").get(pk=run_id)
    gate.lock(run.recording.project_id)
    asked = gate.Asked()
    if not _stop(run, asked):
        return True
    recording = run.recording
    if recording.storage_key and not asked.missing(recording):
        _begin(recording)
    return False


@transaction.atomic
def cancel_runs_of(subject_id: UUID) -> None:
    """Stop every analysis of what this person is in; nothing of theirs begins again by itself."""
    theirs = Recording.objects.filter(subject=subject_id)
    for project_id in theirs.order_by("project").values_list("project", flat=True).distinct():
        gate.lock(project_id)
    theirs.update(analysis_wanted=False)
    for run in _of_person(subject_id).exclude(state__in=FINAL_STATES):
        runs.cancel(run.pk)


def _begin(recording: Recording) -> None:
    """As the analysis was requested that was stopped, if one was; else for whoever uploaded the recording."""
    stopped = Run.objects.filter(recording=recording).order_by("-requested_at", "-pk").first()
    if stopped is None or stopped.state != RunState.CANCELLED:
        runs.request(recording, recording.uploaded_by, recording.media_facts)
        return
    start, end = stopped.neutral_start, stopped.neutral_end
    neutral = (start, end) if start is not None and end is not None else None
    runs.request(recording, stopped.requested_by, recording.media_facts, neutral)


def _stop(run: Run, asked: gate.Asked) -> bool:
    """Whether the run had to be stopped; one that is over already needs no stopping."""
    declaration = asked.declaration(run.recording.project)
    same = declaration is not None and run.declaration_id == declaration.pk
    if same and not asked.missing(run.recording):
        return False
    if not runs.cancel(run.pk):
        return False
    Recording.objects.filter(pk=run.recording_id).update(analysis_wanted=True)
    return True


def _unfinished() -> "QuerySet[Run]":
    found: QuerySet[Run] = Run.objects.filter(recording=OuterRef("pk")).exclude(state__in=FINAL_STATES)
    return found


def _of_person(subject_id: UUID) -> "QuerySet[Run]":
    """Runs of the person's recordings, and of others in which one of the tracks is theirs."""
    is_theirs = Q(recording__subject=subject_id) | Q(recording__assignments__subject=subject_id)
    found: QuerySet[Run] = Run.objects.filter(is_theirs).distinct()
    return found
