"""Where objects lie, by the environment: Django's settings of the storage, and what is wrong with them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from echodepth.env import read

S3_NAMES = (
    "ECHODEPTH_S3_ENDPOINT",
    "ECHODEPTH_S3_PUBLIC_ENDPOINT",
    "ECHODEPTH_S3_ACCESS_KEY",
    "ECHODEPTH_S3_SECRET_KEY",
)
"""Variables that say nothing without ECHODEPTH_S3_BUCKET."""


def chosen_storage(folder: Path) -> dict[str, Any]:
    """The setting STORAGES' `default`: the bucket, where one is named, else the folder."""
    bucket = read("ECHODEPTH_S3_BUCKET")
    if not bucket:
        return {
            "BACKEND": "echodepth.storage.durable.FileSystemStorage",
            "OPTIONS": {"location": str(folder), "base_url": None},
        }
    endpoint = read("ECHODEPTH_S3_ENDPOINT")
    return {
        "BACKEND": "echodepth.storage.s3.ObjectStorage",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": endpoint or None,
            "public_endpoint": read("ECHODEPTH_S3_PUBLIC_ENDPOINT"),
            "region_name": read("ECHODEPTH_S3_REGION"),
            "addressing_style": _addressing(read("ECHODEPTH_S3_ADDRESSING"), endpoint),
            "access_key": read("ECHODEPTH_S3_ACCESS_KEY"),
            "secret_key": read("ECHODEPTH_S3_SECRET_KEY"),
            "encryption": read("ECHODEPTH_S3_ENCRYPTION"),
        },
    }


def faults(*, https: bool) -> Iterator[str]:
    """What of the variables cannot be meant so, each in a sentence."""
    given = [name for name in S3_NAMES if read(name)]
    if given and not read("ECHODEPTH_S3_BUCKET"):
        yield _("%(name)s is set and ECHODEPTH_S3_BUCKET is not: name the bucket too.") % {"name": given[0]}
        return
    if bool(read("ECHODEPTH_S3_ACCESS_KEY")) != bool(read("ECHODEPTH_S3_SECRET_KEY")):
        yield _("Set both ECHODEPTH_S3_ACCESS_KEY and ECHODEPTH_S3_SECRET_KEY, or neither.")
    if read("ECHODEPTH_S3_ENDPOINT") and not read("ECHODEPTH_S3_ACCESS_KEY"):
        yield _("ECHODEPTH_S3_ENDPOINT is set, so ECHODEPTH_S3_ACCESS_KEY is needed as well.")
    if read("ECHODEPTH_S3_PUBLIC_ENDPOINT") and not read("ECHODEPTH_S3_ENDPOINT"):
        yield _("ECHODEPTH_S3_PUBLIC_ENDPOINT is set, so ECHODEPTH_S3_ENDPOINT is needed as well.")
    address = read("ECHODEPTH_S3_PUBLIC_ENDPOINT") or read("ECHODEPTH_S3_ENDPOINT")
    if https and address.startswith("http://"):
        yield _(
            "ECHODEPTH_HTTPS is on and browsers would send uploads to %(address)s, which they refuse: set "
            "ECHODEPTH_S3_PUBLIC_ENDPOINT to an address that begins with https://."
        ) % {"address": address}


def _addressing(wanted: str, endpoint: str) -> str:
    if wanted != "auto":
        return wanted
    return "path" if endpoint else "virtual"
