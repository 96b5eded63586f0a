"""The frame table's columns, its two forms and its documentation."""

import csv
from pathlib import Path

import numpy as np
import pyarrow.parquet
import pytest

from analysis.engine import frame_table
from analysis.engine.action_units import ACTION_UNITS, AU_INDEX
from analysis.engine.series_store import unscored
from analysis.engine.statement import STATEMENT
from analysis.engine.types import NO_TRACK, AUState, Exclusion
from tests.analysis.engine.test_spool import rows

DOCS = Path(__file__).parents[3] / "docs" / "frame-table.md"


def block(start=0, count=5):
    """Rows with AU12 scored wherever a row is not excluded."""
    part = rows(start, count)
    excluded = np.where(part.track == NO_TRACK, Exclusion.NO_FACE, Exclusion.NONE).astype(np.uint8)
    object.__setattr__(part, "excluded", excluded)
    series = unscored(count, np.full(44, AUState.NOT_SCORABLE, dtype=np.uint8))
    smile = AU_INDEX[12]
    series.state[smile] = np.where(excluded == 0, AUState.SCORED, AUState.NOT_VISIBLE)
    for values, number in (
        (series.intensity, 2.5),
        (series.left, 3.0),
        (series.right, 2.0),
        (series.spread, 0.25),
    ):
        values[smile] = np.where(excluded == 0, number, np.nan)
    return part, series


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "frames.parquet"
    frame_table.write_parquet(path, [block(0, 5), block(5, 3)])
    return path


def cells(parquet, tmp_path):
    path = tmp_path / "frames.csv"
    frame_table.parquet_to_csv(parquet, path)
    with path.open(newline="") as handle:
        return list(csv.DictReader(handle))


def test_the_columns_stand_in_the_stated_order(table):
    names = pyarrow.parquet.read_schema(table).names
    assert names[:12] == [
        "frame", "time", "track", "face_x", "face_y", "face_w", "face_h", "face_confidence",
        "yaw", "pitch", "roll", "excluded",
    ]  # fmt: skip
    assert names[12:17] == ["AU01", "AU01_left", "AU01_right", "AU01_spread", "AU01_state"]
    assert names[-5] == "AU46"
    assert len(names) == 12 + 5 * len(ACTION_UNITS)


def test_csv_shows_numbers_states_and_reasons(table, tmp_path):
    found = cells(table, tmp_path)
    assert len(found) == 8
    first, faceless = found[0], found[4]
    assert (first["frame"], first["track"], first["excluded"]) == ("0", "100", "")
    assert (first["AU12"], first["AU12_left"], first["AU12_spread"]) == ("2.5", "3", "0.25")
    assert (first["AU12_state"], first["AU11_state"], first["AU11"]) == ("scored", "not_scorable", "")
    assert (faceless["track"], faceless["face_x"], faceless["yaw"]) == ("", "", "")
    assert (faceless["excluded"], faceless["AU12"], faceless["AU12_state"]) == ("no_face", "", "not_visible")
    assert found[7]["time"] == "0.116667"


def test_the_same_rows_give_the_same_bytes(table, tmp_path):
    again = tmp_path / "again.parquet"
    frame_table.write_parquet(again, [block(0, 5), block(5, 3)])
    assert again.read_bytes() == table.read_bytes()


def test_rows_come_back_in_blocks(table):
    parts = list(frame_table.read_blocks(table, ["frame", "AU12"], rows=3))
    assert [part.num_rows for part in parts] == [3, 3, 2]
    assert parts[0].schema.names == ["frame", "AU12"]


def test_many_rows_make_several_row_groups(tmp_path):
    path = tmp_path / "frames.parquet"
    frame_table.write_parquet(path, (block(1024 * i, 1024) for i in range(9)))
    file = pyarrow.parquet.ParquetFile(path)
    assert file.metadata.num_rows == 9 * 1024
    assert file.num_row_groups == 3


def test_the_docs_are_the_definition():
    text = DOCS.read_text()
    assert frame_table.describe() in text
    assert all(f"`{reason.code}`" in text for reason in Exclusion if reason.code)


def test_the_table_holds_the_statement_and_a_csv_what_it_is_told(table, tmp_path):
    with pyarrow.parquet.ParquetFile(table) as file:
        assert file.schema_arrow.metadata[b"statement"].decode() == STATEMENT

    frame_table.parquet_to_csv(table, tmp_path / "noted.csv", {"review": "draft", "statement": STATEMENT})

    with (tmp_path / "noted.csv").open(newline="") as handle:
        found = list(csv.DictReader(handle))
    assert list(found[0])[-2:] == ["review", "statement"]
    assert len(found) == 8
    assert {(row["review"], row["statement"]) for row in found} == {("draft", STATEMENT)}
    assert found[0]["AU12"] == "2.5"
