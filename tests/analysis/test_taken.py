import pytest

from accounts.domain.offboarding.contents import kinds
from analysis import taken
from echodepth.tenancy import tenant
from tests.factories import DocumentFactory, RecordingFactory, RunFactory


def test_all_kinds_of_files_are_announced():
    assert {"recording", "document", "result", "frame table", "report", "consent"} <= kinds()


def test_files_lie_under_their_rows_ids(organisation):
    recording = RecordingFactory(project__organisation=organisation, original_name="talk.mp4")
    DocumentFactory(project__organisation=organisation, original_name="notes.txt")
    run = RunFactory(recording=recording, result_key="k/result.json", frames_key="k/frames.parquet")
    RunFactory(recording=RecordingFactory(project__organisation=organisation, storage_key=""))

    with tenant(organisation.pk):
        assert [one.path for one in taken.recordings(None)] == [f"recordings/{recording.pk}/talk.mp4"]
        assert [one.path.rsplit("/")[-1] for one in taken.documents(None)] == ["notes.txt"]
        assert [(one.id, one.key) for one in taken.results(None)] == [(run.pk, "k/result.json")]
        assert [one.path for one in taken.frame_tables(None)] == [f"runs/{run.pk}/frames.parquet"]
        assert list(taken.recordings(recording.pk)) == []


@pytest.mark.parametrize(
    ("name", "safe"),
    [("talk.mp4", "talk.mp4"), ("../../etc/passwd", "etcpasswd"), ("C:\\x.mp4", "Cx.mp4"), ("..", "file")],
)
def test_a_name_leads_nowhere_else(name, safe):
    assert taken.safe_name(name) == safe
