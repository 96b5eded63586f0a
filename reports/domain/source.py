"""A run's stored result and frame table, brought together into what a report needs."""

from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils.formats import date_format

from analysis.domain import objects, results
from analysis.models import Run
from reports.domain.compose import compose
from reports.domain.coverage import COLUMNS, read_coverage
from reports.domain.frames import blocks
from reports.domain.report_data import RecordingFacts, ReportData
from reports.domain.span import Span


def frames_file(run: Run, folder: Path) -> Path:
    """The run's frame table as a local file, in `folder` where storage is elsewhere."""
    return objects.local_file(run.frames_key, folder, lambda: None)


def report_data(run: Run, table: Path) -> ReportData:
    """What the run's report shows; `table` is its frame table."""
    result = results.load(run)
    tracks = [track.track for track in result.tracks]
    coverage = read_coverage(blocks(table, COLUMNS), tracks, Span(result.start_time, result.end_time))
    return compose(result, recording_facts(run), coverage)


def recording_facts(run: Run) -> RecordingFacts:
    """Run with its recording, project, subject and organisation in words."""
    recording = run.recording
    return RecordingFacts(
        title=recording.title,
        original_name=recording.original_name,
        organisation=recording.organisation.name,
        project=recording.project.name,
        subject=recording.subject.label if recording.subject else "",
        recording_id=str(recording.pk),
        run_id=str(run.pk),
        uploaded_at=recording.created_at,
        analysed_at=run.started_at,
        time_zone=recording.organisation.time_zone,
        neutral_from=_neutral_from(run),
    )


def _neutral_from(run: Run) -> str:
    """Of the recording that the run's neutral was kept from: its title, and the day it was uploaded."""
    source = run.kept_neutral.run if run.kept_neutral else None
    if source is None:
        return ""
    uploaded = source.recording.created_at.astimezone(ZoneInfo(run.recording.organisation.time_zone))
    return f"“{source.recording.title}”, {date_format(uploaded, 'j F Y')}"
