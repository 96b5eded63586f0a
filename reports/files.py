"""What signed links of this app lead to."""

from functools import partial
from uuid import UUID

from echodepth import files
from reports.access import access_result
from reports.domain.exports import KINDS, link_kind, stored_file


def connect() -> None:
    for kind in KINDS:
        files.register(link_kind(kind), partial(result_file, kind))


def result_file(kind: str, run_id: UUID) -> files.StoredFile:
    """An export of the run's result; Http404 where there is no such run, or no result."""
    run, report = access_result(run_id)
    return stored_file(run, report, kind)
