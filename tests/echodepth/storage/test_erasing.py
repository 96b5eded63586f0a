"""Erasing, on every kind of storage, and on a bucket that keeps versions."""

import pytest
from botocore.exceptions import ClientError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from echodepth.storage import erasing
from echodepth.storage.chosen import object_storage, part_store
from echodepth.storage.erasing import Found
from echodepth.storage.s3 import StorageError
from tests.echodepth.storage.conftest import use
from tests.support import object_stores


@pytest.fixture
def versioned(moto, settings):
    """A bucket that keeps every version, with nothing in it yet."""
    server = object_stores.with_bucket(moto.url, "AES256")
    server.client.put_bucket_versioning(Bucket=server.bucket, VersioningConfiguration={"Status": "Enabled"})
    use(settings, server.storages())
    return server


def keep(*names):
    for name in names:
        default_storage.save(name, ContentFile(b"12345"))


def versions_of(server):
    told = server.client.list_object_versions(Bucket=server.bucket)
    return sorted(one["Key"] for part in ("Versions", "DeleteMarkers") for one in told.get(part, ()))


def test_an_object_goes_and_its_neighbours_stay(kind):
    keep("t1/runs/a/one", "t1/runs/a/one-more", "t1/runs/ab/two")
    assert erasing.look("t1/runs/a/one") == Found(1, 5, 0)
    erasing.erase("t1/runs/a/one")
    erasing.erase("t1/runs/a/one")
    assert not default_storage.exists("t1/runs/a/one")
    assert default_storage.exists("t1/runs/a/one-more")
    assert erasing.look("t1/runs/a/one").objects == 0


def test_a_folder_goes_but_what_is_kept_and_its_neighbours_stay(kind):
    keep("t2/runs/a/one", "t2/runs/a/deep/two", "t2/runs/a/kept", "t2/runs/ab/three", "t2/runs/a-b")
    assert erasing.look_under("t2/runs/a", {"t2/runs/a/kept"}) == Found(2, 10, 0)
    erasing.erase_under("t2/runs/a", {"t2/runs/a/kept"})
    erasing.erase_under("t2/runs/nothing")
    there = [default_storage.exists(f"t2/runs/{name}") for name in ("a/one", "a/deep/two")]
    assert there == [False, False]
    kept = [default_storage.exists(f"t2/runs/{name}") for name in ("a/kept", "ab/three", "a-b")]
    assert kept == [True, True, True]


def test_what_came_in_parts_is_abandoned_with_its_folder(kind):
    store = part_store()
    mine = store.begin("t3/recordings/a/media", 8 * 1024 * 1024)
    others = store.begin("t3/recordings/ab/media", 8 * 1024 * 1024)
    erasing.abandon_under("t3/recordings/a")
    assert [one.parts_id for one in store.unfinished("t3/")] == [others]
    with pytest.raises(FileNotFoundError):
        store.received("t3/recordings/a/media", mine)
    store.abandon("t3/recordings/ab/media", others)


def test_every_version_goes_of_what_was_overwritten_and_of_what_was_deleted(versioned):
    for content in (b"first", b"second", b"third"):
        versioned.client.put_object(Bucket=versioned.bucket, Key="t/a", Body=content)
    versioned.client.put_object(Bucket=versioned.bucket, Key="t/b", Body=b"deleted")
    versioned.client.delete_object(Bucket=versioned.bucket, Key="t/b")
    versioned.client.put_object(Bucket=versioned.bucket, Key="t/ab", Body=b"neighbour")
    assert erasing.look("t/a") == Found(1, 5, 2)
    assert erasing.look("t/b") == Found(0, 0, 1)
    erasing.erase("t/a")
    assert versions_of(versioned) == ["t/ab", "t/b", "t/b"]
    erasing.erase("t/b")
    assert versions_of(versioned) == ["t/ab"]


def test_every_version_in_a_folder_goes_and_none_beside_it(versioned):
    for key in ("t/a/1", "t/a/2", "t/ab", "t/a/kept"):
        for content in (b"old", b"new"):
            versioned.client.put_object(Bucket=versioned.bucket, Key=key, Body=content)
    assert erasing.look_under("t/a", {"t/a/kept"}) == Found(2, 6, 2)
    erasing.erase_under("t/a", {"t/a/kept"})
    assert versions_of(versioned) == ["t/a/kept", "t/a/kept", "t/ab", "t/ab"]


def test_more_versions_than_fit_in_one_request_go(versioned, monkeypatch):
    monkeypatch.setattr("echodepth.storage.s3.BATCH", 2)
    for number in range(5):
        versioned.client.put_object(Bucket=versioned.bucket, Key="t/a", Body=b"%d" % number)
    erasing.erase("t/a")
    assert versions_of(versioned) == []


@pytest.mark.parametrize(("code", "known"), [("NotImplemented", True), ("AccessDenied", False)])
def test_a_server_without_versions_is_no_hindrance_and_one_that_hides_them_is(
    moto, settings, monkeypatch, code, known
):
    server = object_stores.with_bucket(moto.url, "AES256")
    use(settings, server.storages())
    keep("t/a", "t/ab")
    storage = object_storage()

    def refuse(*_args, **_more):
        raise ClientError({"Error": {"Code": code}}, "ListObjectVersions")

    real = storage.client.get_paginator

    def paginator(name):
        found = real(name)
        if name == "list_object_versions":
            found.paginate = refuse
        return found

    monkeypatch.setattr(storage.client, "get_paginator", paginator)
    if known:
        erasing.erase("t/a")
        assert [default_storage.exists(name) for name in ("t/a", "t/ab")] == [False, True]
    else:
        with pytest.raises(StorageError):
            erasing.erase("t/a")
        assert default_storage.exists("t/a")
