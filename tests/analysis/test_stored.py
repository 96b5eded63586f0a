from io import BytesIO

import pytest
from django.core.files.base import ContentFile

from analysis import stored
from analysis.engine import frame_table
from analysis.enums import UploadState
from echodepth.storage import registry
from echodepth.tenancy import tenant
from tests.factories import DocumentFactory, RecordingFactory, RunFactory, SegmentFactory, UploadFactory
from tests.support.results import example_frames


def rows_of(organisation):
    with tenant(organisation.pk):
        return {found.key: (kind, found) for kind, found in registry.expected()}


def test_recordings_and_documents_are_known_with_size_and_checksum(db):
    recording = RecordingFactory()
    document = DocumentFactory(project=recording.project)
    found = rows_of(recording.organisation)

    for kind, file in (("recording", recording), ("document", document)):
        assert found[file.storage_key][0] == kind
        told = found[file.storage_key][1]
        assert (told.row_id, told.size, told.sha256) == (file.pk, file.size, file.sha256)
        assert told.required


def test_what_a_run_made_is_known_and_what_is_on_its_way_need_not_be_there(db):
    run = RunFactory(result_key="o/runs/1/result.json", frames_key="o/runs/1/frames.parquet")
    SegmentFactory(run=run, spool_key="o/runs/1/spool")
    UploadFactory(project=run.recording.project, storage_key="o/recordings/2/media")
    RunFactory(recording__project=run.recording.project)
    found = {key: (kind, told.required) for key, (kind, told) in rows_of(run.organisation).items()}

    assert found == {
        run.recording.storage_key: ("recording", True),
        run.result_key: ("result", True),
        run.frames_key: ("frame table", True),
        "o/runs/1/spool": ("segment", False),
        "o/recordings/2/media": ("upload", False),
    } | {key: told for key, told in found.items() if told[0] == "recording"}


def test_parts_are_awaited_while_the_upload_is_under_way(db):
    upload = UploadFactory(parts_id="open")
    for state in (UploadState.CHECKING, UploadState.DONE, UploadState.REFUSED):
        UploadFactory(project=upload.project, parts_id=str(state.value), state=state)
    UploadFactory(parts_id="elsewhere")

    with tenant(upload.organisation_id):
        assert registry.awaited() == {"open", "checking"}


@pytest.mark.parametrize("content", [b"{}", b'{"a": [1, 2]}'])
def test_a_result_that_is_json(content):
    assert stored.is_json(ContentFile(content))
    assert not stored.is_json(ContentFile(content[:-1]))
    assert not stored.is_json(ContentFile(content + b"\xff"))


def test_a_frame_table_that_is_whole(tmp_path):
    frame_table.write_parquet(tmp_path / "frames.parquet", example_frames(10))
    content = (tmp_path / "frames.parquet").read_bytes()

    assert stored.is_parquet(BytesIO(content))
    for cut in (b"", content[:4], content[:-1], b"x" + content[1:]):
        assert not stored.is_parquet(BytesIO(cut))
