"""Recordings with the run that speaks for them: the latest."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from analysis.domain.sight import in_sight
from analysis.enums import Progress
from analysis.models import Recording, Run


def recordings(project_id: UUID | None = None, progress: Progress | None = None) -> "QuerySet[Recording]":
    """Recordings of the organisation in scope, newest first, with `latest_run_id` and `latest_state`."""
    latest = Run.objects.filter(recording=OuterRef("pk")).order_by("-requested_at", "-pk")
    found: QuerySet[Recording] = (
        in_sight(Recording.objects.select_related("project", "subject"))
        .annotate(
            latest_run_id=Subquery(latest.values("pk")[:1]), latest_state=Subquery(latest.values("state")[:1])
        )
        .order_by("-created_at", "-pk")
    )
    if project_id:
        found = found.filter(project_id=project_id)
    if progress is Progress.HELD_BACK:
        found = found.filter(latest_state=None)  # type: ignore[misc]
    elif progress:
        found = found.filter(latest_state__in=progress.states)  # type: ignore[misc]
    return found


def latest_runs(listed: Iterable[Recording]) -> list[Run]:
    """The latest run of each of the recordings `recordings()` gave, in their order; one query.

    Where a recording has none it waits, and a run that is held back stands for it.
    """
    rows = list(listed)
    keys = [recording.latest_run_id for recording in rows]  # type: ignore[attr-defined]
    found = Run.objects.in_bulk([key for key in keys if key])
    runs = []
    for recording, key in zip(rows, keys, strict=True):
        run = found.get(key) or held_back(recording)
        run.recording = recording
        runs.append(run)
    return runs


def analyses(recording: Recording) -> list[Run]:
    """All runs of a recording, newest first; each keeps its own result."""
    return list(recording.runs.order_by("-requested_at", "-pk").select_related("requested_by"))


def latest_run(recording: Recording) -> Run:
    """The recording's latest run, or one that is held back where there was none yet."""
    run: Run = recording.runs.order_by("-requested_at", "-pk").first() or held_back(recording)
    run.recording = recording
    return run


def held_back(recording: Recording) -> Run:
    """A run that is not there yet, for what shows and asks of runs; it is never saved."""
    return Run(
        organisation_id=recording.organisation_id, recording=recording, media_facts=recording.media_facts
    )
