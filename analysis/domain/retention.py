"""Which data of recordings, documents and runs are kept until when, and what lies under what."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from accounts.domain.retention import lineage, retentions
from accounts.domain.retention.lineage import Shown, Thing
from accounts.enums import DataClass
from analysis.domain.sight import in_sight
from analysis.models import Document, Recording, Run, TrackAssignment


def keep_recording(recording: Recording) -> None:
    """In the transaction that makes it; to be recorded is an interaction of the person in it."""
    retentions.keep(DataClass.MEDIA, "recording", recording.pk, recording.project_id, recording.created_at)
    if recording.subject_id:
        retentions.touch("subject", recording.subject_id, recording.created_at)


def keep_document(document: Document) -> None:
    retentions.keep(DataClass.DOCUMENTS, "document", document.pk, document.project_id, document.created_at)


def keep_result(run: Run) -> None:
    """Frame table and findings of a run that was scored, with `run.recording`: counted from its upload."""
    for data_class in (DataClass.FRAMES, DataClass.FINDINGS):
        retentions.keep(data_class, "run", run.pk, run.recording.project_id, run.recording.created_at)


def keep_report(run_id: UUID, at: datetime | None = None) -> None:
    """The run's report is ready, since `at` or now: what counts from the last report begins anew."""
    run: Run = Run.objects.select_related("recording").get(pk=run_id)
    retentions.keep(DataClass.REPORTS, "run", run.pk, run.recording.project_id, run.recording.created_at)
    retentions.report("recording", run.recording_id, at or timezone.now())


def connect() -> None:
    """Called once, when the app is ready."""
    lineage.register("recording", parents=_over_recording, describe=_recordings)
    lineage.register("document", parents=_over_document, describe=_documents)
    lineage.register("run", parents=_over_run, describe=_runs)
    lineage.add_children("recording", _runs_of)
    lineage.add_children("subject", _recordings_of_subject)


def _over_recording(recording_id: UUID) -> list[Thing]:
    """Its project, and everybody who is known to be in it."""
    rows = Recording.objects.filter(pk=recording_id).values_list("subject", "project")
    seen = TrackAssignment.objects.filter(recording=recording_id).values_list("subject", flat=True)
    subjects = [*(subject for subject, _project in rows), *seen.distinct().order_by()]
    over: list[Thing] = [("subject", subject) for subject in subjects if subject]
    return over + [("project", project) for _subject, project in rows]


def _over_document(document_id: UUID) -> list[Thing]:
    rows = Document.objects.filter(pk=document_id).values_list("project", flat=True)
    return [("project", project) for project in rows]


def _over_run(run_id: UUID) -> list[Thing]:
    rows = Run.objects.filter(pk=run_id).values_list("recording", flat=True)
    return [("recording", recording) for recording in rows]


def _runs_of(recording_id: UUID) -> list[Thing]:
    rows = Run.objects.filter(recording=recording_id).order_by().values_list("pk", flat=True)
    return [("run", run) for run in rows]


def _recordings_of_subject(subject_id: UUID) -> list[Thing]:
    theirs = Q(subject=subject_id) | Q(assignments__subject=subject_id)
    rows = Recording.objects.filter(theirs).order_by().values_list("pk", flat=True).distinct()
    return [("recording", recording) for recording in rows]


def _recordings(ids: list[UUID]) -> dict[UUID, Shown]:
    rows = in_sight(Recording.objects.filter(pk__in=ids)).values_list("pk", "title")
    return {key: Shown(title, "analysis:recording", {"recording_id": key}) for key, title in rows}


def _documents(ids: list[UUID]) -> dict[UUID, Shown]:
    """By title; the address is the project's, which lists them."""
    rows = in_sight(Document.objects.filter(pk__in=ids)).values_list("pk", "title", "project")
    return {key: Shown(title, "analysis:project", {"project_id": project}) for key, title, project in rows}


def _runs(ids: list[UUID]) -> dict[UUID, Shown]:
    """By the recording's title; the address is the recording's, which lists its results."""
    there = in_sight(Run.objects.filter(pk__in=ids), "recording__")
    rows = there.values_list("pk", "recording__title", "recording")
    return {
        key: Shown(title, "analysis:recording", {"recording_id": recording}) for key, title, recording in rows
    }
