from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from analysis.domain import objects

pytestmark = pytest.mark.usefixtures("storage")


def put(key, content=b"content"):
    return default_storage.save(key, ContentFile(content))


@pytest.fixture
def remote(settings, storage):
    """Storage that is no folder of this machine."""
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "tests.support.storage.RemoteStorage"}}


def test_every_key_begins_with_the_organisation():
    ours, other = uuid4(), uuid4()
    keys = [make(ours, other) for make in (objects.recording_key, objects.document_key, objects.run_folder)]

    assert all(key.startswith(f"{ours}/") and str(other) in key for key in keys)
    assert len(set(keys)) == 3


def test_a_file_is_stored_under_its_key(tmp_path):
    (tmp_path / "file").write_bytes(b"frames")

    assert objects.store("a/b/frames", tmp_path / "file") == "a/b/frames"
    with default_storage.open("a/b/frames") as stored:
        assert stored.read() == b"frames"


def test_an_object_in_a_local_folder_is_not_copied(storage, tmp_path):
    put("a/media")

    path = objects.local_file("a/media", tmp_path, lambda: None)

    assert path == storage / "a" / "media"
    assert list(tmp_path.glob("media")) == []


@pytest.mark.usefixtures("remote")
def test_an_object_elsewhere_is_fetched_piece_by_piece(tmp_path, monkeypatch):
    monkeypatch.setattr(objects, "CHUNK", 4)
    put("a/media", b"0123456789")
    ticks = []

    path = objects.local_file("a/media", tmp_path, lambda: ticks.append(1))

    assert (path, path.read_bytes()) == (tmp_path / "media", b"0123456789")
    assert len(ticks) == 3


@pytest.mark.parametrize("kind", ["storage", "remote"])
def test_an_object_that_is_gone_is_told(request, kind, tmp_path):
    request.getfixturevalue(kind)
    with pytest.raises(FileNotFoundError):
        objects.local_file("a/media", tmp_path, lambda: None)
    objects.erase("a/media")
    objects.erase("")
    objects.erase_folder("a")


@pytest.mark.parametrize("kind", ["storage", "remote"])
def test_a_folder_is_erased_with_all_below_and_nothing_beside(request, kind):
    request.getfixturevalue(kind)
    for key in ("a/runs/1/x/frames", "a/runs/1/y/result", "a/runs/1/z", "a/runs/10/frames"):
        put(key)

    objects.erase_folder("a/runs/1")

    assert not default_storage.exists("a/runs/1/x/frames")
    assert not default_storage.exists("a/runs/1/z")
    assert default_storage.exists("a/runs/10/frames")
