import io
import os
import threading

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, IncompleteReadError
from django.core.files.base import ContentFile

from echodepth.metrics import REGISTRY
from echodepth.storage import s3
from echodepth.storage.s3 import (
    CHECKED,
    ENCRYPTION,
    NotEncryptedError,
    ObjectReader,
    ObjectStorage,
    StorageError,
)
from echodepth.storage.s3_parts import S3Parts
from tests.support.postgres import free_port

CONTENT = bytes(range(256)) * 20_000


@pytest.fixture
def storage(moto):
    return ObjectStorage(**moto.options())


@pytest.fixture
def away(moto, monkeypatch):
    """A server that nobody listens at."""
    monkeypatch.setattr(s3, "ATTEMPTS", 1)
    return ObjectStorage(**moto.options(endpoint_url=f"http://127.0.0.1:{free_port()}", encryption="none"))


@pytest.fixture
def elsewhere(moto):
    """The server without the bucket."""
    return ObjectStorage(**moto.options(bucket_name="somebody-elses", encryption="none"))


CALLS = {
    "open": lambda storage: storage.open("a/b"),
    "save": lambda storage: storage.save("a/b", ContentFile(b"x")),
    "exists": lambda storage: storage.exists("a/b"),
    "size": lambda storage: storage.size("a/b"),
    "delete": lambda storage: storage.delete("a/b"),
    "listdir": lambda storage: storage.listdir("a"),
    "listed": lambda storage: list(storage.listed("a/")),
    "purge": lambda storage: storage.purge("a/"),
    "head": lambda storage: storage.head("a/b"),
    "begin": lambda storage: S3Parts(storage).begin("a/b", 5_000_000),
    "received": lambda storage: S3Parts(storage).received("a/b", "x"),
    "finish": lambda storage: S3Parts(storage).finish("a/b", "x", []),
    "abandon": lambda storage: S3Parts(storage).abandon("a/b", "x"),
    "unfinished": lambda storage: S3Parts(storage).unfinished("a/"),
}


@pytest.mark.parametrize("call", CALLS)
def test_a_server_that_is_away_is_an_os_error_and_nothing_of_botos(away, call):
    with pytest.raises(StorageError) as caught:
        CALLS[call](away)
    assert not isinstance(caught.value, FileNotFoundError)
    assert isinstance(caught.value, OSError)


@pytest.mark.parametrize("call", ["open", "save", "exists", "size", "listdir", "listed", "purge", "head"])
def test_a_bucket_that_is_not_there_is_no_missing_object(elsewhere, call):
    """Otherwise whatever lay in it would be taken for lost, and runs would fail for good."""
    with pytest.raises(StorageError):
        CALLS[call](elsewhere)


def test_refusals_become_os_errors():
    def raised(code):
        with pytest.raises(OSError) as caught, s3.as_os_errors():  # noqa: PT011 - which one is what is tried
            raise ClientError({"Error": {"Code": code}}, "GetObject")
        return type(caught.value)

    assert raised("NoSuchKey") is raised("404") is raised("NoSuchUpload") is FileNotFoundError
    assert raised("NoSuchBucket") is raised("AccessDenied") is raised("SlowDown") is StorageError
    with pytest.raises(StorageError), s3.as_os_errors():
        raise EndpointConnectionError(endpoint_url="http://10.0.0.5")
    with pytest.raises(KeyError), s3.as_os_errors():
        raise KeyError


def test_no_address_leads_to_an_object(storage):
    with pytest.raises(NotImplementedError):
        storage.url("a/b")


def test_every_object_is_told_to_be_encrypted(storage, moto):
    storage.save("a/small", ContentFile(b"x"))
    storage.save("a/large", ContentFile(b"x" * (s3.PIECE + 1)))
    store = S3Parts(storage)
    parts_id = store.begin("a/parts", 5_000_000)
    client = moto.client
    named = {"Bucket": moto.bucket, "Key": "a/parts", "UploadId": parts_id, "PartNumber": 1}
    client.upload_part(**named, Body=b"x")
    store.finish("a/parts", parts_id, store.received("a/parts", parts_id))

    for key in ("a/small", "a/large", "a/parts"):
        told = client.head_object(Bucket=moto.bucket, Key=key)
        assert (told[ENCRYPTION], told["ContentType"]) == ("AES256", "application/octet-stream")
    assert storage.size("a/large") == s3.PIECE + 1


def test_the_key_of_amazons_key_service_can_be_asked_for(moto):
    storage = ObjectStorage(**moto.options(encryption="aws:kms"))
    storage.save("a/kms", ContentFile(b"x"))

    assert storage.head("a/kms")[ENCRYPTION] == "aws:kms"


def test_nothing_is_asked_where_no_encryption_is_wanted(moto):
    storage = ObjectStorage(**moto.options(encryption="none"))
    storage.save("a/plain", ContentFile(b"x"))

    assert ENCRYPTION not in storage.head("a/plain")
    storage.see_encrypted({})


@pytest.mark.xdist_group("ceph")
def test_nothing_is_written_to_a_server_that_ignores_the_request_to_encrypt(ceph):
    """As Ceph of version 16 does, which answers as if all were well."""
    storage = ObjectStorage(**ceph.options(encryption="AES256"))
    before = {found.key for found in storage.listed()}

    for write in (CALLS["save"], CALLS["begin"], CALLS["save"]):
        with pytest.raises(NotEncryptedError, match="ECHODEPTH_S3_ENCRYPTION=none"):
            write(storage)
    assert {found.key for found in storage.listed()} == before
    assert S3Parts(storage).unfinished("a/") == []


def test_the_check_is_made_once_a_process_and_leaves_nothing(storage, monkeypatch):
    storage.save("a/1", ContentFile(b"x"))
    assert [found.key for found in storage.listed(f"{CHECKED}/")] in ([], ["health/1"])

    def again(*_what):
        raise AssertionError

    monkeypatch.setattr(storage, "head", again)
    storage.save("a/2", ContentFile(b"x"))


def test_a_server_that_refuses_to_encrypt_is_no_server_that_is_away(storage, monkeypatch):
    def refuse(**_what):
        raise ClientError({"Error": {"Code": "NotImplemented"}}, "PutObject")

    monkeypatch.setattr(storage.client, "put_object", refuse)
    with pytest.raises(NotEncryptedError):
        storage.check_encryption()

    def deny(**_what):
        raise ClientError({"Error": {"Code": "AccessDenied"}}, "PutObject")

    monkeypatch.setattr(storage.client, "put_object", deny)
    with pytest.raises(StorageError, match="AccessDenied"):
        storage.check_encryption()


def test_parts_that_were_not_encrypted_in_the_end_are_thrown_away(storage, moto, monkeypatch):
    store = S3Parts(storage)
    parts_id = store.begin("a/undone", 5_000_000)
    named = {"Bucket": moto.bucket, "Key": "a/undone", "UploadId": parts_id, "PartNumber": 1}
    moto.client.upload_part(**named, Body=b"x")
    head = storage.head
    monkeypatch.setattr(storage, "head", lambda key: {**head(key), ENCRYPTION: None})

    with pytest.raises(NotEncryptedError):
        store.finish("a/undone", parts_id, store.received("a/undone", parts_id))
    assert not storage.exists("a/undone")


class Breaking:
    """A body whose line breaks after so many bytes."""

    def __init__(self, body, left, error):
        self._body, self._left, self._error = body, left, error

    def read(self, size):
        if self._left <= 0:
            if self._error:
                raise self._error
            return b""
        piece = self._body.read(min(size, self._left))
        self._left -= len(piece)
        return piece

    def close(self):
        self._body.close()


@pytest.fixture
def breaking(storage, monkeypatch):
    """An object whose downloads break off; the ranges that were asked for."""
    storage.save("a/long", ContentFile(CONTENT))
    get, ranges = storage.client.get_object, []

    def made(left, error=None):
        def get_object(**what):
            ranges.append(what.get("Range"))
            found = get(**what)
            return found | {"Body": Breaking(found["Body"], left, error)}

        monkeypatch.setattr(storage.client, "get_object", get_object)
        return ranges

    yield made
    storage.delete("a/long")


CUT = IncompleteReadError(actual_bytes=1, expected_bytes=2)


@pytest.mark.parametrize("error", [CUT, None], ids=["an error", "an early end"])
def test_a_download_that_breaks_off_goes_on_where_it_was(storage, breaking, error):
    ranges = breaking(2_000_000, error)
    with storage.open("a/long") as stored:
        content = b"".join(stored.chunks(100_000))

    assert content == CONTENT
    assert ranges == [None, "bytes=2000000-", "bytes=4000000-"]


def test_a_download_that_breaks_off_for_good_is_an_os_error(storage, breaking):
    breaking(0, CUT)
    with storage.open("a/long") as stored, pytest.raises(StorageError):
        stored.read(10)
    breaking(0)
    with storage.open("a/long") as stored, pytest.raises(StorageError, match="ends before its end"):
        stored.read(10)


def test_another_object_of_the_name_is_not_read_on(storage, breaking):
    breaking(2_000_000, CUT)
    with storage.open("a/long") as stored:
        stored.read(1_000_000)
        storage.delete("a/long")
        storage.save("a/long", ContentFile(CONTENT[::-1]))
        with pytest.raises(StorageError, match="Precondition"):
            stored.read()


def test_reading_is_seeking_too(storage):
    storage.save("a/seek", ContentFile(b"0123456789"))
    reader = ObjectReader(storage, "a/seek")

    assert reader.seek(-3, io.SEEK_END) == 7
    assert reader.read(2) == b"78"
    assert reader.seek(-1, io.SEEK_CUR) == 8
    assert reader.readall() == b"89"
    assert reader.seek(20) == 20
    assert reader.read(1) == b""
    assert reader.seek(0) == 0
    assert reader.readall() == b"0123456789"
    reader.close()


def test_objects_are_opened_to_be_read(storage):
    with pytest.raises(ValueError, match="to be read"):
        storage.open("a/new", "wb")


def test_what_is_not_deleted_is_said(storage, monkeypatch):
    storage.save("b/1", ContentFile(b"x"))
    answer = {"Errors": [{"Key": "b/1", "Code": "AccessDenied"}]}
    monkeypatch.setattr(storage.client, "delete_objects", lambda **_what: answer)

    with pytest.raises(StorageError, match="1 versions were not deleted"):
        storage.purge("b/")


def test_many_objects_are_deleted_in_batches(storage, monkeypatch):
    monkeypatch.setattr(s3, "BATCH", 3)
    for number in range(7):
        storage.save(f"batches/{number}", ContentFile(b"x"))
    storage.save("batches1", ContentFile(b"x"))
    delete, batches = storage.client.delete_objects, []

    def noted(**what):
        batches.append(len(what["Delete"]["Objects"]))
        return delete(**what)

    monkeypatch.setattr(storage.client, "delete_objects", noted)
    storage.purge("batches/", keep={"batches/4"})

    assert batches == [3, 3]
    assert [found.key for found in storage.listed("batches")] == ["batches/4", "batches1"]


def test_threads_share_a_client_and_forks_do_not(storage, monkeypatch):
    mine, theirs = storage.client, []
    thread = threading.Thread(target=lambda: theirs.append(storage.client))
    thread.start()
    thread.join()

    assert theirs[0] is mine
    assert storage.client is mine
    monkeypatch.setattr(os, "getpid", lambda: 1)
    assert storage.client is not mine


def test_what_the_server_refuses_is_counted_and_what_is_missing_is_not():
    def counted():
        return REGISTRY.get_sample_value("echodepth_storage_errors_total", {"operation": "PutObject"}) or 0.0

    before = counted()
    for code in ("SlowDown", "NoSuchKey"):
        with pytest.raises(OSError), s3.as_os_errors():  # noqa: PT011 - either of two
            raise ClientError({"Error": {"Code": code}}, "PutObject")

    assert counted() == before + 1
