"""Objects that come in parts straight to an S3-compatible server: multipart uploads by presigned links."""

from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property
from typing import Any

import boto3
from botocore.exceptions import ClientError

from echodepth.storage.parts import LINK_LIFE, Part, PartLink, Unfinished
from echodepth.storage.s3 import CONTENT_TYPE, ObjectStorage, as_os_errors, code_of

WRONG_PARTS = frozenset({"InvalidPart", "InvalidPartOrder", "EntityTooSmall", "MalformedXML"})


class S3Parts:
    """In the bucket of the storage; links name the address by which browsers reach it."""

    def __init__(self, storage: ObjectStorage) -> None:
        self._storage = storage

    def begin(self, key: str, part: int) -> str:  # noqa: ARG002 - S3 does not ask how large they will be
        self._storage.check_encryption()
        with as_os_errors():
            begun = self._storage.client.create_multipart_upload(
                **self._named(key), ContentType=CONTENT_TYPE, **self._storage.write_parameters()
            )
        return str(begun["UploadId"])

    def link(self, key: str, parts_id: str, number: int, size: int) -> PartLink:
        """The length is signed with it, so no other length is taken."""
        one = {"UploadId": parts_id, "PartNumber": number, "ContentLength": size}
        with as_os_errors():
            url = self._signer.generate_presigned_url(
                "upload_part", Params=self._named(key) | one, ExpiresIn=int(LINK_LIFE.total_seconds())
            )
        return PartLink(number, str(url))

    def received(self, key: str, parts_id: str) -> list[Part]:
        pages = self._storage.client.get_paginator("list_parts").paginate(
            **self._named(key), UploadId=parts_id
        )
        with as_os_errors():
            found = [part for page in pages for part in page.get("Parts", ())]
        return [Part(part["PartNumber"], part["Size"], part["ETag"]) for part in found]

    def finish(self, key: str, parts_id: str, parts: Sequence[Part]) -> None:
        """Looks first what is there: of an upload that is gone, servers say all kinds of things."""
        there = {(part.number, part.size, part.etag.strip('"')) for part in self.received(key, parts_id)}
        named = [(part.number, part.size, part.etag.strip('"')) for part in parts]
        in_order = [part.number for part in parts] == list(range(1, len(parts) + 1))
        if not parts or not in_order or not there.issuperset(named):
            raise ValueError("not the parts that came")
        self._complete(key, parts_id, parts)
        self._see_encrypted(key)

    def abandon(self, key: str, parts_id: str) -> None:
        with suppress(FileNotFoundError), as_os_errors():
            self._storage.client.abort_multipart_upload(**self._named(key), UploadId=parts_id)

    def unfinished(self, prefix: str) -> list[Unfinished]:
        pages = self._storage.client.get_paginator("list_multipart_uploads").paginate(
            Bucket=self._storage.bucket_name, Prefix=prefix
        )
        with as_os_errors():
            found = [upload for page in pages for upload in page.get("Uploads", ())]
        return [Unfinished(upload["Key"], upload["UploadId"], upload["Initiated"]) for upload in found]

    @cached_property
    def _signer(self) -> Any:
        """Signs and asks nobody. Another address than our own requests', so it is another client."""
        storage = self._storage
        session = boto3.Session(
            aws_access_key_id=storage.access_key or None, aws_secret_access_key=storage.secret_key or None
        )
        return session.client(
            "s3",
            region_name=storage.region_name,
            endpoint_url=storage.public_endpoint or storage.endpoint_url,
            config=storage.client_config,
        )

    def _named(self, key: str) -> dict[str, Any]:
        return {"Bucket": self._storage.bucket_name, "Key": key}

    def _complete(self, key: str, parts_id: str, parts: Sequence[Part]) -> None:
        made = {"Parts": [{"PartNumber": part.number, "ETag": part.etag} for part in parts]}
        try:
            with as_os_errors():
                self._storage.client.complete_multipart_upload(
                    **self._named(key), UploadId=parts_id, MultipartUpload=made
                )
        except OSError as error:
            cause = error.__cause__
            if isinstance(cause, ClientError) and code_of(cause) in WRONG_PARTS:
                raise ValueError("not the parts that came") from error
            raise

    def _see_encrypted(self, key: str) -> None:
        told = self._storage.head(key)
        try:
            self._storage.see_encrypted(told)
        except OSError:
            self._storage.delete(key)
            raise
