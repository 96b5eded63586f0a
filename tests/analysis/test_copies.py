"""What goes into a person's copy: their recordings, and of results and frame tables their tracks alone."""

import json
from io import BytesIO

import pyarrow.parquet as pq
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.domain.rights import exporters
from analysis import copies
from analysis.domain import objects
from analysis.engine import frame_table
from analysis.engine.result import to_json
from analysis.enums import RunState
from analysis.models import Recording, Run
from echodepth.tenancy import tenant
from tests.factories import (
    RecordingFactory,
    RunFactory,
    SubjectFactory,
    TrackAssignmentFactory,
    UploadFactory,
)
from tests.support.results import example_frames, example_result, example_track

pytestmark = pytest.mark.django_db
FRAMES = 60


@pytest.fixture(autouse=True)
def place(settings, tmp_path):
    options = {"location": str(tmp_path / "storage"), "base_url": None}
    settings.STORAGES = settings.STORAGES | {"default": settings.STORAGES["default"] | {"OPTIONS": options}}


@pytest.fixture
def subject():
    return SubjectFactory(label="Quirina")


@pytest.fixture
def run(subject, tmp_path):
    """Two people were measured: track 1, whom the recording is about, and track 2."""
    recording = RecordingFactory(
        project=subject.project, subject=subject, title="Talk", original_name="../quirina.mp4"
    )
    made = RunFactory(recording=recording, state=RunState.DONE, engine_version="1")
    both = tuple(example_track(FRAMES, number) for number in (1, 2))
    with tenant(subject.organisation_id):
        folder = f"{objects.run_folder(subject.organisation_id, made.pk)}/1"
        frame_table.write_parquet(
            tmp_path / "frames.parquet",
            [block for number in (1, 2) for block in example_frames(FRAMES, number)],
        )
        made.frames_key = objects.store(f"{folder}/frames.parquet", tmp_path / "frames.parquet")
        text = to_json(example_result(FRAMES, tracks=both))
        made.result_key = default_storage.save(f"{folder}/result.json", ContentFile(text.encode()))
        recording.storage_key = default_storage.save(
            objects.recording_key(subject.organisation_id, recording.pk), ContentFile(b"media")
        )
        recording.save()
        made.save()
    return made


def files_of(person, *, with_media=False):
    with tenant(person.organisation_id):
        found = {}
        for file in exporters.files(person, with_media=with_media):
            content = BytesIO()
            file.write(content)
            found[file.name] = content.getvalue()
    return found


def tracks_in(person, run):
    """In the result, and in the frame table."""
    found = files_of(person)
    result = json.loads(found[f"results/{run.pk}.json"])
    table = pq.read_table(BytesIO(found[f"frames/{run.pk}.parquet"]))
    told = [track["track"] for track in result["tracks"]]
    return told, sorted(set(table["track"].drop_null().to_pylist())), result["other_people_left_out"]


def test_where_nobody_was_assigned_none_of_several_faces_is_taken_for_the_persons(subject, run):
    assert tracks_in(subject, run) == ([], [], 2)


def test_the_only_face_of_a_recording_of_theirs_is_the_persons(subject, run):
    text = to_json(example_result(FRAMES, tracks=(example_track(FRAMES, 1),)))
    with tenant(subject.organisation_id):
        run.result_key = default_storage.save(f"{run.result_key}-alone", ContentFile(text.encode()))
        run.save()
    assert tracks_in(subject, run) == ([1], [1], 0)


def test_where_tracks_were_assigned_those_count(subject, run):
    other = SubjectFactory(project=subject.project, label="Perpetua")
    for number, person in ((1, other), (2, subject)):
        TrackAssignmentFactory(
            recording=run.recording, track=number, subject=person, role="customer", engine_version="1"
        )
    assert tracks_in(subject, run) == ([2], [2], 1)
    assert tracks_in(other, run) == ([1], [1], 1)


def test_numbers_of_another_engine_say_nothing_of_this_result(subject, run):
    other = SubjectFactory(project=subject.project)
    TrackAssignmentFactory(recording=run.recording, track=1, subject=other, engine_version="0")
    assert tracks_in(subject, run) == ([], [], 2)
    assert tracks_in(other, run) == ([], [], 2)


def told_of(person, model):
    """Rows as they stand in the copy."""
    with tenant(person.organisation_id):
        return [
            exporters.copy_of(row) | one.others(person, row)
            for one in exporters.exporters()
            if one.model is model
            for row in one.rows(person)
        ]


def test_who_was_only_seen_gets_nothing_of_whom_the_recording_is_about(subject, run):
    seen = SubjectFactory(project=subject.project, label="Perpetua")
    for number, person in ((1, subject), (2, seen)):
        TrackAssignmentFactory(recording=run.recording, track=number, subject=person, engine_version="1")
    people = [{"track": number, "engine": "1", "first_seen": number} for number in (1, 2)]
    measured = {"summary": {"tracks": 2, "signals": {"trust": {"value": 41.0}}}, "cohort": "hofstede-3"}
    with tenant(subject.organisation_id):
        Run.objects.update(**measured, neutral_start=3.0, neutral_end=4.0, people=people, withheld=[2])

    [mine], [hers] = told_of(subject, Run), told_of(seen, Run)
    assert (mine["summary"], mine["cohort"], mine["neutral_end"]) == (*measured.values(), 4.0)
    assert (mine["people"], mine["withheld"]) == (people[:1], [])
    assert (hers["summary"], hers["cohort"], hers["neutral_start"], hers["neutral_end"]) == (
        {},
        "",
        None,
        None,
    )
    assert (hers["people"], hers["withheld"]) == (people[1:], [2])
    [recording] = told_of(seen, Recording)
    assert (recording["title"], recording["original_name"]) == ("", "")
    assert [row["title"] for row in told_of(subject, Recording)] == ["Talk"]
    assert f"recordings/{run.recording_id}/media.mp4" in files_of(seen, with_media=True)


def test_signals_of_one_of_several_faces_are_nobodys_until_they_are_assigned(subject, run):
    with tenant(subject.organisation_id):
        Run.objects.update(summary={"tracks": 2, "signals": {"trust": None}}, cohort="hofstede-3")
    [row] = told_of(subject, Run)
    assert (row["summary"], row["cohort"]) == ({}, "")


def test_rows_are_the_persons(subject, run):
    RecordingFactory(project=subject.project, subject=SubjectFactory(project=subject.project))
    UploadFactory(project=subject.project, subject_label="quirina", original_name="waits.mp4")
    UploadFactory(project=subject.project, subject_label="Perpetua", original_name="hers.mp4")
    with tenant(subject.organisation_id):
        assert [row.pk for row in copies.recordings(subject)] == [run.recording_id]
        assert [row.pk for row in copies.runs(subject)] == [run.pk]
        assert [row.original_name for row in copies.uploads(subject)] == ["waits.mp4"]


def test_media_come_along_where_they_are_wanted_under_a_name_that_leads_nowhere(subject, run):
    name = f"recordings/{run.recording_id}/quirina.mp4"
    assert not any(found.startswith("recordings/") for found in files_of(subject))
    assert files_of(subject, with_media=True)[name] == b"media"
