"""A run's stored result and frame table, brought together into what a report needs."""

from pathlib import Path

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
    )
