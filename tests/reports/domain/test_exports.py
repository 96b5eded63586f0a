import csv
import io
import json

import pytest

from analysis.engine.frame_table import schema
from echodepth.tenancy import tenant
from reports.domain.exports import file_name, open_file
from tests.reports.conftest import FRAMES


def content(run, kind, report=None):
    with tenant(run.organisation_id), open_file(run, report, kind) as handle:
        return handle.read()


def test_the_csv_has_every_row_and_column_of_the_table(run):
    rows = list(csv.DictReader(io.StringIO(content(run, "csv").decode())))

    assert list(rows[0]) == schema().names
    assert [int(row["frame"]) for row in rows] == list(range(FRAMES))


def test_the_other_files_are_the_stored_ones(run, frames_parquet):
    assert content(run, "parquet") == frames_parquet.read_bytes()
    assert json.loads(content(run, "json"))["frames"] == FRAMES


def test_a_report_that_is_not_there_is_no_file(run):
    with pytest.raises(FileNotFoundError):
        content(run, "pdf")


def test_file_names_hold_only_plain_characters(run):
    assert file_name(run, "pdf") == "interview-a-report.pdf"
    run.recording.title = "面接"
    assert file_name(run, "csv") == "recording-frames.csv"
