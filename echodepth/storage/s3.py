"""Objects on an S3-compatible server: private, encrypted where that is asked for.

django-storages holds the options; what it leaves open is settled here. Nothing of boto comes out: a server
that cannot be reached or refuses is a `StorageError`, an object that is not there a FileNotFoundError, and a
bucket that is not there is no missing object.
"""

import io
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, cast
from uuid import uuid4

import boto3
from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from storages.backends.s3 import S3Storage

from echodepth.metrics import storage_error
from echodepth.storage.parts import MIB

NONE = "none"
"""Of the setting for encryption: the server is not asked to encrypt."""
ENCRYPTION = "ServerSideEncryption"
NOT_THERE = frozenset({"404", "NoSuchKey", "NotFound"})
NO_UPLOAD = "NoSuchUpload"
ATTEMPTS = 4
"""Of one request, the waits between them growing; and of a download that breaks off, with no byte between."""
CONNECT_SECONDS = 5
READ_SECONDS = 60
PIECE = 16 * MIB
"""Bytes from which on an object that we write goes in parts, and bytes of each of them."""
BATCH = 1000
"""Objects that are deleted at a time: S3's limit."""
REFUSALS = frozenset({"InvalidRequest", "InvalidArgument", "NotImplemented"})
"""Of a request to encrypt."""
KNOWS_NO_VERSIONS = frozenset({"NotImplemented", "MethodNotAllowed"})
"""Of a request to list them."""
CONTENT_TYPE = "application/octet-stream"
"""Of every object: what it is, our own links say when they give it out."""
CHECKED = "health"
"""The folder outside of every organisation where the check of encryption writes."""


class StorageError(OSError):
    """The server was not reached in time, or refuses."""


class NotEncryptedError(StorageError):
    """The server does not encrypt although it is told to."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An object as a listing tells it."""

    key: str
    size: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an object, as a bucket with versions keeps them."""

    key: str
    number: str | None
    """The server's name of the version; None where it knows none."""
    size: int
    """Bytes; 0 for a mark."""
    is_newest: bool
    is_mark: bool = False
    """That the object was deleted: older versions lie below it."""


@contextmanager
def as_os_errors() -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        translated = _translated(error)
        if isinstance(translated, StorageError):
            storage_error(error.operation_name)
        raise translated from error
    except (BotoCoreError, Boto3Error) as error:
        storage_error("connection")
        raise StorageError(str(error)) from error


def code_of(error: ClientError) -> str:
    """The server's word for what is wrong, such as NoSuchKey."""
    return str(error.response.get("Error", {}).get("Code", ""))


def _translated(error: ClientError) -> OSError:
    if code_of(error) in NOT_THERE | {NO_UPLOAD}:
        return FileNotFoundError(str(error))
    return StorageError(str(error))


class ObjectStorage(S3Storage):  # type: ignore[misc]  # the library says nothing of its types
    """Django's storage; made by the settings alone (`echodepth.storage.settings`)."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            client_config=_config(options.pop("addressing_style", "auto")),
            transfer_config=TransferConfig(
                multipart_threshold=PIECE, multipart_chunksize=PIECE, max_concurrency=4
            ),
            default_acl=None,
            file_overwrite=False,
            signature_version="s3v4",
            **options,
        )
        self._made: tuple[int, Any] = (0, None)
        self._encrypts = self.encryption == NONE

    def get_default_settings(self) -> dict[str, Any]:
        given: dict[str, Any] = super().get_default_settings()
        return given | {"public_endpoint": "", "encryption": "AES256"}

    @property
    def client(self) -> Any:
        """boto's: one for all threads, since each costs 10 MB; a fork must not share its parent's sockets."""
        process, client = self._made
        if process != os.getpid():
            session = boto3.Session(
                aws_access_key_id=self.access_key or None, aws_secret_access_key=self.secret_key or None
            )
            client = session.client(
                "s3",
                region_name=self.region_name,
                endpoint_url=self.endpoint_url,
                config=self.client_config,
            )
            self._made = (os.getpid(), client)
        return client

    def write_parameters(self) -> dict[str, str]:
        """What every request carries that makes an object."""
        return {} if self.encryption == NONE else {ENCRYPTION: self.encryption}

    def get_object_parameters(self, name: str) -> dict[str, str]:  # noqa: ARG002 - the library's signature
        return self.write_parameters()

    def url(self, *_what: Any, **_how: Any) -> str:
        raise NotImplementedError("no address leads to an object: see echodepth.files")

    def exists(self, name: str) -> bool:
        """Asked by a listing, which tells a bucket that is not there from an object that is not."""
        with as_os_errors():
            found = self.client.list_objects_v2(Bucket=self.bucket_name, Prefix=name, MaxKeys=1)
        return any(entry["Key"] == name for entry in found.get("Contents", ()))

    def size(self, name: str) -> int:
        return int(self.head(name)["ContentLength"])

    def head(self, name: str) -> dict[str, Any]:
        """What the server says of an object. Raises FileNotFoundError where there is none."""
        try:
            with as_os_errors():
                found: dict[str, Any] = self.client.head_object(Bucket=self.bucket_name, Key=name)
        except FileNotFoundError:
            self.see_bucket()
            raise
        return found

    def see_bucket(self) -> None:
        """Raises StorageError where it is not there, is another's, or cannot be reached."""
        try:
            with as_os_errors():
                self.client.head_bucket(Bucket=self.bucket_name)
        except FileNotFoundError as error:
            raise StorageError(f"there is no bucket {self.bucket_name}") from error

    def delete(self, name: str) -> None:
        with as_os_errors():
            self.client.delete_object(Bucket=self.bucket_name, Key=name)

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        """Names of folders and of objects directly under a folder; of one that is not there, none."""
        prefix = f"{name.strip('/')}/" if name.strip("/") else ""
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket_name, Prefix=prefix, Delimiter="/"
        )
        folders: list[str] = []
        files: list[str] = []
        with as_os_errors():
            for page in pages:
                folders += [found["Prefix"] for found in page.get("CommonPrefixes", ())]
                files += [found["Key"] for found in page.get("Contents", ())]
        start = len(prefix)
        return [found[start:].rstrip("/") for found in folders], [found[start:] for found in files]

    def listed(self, prefix: str = "") -> Iterator[Listed]:
        """Every object whose key begins so."""
        for page in self._pages(prefix):
            yield from page

    def versions(self, prefix: str, *, exact: bool = False) -> Iterator[Version]:
        """Every version of every object whose key begins so, or is so; marks of deletion among them.

        A server that knows no versions has the newest of each. Raises StorageError where it does not tell.
        """
        try:
            with as_os_errors():
                pages = self.client.get_paginator("list_object_versions").paginate(
                    Bucket=self.bucket_name, Prefix=prefix, PaginationConfig={"PageSize": BATCH}
                )
                for page in pages:
                    yield from (found for found in _versions_of(page) if not exact or found.key == prefix)
        except StorageError as error:
            cause = error.__cause__
            if not (isinstance(cause, ClientError) and code_of(cause) in KNOWS_NO_VERSIONS):
                raise
            newest = (found for found in self.listed(prefix) if not exact or found.key == prefix)
            yield from (Version(found.key, None, found.size, is_newest=True) for found in newest)

    def purge(self, prefix: str, *, exact: bool = False, keep: Collection[str] = ()) -> None:
        """Delete them for good, but those with the keys to `keep`."""
        while True:  # listed anew each time: where a listing goes on is said by a version, which is gone then
            left = (found for found in self.versions(prefix, exact=exact) if found.key not in keep)
            batch = list(islice(left, BATCH))
            self._delete_versions(batch)
            if len(batch) < BATCH:
                return

    def check_encryption(self) -> None:
        """See, before this process writes anything, that the server encrypts what it is told to encrypt.

        There are servers that take the request for it and do nothing. Raises NotEncryptedError.
        """
        if self._encrypts:
            return
        key = f"{CHECKED}/{uuid4()}"
        try:
            with as_os_errors():
                self.client.put_object(Bucket=self.bucket_name, Key=key, Body=b"", **self.write_parameters())
        except StorageError as error:
            if _refuses_encryption(error):
                raise self._unencrypted() from error
            raise
        try:
            self.see_encrypted(self.head(key))
        finally:
            with suppress(OSError):
                self.delete(key)
        self._encrypts = True

    def see_encrypted(self, told: dict[str, Any]) -> None:
        """Raises NotEncryptedError unless the server says of an object what it was told to do with it."""
        if self.encryption not in (NONE, told.get(ENCRYPTION)):
            raise self._unencrypted()

    def _open(self, name: str, mode: str = "rb") -> "File[Any]":
        if mode != "rb":
            raise ValueError("objects are opened to be read, as bytes")
        return File(cast("Any", io.BufferedReader(ObjectReader(self, name), MIB)), name)

    def _save(self, name: str, content: Any) -> str:
        self.check_encryption()
        with as_os_errors():
            self.client.upload_fileobj(
                _Body(content),
                self.bucket_name,
                name,
                ExtraArgs=self.write_parameters() | {"ContentType": CONTENT_TYPE},
                Config=self.transfer_config,
            )
        return name

    def _pages(self, prefix: str) -> Iterator[list[Listed]]:
        pages = self.client.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket_name, Prefix=prefix, PaginationConfig={"PageSize": BATCH}
        )
        with as_os_errors():
            for page in pages:
                found = page.get("Contents", ())
                yield [Listed(entry["Key"], entry["Size"], entry["LastModified"]) for entry in found]

    def _delete_versions(self, batch: list[Version]) -> None:
        if not batch:
            return
        named = [{"Key": one.key} | ({"VersionId": one.number} if one.number else {}) for one in batch]
        with as_os_errors():
            told = self.client.delete_objects(
                Bucket=self.bucket_name, Delete={"Objects": named, "Quiet": True}
            )
        if told.get("Errors"):
            raise StorageError(f"{len(told['Errors'])} versions were not deleted: {told['Errors'][0]}")

    def _unencrypted(self) -> NotEncryptedError:
        return NotEncryptedError(
            f"the server does not encrypt with {self.encryption} although it is told to: nothing is written. "
            "Choose a server that does, or set ECHODEPTH_S3_ENCRYPTION=none and encrypt its disks"
        )


class _Body:
    """What is stored, from its beginning, with no more asked of it than that it can be read."""

    def __init__(self, content: Any) -> None:
        self._content = content
        with suppress(AttributeError, io.UnsupportedOperation):
            content.seek(0)

    def read(self, size: int = -1) -> bytes:
        """As many bytes as asked for, unless it ends: less would become a part that S3 does not take."""
        if size < 0:
            return bytes(self._content.read())
        pieces, left = [], size
        while left and (piece := self._content.read(left)):
            pieces.append(piece)
            left -= len(piece)
        return b"".join(pieces)


class ObjectReader(io.RawIOBase):
    """An object as a file that is read as it comes; where the line breaks, it goes on from there.

    Raises FileNotFoundError at once where there is none, StorageError when it cannot be read on.
    """

    def __init__(self, storage: ObjectStorage, key: str) -> None:
        self._storage, self._key = storage, key
        self._position = 0
        self._body: Any = None
        with as_os_errors():
            found = storage.client.get_object(Bucket=storage.bucket_name, Key=key)
        self._body, self._size, self._etag = found["Body"], found["ContentLength"], found["ETag"]

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        if start + offset != self._position:
            self._drop()
            self._position = max(0, start + offset)
        return self._position

    def readinto(self, buffer: Any) -> int:
        if self._position >= self._size:
            return 0
        piece = self._read(len(buffer))
        buffer[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)

    def close(self) -> None:
        self._drop()
        super().close()

    def _read(self, size: int) -> bytes:
        """Never empty: the object has more."""
        for _attempt in range(ATTEMPTS - 1):
            with suppress(BotoCoreError):
                if piece := self._take(size):
                    return piece
            self._drop()
        with as_os_errors():
            if piece := self._take(size):
                return piece
        raise StorageError(f"{self._key} ends before its end")

    def _take(self, size: int) -> bytes:
        if self._body is None:
            rest = {"Range": f"bytes={self._position}-", "IfMatch": self._etag}
            with as_os_errors():
                found = self._storage.client.get_object(
                    Bucket=self._storage.bucket_name, Key=self._key, **rest
                )
            self._body = found["Body"]
        return bytes(self._body.read(size))

    def _drop(self) -> None:
        if self._body is not None:
            self._body.close()
            self._body = None


def _config(addressing_style: str) -> Config:
    # Checksums of the newer kind only where S3 demands them: many other servers do not know them.
    return Config(
        signature_version="s3v4",
        s3={"addressing_style": addressing_style},
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        max_pool_connections=16,
        tcp_keepalive=True,
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )


def _versions_of(page: dict[str, Any]) -> Iterator[Version]:
    for found in page.get("Versions", ()):
        yield Version(found["Key"], found["VersionId"], found["Size"], is_newest=found["IsLatest"])
    for mark in page.get("DeleteMarkers", ()):
        yield Version(mark["Key"], mark["VersionId"], 0, is_newest=mark["IsLatest"], is_mark=True)


def _refuses_encryption(error: StorageError) -> bool:
    """Over plain HTTP, or without keys of its own, a server may refuse the request itself."""
    cause = error.__cause__
    return isinstance(cause, ClientError) and code_of(cause) in REFUSALS
