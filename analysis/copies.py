"""What this app copies for a person who asks for all that is held of them (`accounts.domain.rights`).

A recording may show others: of a result only the tracks that are the person's go into the copy. They are
those that were assigned to the person; where nobody assigned any, the only one of a recording of theirs: of
several nobody said which is whose. What rows say of the person whom a recording is about, and of everybody in
it, goes to nobody else. Whole files come along only where the member who answers wants that.
"""

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import IO, Any
from uuid import UUID

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.core.files.storage import default_storage
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.domain.rights import exporters
from accounts.domain.rights.exporters import CopiedFile
from accounts.models import Subject
from analysis.domain import objects
from analysis.models import Recording, Run, SubjectNeutral, TrackAssignment, Upload


def connect() -> None:
    """Called once, when the app is ready."""
    exporters.register(Recording, _("Recordings of you"), recordings, of_other_recordings)
    exporters.register(TrackAssignment, _("Where you were recognised by a person"), assignments)
    exporters.register(Run, _("Analyses"), runs, of_others_measured)
    exporters.register(SubjectNeutral, _("Neutral faces that were kept of you"), neutrals)
    exporters.register(Upload, _("Files on their way in"), uploads)
    exporters.register_files(files)


def recordings(person: Subject) -> "QuerySet[Recording]":
    found: QuerySet[Recording] = Recording.objects.filter(_seen(person, "")).distinct()
    return found


def assignments(person: Subject) -> "QuerySet[TrackAssignment]":
    found: QuerySet[TrackAssignment] = TrackAssignment.objects.filter(subject=person)
    return found


def runs(person: Subject) -> "QuerySet[Run]":
    found: QuerySet[Run] = Run.objects.filter(_seen(person, "recording__")).distinct()
    return found.select_related("recording")


def neutrals(person: Subject) -> "QuerySet[SubjectNeutral]":
    found: QuerySet[SubjectNeutral] = SubjectNeutral.objects.filter(subject=person)
    return found


def uploads(person: Subject) -> "QuerySet[Upload]":
    """Of a recording of theirs, or sent in under their label."""
    theirs = Q(recording__subject=person) | Q(project=person.project_id, subject_label__iexact=person.label)
    found: QuerySet[Upload] = Upload.objects.filter(theirs)
    return found


def _seen(person: Subject, way: str) -> Q:
    return Q(**{f"{way}subject": person}) | Q(**{f"{way}assignments__subject": person})


def is_about(person: Subject, recording: Recording) -> bool:
    """Whether the recording is the person's, not one of somebody else in which they were seen as well."""
    return bool(recording.subject_id == person.pk)


def of_other_recordings(person: Subject, recording: Recording) -> exporters.Row:
    """Whoever named a recording of somebody else named that somebody."""
    return {} if is_about(person, recording) else {"title": "", "original_name": ""}


def of_others_measured(person: Subject, run: Run) -> exporters.Row:
    """Signals, cohort and neutral are of the main person; faces and those withheld are of everybody."""
    theirs = _assigned(run)
    mine = {track for track, subject in theirs.items() if subject == person.pk}
    alone = not theirs and len(run.people) <= 1 and run.summary.get("tracks", 1) <= 1
    about = is_about(person, run.recording)
    told: exporters.Row = {}
    if not about or not (mine or alone):
        told = {"summary": {}, "cohort": "", "neutral_start": None, "neutral_end": None}
        told["kept_neutral"] = None
    if not (about and alone):
        told["people"] = [one for one in run.people if one.get("track") in mine]
        told["withheld"] = [track for track in run.withheld if track in mine]
    return told


def _assigned(run: Run) -> dict[int, UUID | None]:
    """Whose each track is, as people said of this engine's numbers."""
    rows = TrackAssignment.objects.filter(recording=run.recording_id, engine_version=run.engine_version)
    return dict(rows.values_list("track", "subject"))


def tracks_of(person: Subject, run: Run, result: dict[str, Any]) -> list[int]:
    """Which of a result's tracks, in its order, are the person's."""
    tracks = [int(track["track"]) for track in result["tracks"]]
    whose = _assigned(run)
    if whose:
        return [track for track in tracks if whose.get(track) == person.pk]
    if len(tracks) != 1 or not is_about(person, run.recording) or result.get("subject_absent"):
        return []
    return tracks


def files(person: Subject, with_media: bool) -> Iterator[CopiedFile]:
    for run in runs(person).select_related("recording").exclude(result_key=""):
        yield CopiedFile(f"results/{run.pk}.json", partial(_write_result, person, run))
        if run.frames_key:
            yield CopiedFile(f"frames/{run.pk}.parquet", partial(_write_frames, person, run))
    if with_media:
        for recording in recordings(person).exclude(storage_key=""):
            name = Path(recording.original_name).name or "media"
            if not is_about(person, recording):
                name = f"media{Path(name).suffix}"
            yield CopiedFile(
                f"recordings/{recording.pk}/{name}", partial(_write_object, recording.storage_key)
            )


def _write_result(person: Subject, run: Run, target: IO[bytes]) -> None:
    """The result with the person's tracks alone, and how many others were left out."""
    plain = _result(run)
    kept = tracks_of(person, run, plain)
    others = len(plain["tracks"]) - len(kept)
    plain["tracks"] = [track for track in plain["tracks"] if track["track"] in kept]
    if not kept or not is_about(person, run.recording):
        plain["cohort"] = None
    target.write(json.dumps(plain | {"other_people_left_out": others}, indent=1).encode("utf-8"))


def _write_frames(person: Subject, run: Run, target: IO[bytes]) -> None:
    """Rows of the frame table that are the person's, as Parquet."""
    kept = tracks_of(person, run, _result(run))
    with TemporaryDirectory(prefix="echodepth-copy-") as folder:
        table = pq.ParquetFile(objects.local_file(run.frames_key, Path(folder), lambda: None))
        with pq.ParquetWriter(target, table.schema_arrow) as written:
            for group in range(table.num_row_groups):
                rows = table.read_row_group(group)
                written.write_table(rows.filter(pc.is_in(rows["track"], value_set=_values(rows, kept))))


def _values(rows: Any, kept: list[int]) -> Any:
    return pa.array(kept, type=rows.schema.field("track").type)


def _result(run: Run) -> dict[str, Any]:
    with default_storage.open(run.result_key) as handle:
        plain: dict[str, Any] = json.load(handle)
    return plain


def _write_object(key: str, target: IO[bytes]) -> None:
    with default_storage.open(key) as source:
        copyfileobj(source, target, objects.CHUNK)
