"""Make the bucket fit for the product, and see that it is: a server may take what it does not do."""

import http.client
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.utils.translation import gettext as _

from echodepth.storage.s3 import CHECKED, CONNECT_SECONDS, NONE, ObjectStorage, as_os_errors, code_of
from echodepth.storage.s3_parts import S3Parts

RULE = "echodepth"
"""Our rules' name in the bucket; others stay as they are."""
ABANDONED_AFTER = timedelta(days=7)
"""The server throws away unfinished uploads then; the product forgets its own sooner."""
NO_RULES = frozenset({"NoSuchCORSConfiguration", "NoSuchLifecycleConfiguration"})
PRIVATE = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}


OK = "ok"
NOTE = "--"
"""Not as it could be, and nothing is wrong without it."""
WRONG = "NO"


@dataclass(frozen=True, slots=True)
class Step:
    """What was done or seen, and whether it is as it must be: OK, NOTE or WRONG."""

    state: str
    sentence: str


def prepare(storage: ObjectStorage, origin: str) -> Iterator[Step]:
    """One step after the other. `origin` is the portal's, from which browsers send uploads.

    Raises OSError where the server cannot be reached or does not let the bucket be made.
    """
    yield _bucket(storage)
    yield _blocked(storage)
    yield _cors(storage, origin)
    yield _lifecycle(storage)
    yield _encryption(storage)
    yield _private(storage)
    yield _preflight(storage, origin)


def _bucket(storage: ObjectStorage) -> Step:
    facts = {"name": storage.bucket_name}
    try:
        with as_os_errors():
            storage.client.head_bucket(Bucket=storage.bucket_name)
    except FileNotFoundError:
        with as_os_errors():
            storage.client.create_bucket(Bucket=storage.bucket_name, **_place(storage))
        return Step(OK, _("The bucket %(name)s was made.") % facts)
    return Step(OK, _("The bucket %(name)s is there.") % facts)


def _place(storage: ObjectStorage) -> dict[str, Any]:
    """Amazon wants the region said, but for its first one; other servers know their own."""
    if storage.endpoint_url or storage.region_name == "us-east-1":
        return {}
    return {"CreateBucketConfiguration": {"LocationConstraint": storage.region_name}}


def _blocked(storage: ObjectStorage) -> Step:
    """A Ceph of version 16 that blocks public ACLs refuses every write: then they are ignored instead."""
    if done := _block(storage, PRIVATE):
        return Step(NOTE, _("The server knows no block of public access (%(code)s).") % {"code": done})
    try:
        key = _write(storage)
    except OSError:
        _block(storage, PRIVATE | {"BlockPublicAcls": False})
        key = _write(storage)
    storage.delete(key)
    return Step(OK, _("Public access to the bucket is blocked, and it can be written."))


def _block(storage: ObjectStorage, wanted: dict[str, bool]) -> str:
    name = storage.bucket_name
    return _try(
        lambda: storage.client.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=wanted)
    )


def _write(storage: ObjectStorage) -> str:
    """The key of something that is no secret. Raises StorageError where nothing can be written."""
    key = f"{CHECKED}/{uuid4()}"
    with as_os_errors():
        storage.client.put_object(
            Bucket=storage.bucket_name, Key=key, Body=b"private", **_encrypted_if_it_can(storage)
        )
    return key


def _cors(storage: ObjectStorage, origin: str) -> Step:
    rule = {
        "ID": RULE,
        "AllowedOrigins": [origin],
        "AllowedMethods": ["PUT"],
        "AllowedHeaders": ["*"],
        "ExposeHeaders": ["ETag"],
        "MaxAgeSeconds": 3600,
    }
    others = _others(lambda: storage.client.get_bucket_cors(Bucket=storage.bucket_name)["CORSRules"])
    rules = {"CORSRules": [*others, rule]}
    done = _try(lambda: storage.client.put_bucket_cors(Bucket=storage.bucket_name, CORSConfiguration=rules))
    if done:
        told = _("The server takes no CORS rules (%(code)s): allow PUT from %(origin)s by its own means.")
        return Step(NOTE, told % {"code": done, "origin": origin})
    return Step(OK, _("Browsers may send uploads from %(origin)s.") % {"origin": origin})


def _lifecycle(storage: ObjectStorage) -> Step:
    days = ABANDONED_AFTER.days
    rule = {
        "ID": RULE,
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": days},
    }
    name = storage.bucket_name
    others = _others(lambda: storage.client.get_bucket_lifecycle_configuration(Bucket=name)["Rules"])
    rules = {"Rules": [*others, rule]}
    done = _try(
        lambda: storage.client.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration=rules)
    )
    if done:
        told = _(
            "The server takes no rule for abandoned uploads (%(code)s): run verify_storage now and then."
        )
        return Step(NOTE, told % {"code": done})
    return Step(
        OK, _("The server throws away uploads that stay unfinished for %(days)d days.") % {"days": days}
    )


def _encryption(storage: ObjectStorage) -> Step:
    if storage.encryption == NONE:
        return Step(OK, _("The server is not asked to encrypt (ECHODEPTH_S3_ENCRYPTION=none)."))
    try:
        storage.check_encryption()
    except OSError as error:
        return Step(WRONG, str(error))
    return Step(OK, _("The server encrypts what is written (%(how)s).") % {"how": storage.encryption})


def _private(storage: ObjectStorage) -> Step:
    """Asked for as a stranger would."""
    key = _write(storage)
    try:
        readable = not _try(lambda: _stranger(storage).get_object(Bucket=storage.bucket_name, Key=key))
    finally:
        with suppress(OSError):
            storage.delete(key)
    if readable:
        return Step(WRONG, _("ANYBODY CAN READ THE BUCKET without a key: close it before it is used."))
    return Step(OK, _("Without a key the bucket gives nothing out."))


def _encrypted_if_it_can(storage: ObjectStorage) -> dict[str, str]:
    """What this object holds is no secret, so a server that refuses to encrypt is asked all the same."""
    try:
        storage.check_encryption()
    except OSError:
        return {}
    return storage.write_parameters()


def _preflight(storage: ObjectStorage, origin: str) -> Step:
    """What a browser asks before it sends a part; through the address that browsers reach."""
    store, key = S3Parts(storage), f"{CHECKED}/{uuid4()}"
    url = urlsplit(store.link(key, "upload", 1, 1).url)
    wanted = {"Origin": origin, "Access-Control-Request-Method": "PUT"}
    made = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    connection = made(url.netloc, timeout=CONNECT_SECONDS)
    try:
        headers = wanted | {"Access-Control-Request-Headers": "content-type"}
        connection.request("OPTIONS", f"{url.path}?{url.query}", headers=headers)
        allowed = connection.getresponse().headers.get("Access-Control-Allow-Origin", "")
    except (OSError, http.client.HTTPException) as error:
        told = _("%(address)s, where browsers send uploads, was not reached from here: %(error)s")
        return Step(WRONG, told % {"address": url.netloc, "error": error})
    finally:
        connection.close()
    facts = {"address": url.netloc, "origin": origin}
    if allowed in {"*", origin}:
        return Step(OK, _("%(address)s lets browsers send uploads from %(origin)s.") % facts)
    return Step(WRONG, _("%(address)s does not let browsers send uploads from %(origin)s.") % facts)


def _stranger(storage: ObjectStorage) -> Any:
    return boto3.Session().client(
        "s3",
        region_name=storage.region_name,
        endpoint_url=storage.endpoint_url,
        config=storage.client_config.merge(Config(signature_version=UNSIGNED)),
    )


def _others(ask: Callable[[], list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """The bucket's rules that are not ours."""
    try:
        with as_os_errors():
            return [rule for rule in ask() if rule.get("ID") != RULE]
    except OSError as error:
        cause = error.__cause__
        if isinstance(cause, ClientError) and (code_of(cause) in NO_RULES or _unknown(cause)):
            return []
        raise


def _try(ask: Callable[[], Any]) -> str:
    """Empty when it was done, else the server's word for why not. Raises OSError where it is not reached."""
    try:
        ask()
    except ClientError as error:
        return code_of(error)
    except BotoCoreError as error:
        raise OSError(str(error)) from error
    return ""


def _unknown(error: ClientError) -> bool:
    return code_of(error) in {"NotImplemented", "MethodNotAllowed", "404", "NoSuchKey", "NotFound"}
