"""A run's stored result and frame table, brought together into what a report needs."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from analysis.domain import objects, results
from analysis.models import Run
from echodepth.errors import UserError
from reports.domain.compose import compose
from reports.domain.coverage import COLUMNS, read_coverage
from reports.domain.facts import recording_facts
from reports.domain.frames import blocks
from reports.domain.report_data import ReportData, Signature
from reports.domain.reviews import signature_of
from reports.domain.span import Span


def frames_file(run: Run, folder: Path) -> Path:
    """The run's frame table as a local file, in `folder` where storage is elsewhere.

    Raises FileNotFoundError where it is gone.
    """
    if not run.frames_key:
        raise FileNotFoundError(run.pk)  # erased when its time was over
    return objects.local_file(run.frames_key, folder, lambda: None)


def result_missing() -> UserError:
    """The refusal where a result's files cannot be read any more."""
    return UserError(
        "result_missing",
        _(
            "This result's files are no longer in storage, or of an earlier version that is not read "
            "any more. Run the analysis of the recording again."
        ),
        404,
    )


def report_data(run: Run, table: Path) -> ReportData:
    """What the run's report shows; `table` is its frame table."""
    result = results.load(run)
    tracks = [track.track for track in result.tracks]
    coverage = read_coverage(blocks(table, COLUMNS), tracks, Span(result.start_time, result.end_time))
    return compose(result, recording_facts(run, _signature(run)), coverage)


def _signature(run: Run) -> Signature | None:
    signed = signature_of(run)
    if signed is None:
        return None
    return Signature(signed.name, signed.reviewed_at, signed.remarks, signed.report_sha256)
