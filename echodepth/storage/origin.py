"""Where browsers send uploads: what the policy of our pages must let them speak with."""

from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError

from echodepth.storage.configuration import chosen_storage
from echodepth.storage.s3 import ObjectStorage
from echodepth.storage.s3_parts import S3Parts

NOBODY = {"access_key": "nobody", "secret_key": "nobody"}
"""Keys of a link whose address alone is looked at: the machine's own role would have to be asked for."""


def upload_origin() -> str:
    """Scheme and host of the server that browsers send uploads to; empty where that is our own."""
    chosen = chosen_storage(Path())
    if "bucket_name" not in chosen["OPTIONS"]:
        return ""
    return _origin(tuple(sorted((chosen["OPTIONS"] | NOBODY).items())))


@cache
def _origin(options: tuple[tuple[str, str | None], ...]) -> str:
    """Read from a link, for how bucket, region and host make an address is boto's to say."""
    try:
        link = S3Parts(ObjectStorage(**dict(options))).link("key", "id", 1, 1)
    except (BotoCoreError, ValueError, OSError):
        return ""  # of a bucket that cannot be: no link will lead there either, and pages are to be shown
    parts = urlsplit(link.url)
    return f"{parts.scheme}://{parts.netloc}"
