"""What this app copies for a person who asks for all that is held of them (`accounts.domain.rights`)."""

from collections.abc import Iterator
from functools import partial
from shutil import copyfileobj
from typing import IO, TYPE_CHECKING

from django.core.files.storage import default_storage
from django.utils.translation import gettext_lazy as _

from accounts.domain.rights import exporters
from accounts.domain.rights.exporters import CopiedFile
from accounts.models import Subject
from analysis import copies
from reports.models import Report, Review

if TYPE_CHECKING:
    from django.db.models import QuerySet


def connect() -> None:
    """Called once, when the app is ready."""
    exporters.register(Report, _("Reports"), reports)
    exporters.register(Review, _("Reviews of reports"), reviews, of_others_reviewed)
    exporters.register_files(files)


def reports(person: Subject) -> "QuerySet[Report]":
    found: QuerySet[Report] = Report.objects.filter(run__in=copies.runs(person))
    return found


def reviews(person: Subject) -> "QuerySet[Review]":
    found: QuerySet[Review] = Review.objects.filter(report__in=reports(person))
    return found.select_related("report__run__recording")


def of_others_reviewed(person: Subject, review: Review) -> exporters.Row:
    """Remarks are about the person whom the recording is about."""
    return {} if copies.is_about(person, review.report.run.recording) else {"remarks": ""}


def files(person: Subject, with_media: bool) -> Iterator[CopiedFile]:
    """Reports may show others, like recordings; those of somebody else's recording tell of that somebody."""
    if with_media:
        for report in reports(person).filter(run__recording__subject=person).exclude(storage_key=""):
            yield CopiedFile(f"reports/{report.run_id}.pdf", partial(_write, report.storage_key))


def _write(key: str, target: IO[bytes]) -> None:
    with default_storage.open(key) as source:
        copyfileobj(source, target)
