import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from analysis.domain import erasure, objects, runs
from analysis.domain.execute import execute
from analysis.enums import RunState
from analysis.models import Document, Recording, Run
from analysis.signals import run_erased
from echodepth.tenancy import tenant
from tests.analysis.conftest import stored_files
from tests.analysis.domain.test_execute import good_engine


@pytest.fixture
def scoped(acme):
    with tenant(acme.organisation.pk):
        yield acme


@pytest.fixture
def extra_object(scoped):
    """An object that another app holds for a run."""
    keys = {}

    def hold(run):
        keys[run.pk] = default_storage.save(
            f"{run.organisation_id}/reports/{run.pk}/report.pdf", ContentFile(b"%PDF")
        )

    def tell(run, **_kwargs):
        return [keys[run.pk]] if run.pk in keys else None

    run_erased.connect(tell)
    yield hold
    run_erased.disconnect(tell)


def test_a_recording_goes_with_all_that_was_made_of_it(scoped, storage, extra_object):
    recording = scoped.recording()
    for _ in range(2):
        run = scoped.run(recording)
        execute(run.pk, good_engine)
        runs.finish(run.pk)
        extra_object(run)
    kept = scoped.recording("Another")
    assert len(stored_files(storage)) == 8
    erasure.erase_recording(recording)
    assert stored_files(storage) == [kept.storage_key]
    assert [one.pk for one in Recording.objects.all()] == [kept.pk]
    assert not Run.objects.exists()


def test_a_run_under_way_is_stopped_and_leaves_nothing(scoped, storage):
    recording = scoped.recording()
    run = scoped.run(recording)

    def engine(path, folder, progress, neutral=None):
        result = good_engine(path, folder, progress)
        erasure.erase_recording(recording)
        return result

    execute(run.pk, engine)
    assert stored_files(storage) == []
    assert not Run.objects.exists()


def test_erasing_again_ends_what_a_broken_storage_left(scoped, storage, monkeypatch):
    recording = scoped.recording()
    scoped.run(recording, state=RunState.DONE)

    def broken(_name):
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr(default_storage, "delete", broken)
        with pytest.raises(OSError):  # noqa: PT011 - any fault of the storage
            erasure.erase_recording(recording)
    assert Recording.objects.filter(pk=recording.pk).exists()
    erasure.erase_recording(recording)
    assert stored_files(storage) == []
    assert not Recording.objects.exists()


def test_an_object_that_is_gone_already_is_no_hindrance(scoped):
    recording = scoped.recording()
    objects.erase(recording.storage_key)
    erasure.erase_recording(recording)
    assert not Recording.objects.exists()


def test_a_document_goes_with_its_file(scoped, storage):
    document, kept = scoped.document("a.txt"), scoped.document("b.txt")
    erasure.erase_document(document)
    assert stored_files(storage) == [kept.storage_key]
    assert [one.pk for one in Document.objects.all()] == [kept.pk]
