"""Recordings with the run that speaks for them: the latest."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from analysis.enums import Progress
from analysis.models import Recording, Run


def recordings(project_id: UUID | None = None, progress: Progress | None = None) -> "QuerySet[Recording]":
    """Recordings of the organisation in scope, newest first, with `latest_run_id` and `latest_state`."""
    latest = Run.objects.filter(recording=OuterRef("pk")).order_by("-requested_at", "-pk")
    found: QuerySet[Recording] = (
        Recording.objects.select_related("project", "subject")
        .annotate(
            latest_run_id=Subquery(latest.values("pk")[:1]), latest_state=Subquery(latest.values("state")[:1])
        )
        .order_by("-created_at", "-pk")
    )
    if project_id:
        found = found.filter(project_id=project_id)
    if progress:
        found = found.filter(latest_state__in=progress.states)  # type: ignore[misc]
    return found


def latest_runs(listed: Iterable[Recording]) -> list[Run]:
    """The latest run of each of the recordings `recordings()` gave, in their order; one query."""
    by_key = {recording.latest_run_id: recording for recording in listed}  # type: ignore[attr-defined]
    found = Run.objects.in_bulk([key for key in by_key if key])
    for key, run in found.items():
        run.recording = by_key[key]
    return [found[key] for key in by_key if key in found]


def latest_run(recording: Recording) -> Run:
    """A recording is made together with a run, so there is always one."""
    run: Run = recording.runs.order_by("-requested_at", "-pk")[:1].get()
    run.recording = recording
    return run
