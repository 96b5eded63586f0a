"""The kinds of storage that the product speaks to, each as an installation would be set up with it."""

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import boto3
from botocore.config import Config
from django.test import Client

from echodepth.storage.parts import PartLink
from tests.support import ceph

FOLDER, MOTO, CEPH = "folder", "moto", "ceph"
KINDS = (FOLDER, MOTO, CEPH)
REGION = "us-east-1"


@dataclass(frozen=True)
class Server:
    """An S3 server on loopback with an empty bucket."""

    url: str
    bucket: str
    encryption: str
    """What it does; a Ceph of version 16 does nothing."""

    def options(self, **changed: Any) -> dict[str, Any]:
        """The product's options for it."""
        return {
            "bucket_name": self.bucket,
            "endpoint_url": self.url,
            "public_endpoint": "",
            "region_name": REGION,
            "addressing_style": "path",
            "access_key": ceph.ACCESS_KEY,
            "secret_key": ceph.SECRET_KEY,
            "encryption": self.encryption,
        } | changed

    def storages(self, **changed: Any) -> dict[str, Any]:
        """The setting STORAGES' default."""
        return {"BACKEND": "echodepth.storage.s3.ObjectStorage", "OPTIONS": self.options(**changed)}

    @property
    def client(self) -> Any:
        return boto3.client(
            "s3",
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id=ceph.ACCESS_KEY,
            aws_secret_access_key=ceph.SECRET_KEY,
            config=Config(
                signature_version="s3v4",
                s3={"addressing_style": "path"},
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )


def with_bucket(url: str, encryption: str) -> Server:
    server = Server(url, f"echodepth-{uuid4().hex[:12]}", encryption)
    server.client.create_bucket(Bucket=server.bucket)
    return server


@contextmanager
def moto() -> Iterator[str]:
    """The address of a server that knows nearly all of S3, and checks neither signature nor expiry."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def send(link: PartLink, content: bytes, **headers: str) -> tuple[int, str]:
    """Status and ETag of a part sent by its link, as a browser sends it."""
    if link.url.startswith("/"):
        answer = Client(enforce_csrf_checks=True).put(link.url, content, content_type="video/mp4")
        return answer.status_code, answer.headers.get("ETag", "")
    parts = urlsplit(link.url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=60)
    try:
        connection.request(
            "PUT", f"{parts.path}?{parts.query}", content, {"Content-Type": "video/mp4", **headers}
        )
        answered = connection.getresponse()
        answered.read()
        return answered.status, answered.headers.get("ETag", "")
    finally:
        connection.close()
