"""How recordings, runs and documents are erased, and what of them hangs on people and projects."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from accounts.domain.erasure import erasures, registry, things
from accounts.domain.erasure.registry import EVERYTHING, HeldError, Job, NotYetError, Order
from accounts.domain.erasure.steps import Rows, children, itself, rows
from accounts.enums import DataClass
from accounts.models import Subject
from analysis.domain import objects
from analysis.domain.intake import incoming
from analysis.domain.work import leases, runs, workplaces
from analysis.enums import FINAL_STATES, RunState
from analysis.models import (
    CohortCalibration,
    Document,
    Recording,
    Run,
    Segment,
    SubjectNeutral,
    TrackAssignment,
    Upload,
)

OF_A_RUN = (DataClass.FRAMES, DataClass.FINDINGS, DataClass.GEOMETRY, DataClass.REPORTS)
GEOMETRY = "face geometry"


def connect() -> None:
    """Called once, when the app is ready."""
    _connect_runs()
    _connect_files()
    register = registry.register
    register("subject", children("recording", lambda job: _of_person(job.object_id)), Order.WITHIN)
    register("subject", _seen_in, Order.WITHIN + 1)
    register("subject", _uploads(_announced_for), Order.WITHIN + 2)
    register("subject", rows(SubjectNeutral, _neutrals), Order.ROWS)
    register("project", children("recording", _in_project(Recording)), Order.WITHIN)
    register("project", children("document", _in_project(Document)), Order.WITHIN)
    register("project", _uploads(_in_project(Upload)), Order.WITHIN + 1)
    register("organisation", rows(CohortCalibration), Order.ROWS)
    register("organisation", _left_in_storage, Order.ITSELF)


def _connect_runs() -> None:
    register = registry.register
    register("run", _stop, Order.STOP, [DataClass.GEOMETRY, DataClass.MEDIA])
    register("run", _await_end, Order.STOP, [DataClass.FRAMES, DataClass.FINDINGS], everything=False)
    register("run", _findings, Order.OBJECTS, [DataClass.FINDINGS])
    register("run", _frames, Order.OBJECTS, [DataClass.FRAMES])
    register("run", _geometry, Order.OBJECTS + 1, [DataClass.GEOMETRY])
    register("run", _run, Order.ITSELF)
    register("run", _husks, Order.ITSELF, OF_A_RUN, everything=False)


def _connect_files() -> None:
    register = registry.register
    register("recording", children("run", _unfinished), Order.STOP, [DataClass.MEDIA], everything=False)
    register(
        "recording", children("run", lambda job: Run.objects.filter(recording=job.object_id)), Order.WITHIN
    )
    register("recording", _uploads(_became), Order.OBJECTS, [DataClass.MEDIA])
    register("recording", _media, Order.OBJECTS + 1, [DataClass.MEDIA])
    register("recording", itself(Recording), Order.ITSELF)
    register("recording", _husks, Order.ITSELF, [DataClass.MEDIA], everything=False)
    register("document", _file, Order.OBJECTS, [DataClass.DOCUMENTS])
    register("document", itself(Document), Order.ITSELF, [DataClass.DOCUMENTS])


# --- runs


def _stop(job: Job) -> bool:
    """Nobody works on it any more; a report that is being written wants neither media nor geometry."""
    written = Run.objects.filter(pk=job.object_id, state=RunState.REPORTING)
    if job.data_class != EVERYTHING and written.exists():
        return False
    return runs.cancel(job.object_id)


def _await_end(job: Job) -> bool:
    if Run.objects.filter(pk=job.object_id).exclude(state__in=FINAL_STATES).exists():
        raise NotYetError(leases.LEASE)
    return False


def _findings(job: Job) -> bool:
    run = Run.objects.filter(pk=job.object_id).exclude(result_key="").first()
    if run is None:
        return False
    things.erase_object(job, "result", run.pk, run.result_key)
    with things.writing(job):
        Run.objects.filter(pk=run.pk).update(result_key="", summary={}, people=[])
    return True


def _frames(job: Job) -> bool:
    run = Run.objects.filter(pk=job.object_id).exclude(frames_key="").first()
    if run is None:
        return False
    things.erase_object(job, "frame table", run.pk, run.frames_key)
    with things.writing(job):
        Run.objects.filter(pk=run.pk).update(frames_key="")
    return True


def _geometry(job: Job) -> bool:
    """All in its folder that its row does not point to: spools, and what broken attempts left.

    Raises NotYetError while a worker that was stopped may still be about to write there.
    """
    run = Run.objects.filter(pk=job.object_id).first()
    if run is None:
        return False
    keep = {run.result_key, run.frames_key} - {""}
    folder = objects.run_folder(run.organisation_id, run.pk)
    if things.erase_folder(job, GEOMETRY, run.pk, folder, keep):
        return True
    workplaces.forget_media(run.organisation_id, run.pk)
    heard = run.heartbeat_at and run.heartbeat_at + leases.SILENT_AFTER - timezone.now()
    if run.tidy_at and heard and timedelta() < heard <= leases.SILENT_AFTER:
        raise NotYetError(heard)
    segments = Segment.objects.filter(run=run)
    if count := segments.count():
        with things.writing(job):
            Run.objects.select_for_update().filter(pk=run.pk).values_list("pk").first()
            things.note(job, "segment rows", run.pk, count=count)
            segments.delete()
    return False


def _run(job: Job) -> bool:
    """Workers that end a segment lock the run first, then the segment; the cascade goes the other way."""
    with things.writing(job):
        row = Run.objects.select_for_update().filter(pk=job.object_id)
        if not list(row.values_list("pk")):
            return False
        things.note(job, "run", job.object_id)
        row.delete()
    return True


def _husks(job: Job) -> bool:
    """Recordings of which policies left nothing to see go altogether, with their titles.

    Looked for in the whole organisation: a worker may have been killed when the last run was gone already.
    """
    something = ~Q(result_key="") | ~Q(frames_key="") | ~Q(state__in=FINAL_STATES)
    results = Run.objects.filter(something, recording=OuterRef("pk"))
    empty = Recording.objects.filter(~Exists(results), storage_key="").order_by("pk")
    for recording in empty:
        if _worth_keeping(recording) or erasures.is_held("recording", recording.pk):
            continue
        whole = replace(job, kind="recording", object_id=recording.pk, data_class=EVERYTHING)
        return registry.advance(whole)
    return False


def _worth_keeping(recording: Recording) -> bool:
    ids = recording.runs.values_list("pk", flat=True)
    return any(keeps(run_id) for run_id in ids for keeps in _keepers)


_keepers: list[Callable[[UUID], bool]] = []


def register_keeper(keeps: Callable[[UUID], bool]) -> None:
    """Announce what else a run may have that is worth its row: asked with the run's id."""
    _keepers.append(keeps)


# --- files


def _unfinished(job: Job) -> "QuerySet[Run]":
    """Runs that would still read the media."""
    over = FINAL_STATES | {RunState.REPORTING}
    found: QuerySet[Run] = Run.objects.filter(recording=job.object_id).exclude(state__in=over)
    return found


def _media(job: Job) -> bool:
    recording = Recording.objects.filter(pk=job.object_id).exclude(storage_key="").first()
    if recording is None:
        return False
    things.erase_object(job, "media", recording.pk, recording.storage_key, sha256=recording.sha256)
    folder = objects.recording_key(recording.organisation_id, recording.pk).rpartition("/")[0]
    things.erase_folder(job, "media left over", recording.pk, folder)
    with things.writing(job):
        Recording.objects.filter(pk=recording.pk).update(
            storage_key="", size=0, sha256="", original_name="", analysis_wanted=False
        )
    return True


def _file(job: Job) -> bool:
    document = Document.objects.filter(pk=job.object_id).exclude(storage_key="").first()
    if document is None:
        return False
    things.erase_object(job, "document file", document.pk, document.storage_key, sha256=document.sha256)
    with things.writing(job):
        Document.objects.filter(pk=document.pk).update(storage_key="", size=0)
    return True


def _uploads(of: Rows) -> Callable[[Job], bool]:
    """What was announced, or came in: its note holds the file's name and whom it shows."""

    def step(job: Job) -> bool:
        upload = of(job).order_by("pk").first()
        if upload is None:
            return False
        incoming.forget(upload)
        with things.writing(job):
            things.note(job, "upload", upload.pk)
            Upload.objects.filter(pk=upload.pk).delete()
        return True

    return step


def _became(job: Job) -> "QuerySet[Any]":
    return Upload.objects.filter(Q(pk=job.object_id) | Q(recording=job.object_id))


# --- people, projects, organisations


def _of_person(subject_id: UUID) -> "QuerySet[Recording]":
    found: QuerySet[Recording] = Recording.objects.filter(subject=subject_id)
    return found


def _seen_in(job: Job) -> bool:
    """Recordings of others in which the person was found: a face cannot be taken out of them."""
    seen = TrackAssignment.objects.filter(subject=job.object_id).order_by("recording")
    key = seen.values_list("recording", flat=True).first()
    if key is None:
        return False
    if erasures.is_held("recording", key):
        raise HeldError
    return registry.advance(job.of("recording", key))


def _announced_for(job: Job) -> "QuerySet[Any]":
    subject = Subject.objects.filter(pk=job.object_id).first()
    named = (
        {"project": subject.project_id, "subject_label__iexact": subject.label} if subject else {"pk": None}
    )
    return Upload.objects.filter(**named)


def _neutrals(job: Job) -> "QuerySet[Any]":
    return SubjectNeutral.objects.filter(subject=job.object_id)


def _in_project(model: type[Recording | Document | Upload]) -> Rows:
    return lambda job: model.objects.filter(project=job.object_id)


def _left_in_storage(job: Job) -> bool:
    """Whatever lies under the organisation's name that no row told of."""
    return things.erase_folder(job, "left in storage", job.object_id, str(job.object_id))
