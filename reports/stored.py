"""Which objects in storage this app's rows point to."""

from collections.abc import Iterator

from echodepth.storage import registry
from echodepth.storage.registry import Stored
from reports.models import Report


def connect() -> None:
    """Called once, when the app is ready."""
    registry.register("report", reports)


def reports() -> Iterator[Stored]:
    for key, row_id, sha256 in Report.objects.order_by("pk").values_list("storage_key", "pk", "sha256"):
        yield Stored(key, row_id, sha256=sha256)
