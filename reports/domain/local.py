"""One file analysed into a folder, with no database and no server: the command line's work."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from analysis.engine import frame_table
from analysis.engine.analyse import FRAMES_FILE, Config, analyse
from analysis.engine.clock import StageClock
from analysis.engine.result import to_json
from analysis.engine.result_types import AnalysisResult, Progress
from analysis.engine.runtime import load_models
from reports.domain.compose import compose
from reports.domain.coverage import COLUMNS as COVERAGE_COLUMNS
from reports.domain.coverage import read_coverage
from reports.domain.frames import blocks
from reports.domain.report_data import RecordingFacts
from reports.domain.span import Span
from reports.enums import ReviewState
from reports.statement import csv_notes

FILES = {"csv": "frames.csv", "parquet": FRAMES_FILE, "json": "result.json", "pdf": "report.pdf"}
"""What is written, by format."""


class OutputExistsError(Exception):
    """A file that would be written is there already."""

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path


class OutputError(Exception):
    """The output cannot be written; the message is the system's own."""


@dataclass(frozen=True, slots=True)
class Job:
    file: Path
    output: Path
    formats: Sequence[str]
    """Keys of `FILES`."""
    overwrite: bool
    models: Path
    config: Config


def run(job: Job, progress: Progress, clock: StageClock | None = None) -> AnalysisResult:
    """Analyse and write; files appear in the output folder whole, all together, at the very end.

    Raises OutputExistsError, OutputError and the engine's errors; then nothing is left behind.
    """
    clock = clock or StageClock()
    _refuse_existing(job)
    with clock.stage("start"):
        models = load_models(job.models)
    with _folder_beside(job.output) as folder:
        result = analyse(job.file, folder, models, job.config, progress, clock)
        progress("reporting", 0, None)
        with _output_errors():
            _write(job, result, folder, clock)
            _move_in(job, folder)
    return result


def _refuse_existing(job: Job) -> None:
    if job.output.exists() and not job.output.is_dir():
        raise OutputExistsError(job.output)
    for kind in job.formats:
        path = job.output / FILES[kind]
        if path.exists() and not job.overwrite:
            raise OutputExistsError(path)


@contextmanager
def _output_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputError(str(error)) from error


@contextmanager
def _folder_beside(output: Path) -> Iterator[Path]:
    """A temporary folder on the output's own disk, so that moving in is a rename."""
    with _output_errors():
        output.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f".{output.name}-", dir=output.parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write(job: Job, result: AnalysisResult, folder: Path, clock: StageClock) -> None:
    """The wanted files; `frames.parquet` is there already."""
    table = folder / FRAMES_FILE
    if "json" in job.formats:
        (folder / FILES["json"]).write_text(to_json(result), encoding="utf-8")
    if "csv" in job.formats:
        with clock.stage("csv"):
            frame_table.parquet_to_csv(table, folder / FILES["csv"], csv_notes(ReviewState.DRAFT))
    if "pdf" in job.formats:
        with clock.stage("report"):
            facts = RecordingFacts(title=job.file.stem, original_name=job.file.name)
            write_pdf(result, facts, table, folder / FILES["pdf"])


def write_pdf(result: AnalysisResult, facts: RecordingFacts, table: Path, target: Path) -> None:
    """The report of a result with its frame table, as a draft."""
    # Laying pages out takes a second to load, which those who want numbers alone need not wait for.
    from reports.pdf.appendix import COLUMNS  # noqa: PLC0415
    from reports.pdf.render import render_pdf  # noqa: PLC0415

    tracks = [track.track for track in result.tracks]
    coverage = read_coverage(
        blocks(table, COVERAGE_COLUMNS), tracks, Span(result.start_time, result.end_time)
    )
    render_pdf(compose(result, facts, coverage), blocks(table, COLUMNS), target)


def _move_in(job: Job, folder: Path) -> None:
    job.output.mkdir(exist_ok=True)
    for kind in job.formats:
        (folder / FILES[kind]).replace(job.output / FILES[kind])
