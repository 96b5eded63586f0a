import json

import pyarrow.parquet
import pytest

from echodepth.tenancy import tenant
from reports.domain.json_lines import NAMES, JsonLines, Selection


@pytest.fixture
def table(run, frames_parquet):
    """The table's rows as pyarrow reads them."""
    with tenant(run.organisation_id):
        yield pyarrow.parquet.read_table(frames_parquet).to_pylist()


def read(run, **selection):
    lines = JsonLines(run, Selection(**selection))
    return [json.loads(line) for line in b"".join(lines).splitlines()]


def test_every_row_and_column_is_there_with_its_value(run, table):
    rows = read(run)
    assert [list(row) for row in rows[:1]] == [list(NAMES)]
    assert len(rows) == len(table)
    for row, told in zip(rows, table, strict=True):
        for name, value in told.items():
            assert row[name] == (pytest.approx(value, abs=1e-6) if isinstance(value, float) else value)


def test_rows_and_columns_are_chosen(run, table):
    rows = read(run, columns=("time", "AU12"), track=1, start=2.0, end=4.0)
    wanted = [row for row in table if row["track"] == 1 and 2.0 <= row["time"] < 4.0]
    assert rows
    assert [row["time"] for row in rows] == [row["time"] for row in wanted]
    assert {tuple(row) for row in rows} == {("time", "AU12")}
    assert read(run, track=99) == []


def test_it_comes_in_pieces_and_needs_no_database(run, table, django_assert_num_queries):
    lines = JsonLines(run, Selection(("frame",)))
    with django_assert_num_queries(0):
        pieces = list(lines)
    assert sum(piece.count(b"\n") for piece in pieces) == len(table)


def test_a_table_that_is_gone_is_missed_at_once(run):
    run.frames_key = f"{run.organisation_id}/nowhere"
    with pytest.raises(FileNotFoundError):
        JsonLines(run, Selection())


def test_who_stops_reading_leaves_nothing_behind(run, table, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    lines = JsonLines(run, Selection())
    next(lines)
    before = list(tmp_path.glob("echodepth-frames-*"))
    lines.close()
    assert len(before) == 1
    assert list(tmp_path.glob("echodepth-frames-*")) == []
