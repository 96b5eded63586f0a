"""The frame table: its one definition, and its two forms, Parquet and CSV.

One row a frame and face track, in order of frame and track; a frame without any face has one row
with an empty `track` and the reason in `excluded`. `docs/frame-table.md` is `describe()` written out.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from numpy.typing import NDArray

from analysis.engine.action_units import ACTION_UNITS
from analysis.engine.statement import STATEMENT
from analysis.engine.types import NO_TRACK, AUSeries, AUState, Exclusion, Rows

ROWS_A_GROUP = 4096
_FLOAT = pa.float32()
_CODE = pa.dictionary(pa.int8(), pa.string())


@dataclass(frozen=True, slots=True)
class Column:
    """One column that every row has, and how it is read from `Rows`."""

    name: str
    kind: pa.DataType
    unit: str
    description: str
    read: Callable[[Rows], np.ndarray]
    decimals: int | None = None


COLUMNS: tuple[Column, ...] = (
    Column("frame", pa.int32(), "", "Frame, counted from 0 in order of decoding", lambda r: r.frame),
    Column("time", pa.float64(), "s", "The frame's own timestamp", lambda r: r.time, 6),
    Column(
        "track", pa.int32(), "", "Face track, counted from 1; empty when no face was found", lambda r: r.track
    ),
    Column("face_x", _FLOAT, "px", "Left edge of the box around the landmarks", lambda r: r.box[:, 0], 2),
    Column("face_y", _FLOAT, "px", "Upper edge of the box", lambda r: r.box[:, 1], 2),
    Column("face_w", _FLOAT, "px", "Width of the box", lambda r: r.box[:, 2], 2),
    Column("face_h", _FLOAT, "px", "Height of the box", lambda r: r.box[:, 3], 2),
    Column(
        "face_confidence",
        _FLOAT,
        "0-1",
        "How far the face is seen: share of its points that look as in most of the track, "
        "times the landmark network's face flag",
        lambda r: r.confidence,
        4,
    ),
    Column(
        "yaw", _FLOAT, "degrees", "Head turned to the person's left is positive", lambda r: r.pose[:, 0], 2
    ),
    Column("pitch", _FLOAT, "degrees", "Head looking up is positive", lambda r: r.pose[:, 1], 2),
    Column("roll", _FLOAT, "degrees", "Head tilted clockwise as seen is positive", lambda r: r.pose[:, 2], 2),
    Column(
        "excluded", _CODE, "", "Why the row carries no Action Units; empty when it does", lambda r: r.excluded
    ),
)
_ONLY_WITH_FACE = frozenset(column.name for column in COLUMNS[2:-1])
_NOT_WITHHELD = frozenset({"face_confidence", "yaw", "pitch", "roll"})
"""Of a face that is withheld there is its box, and no measurement."""


@dataclass(frozen=True, slots=True)
class AUColumn:
    """One of the columns that every Action Unit has; its name is the AU's code and `suffix`."""

    suffix: str
    kind: pa.DataType
    unit: str
    description: str
    read: Callable[[AUSeries], np.ndarray]


AU_COLUMNS: tuple[AUColumn, ...] = (
    AUColumn("", _FLOAT, "0-5", "Intensity; empty when not scored", lambda s: s.intensity),
    AUColumn(
        "_left", _FLOAT, "0-5", "The person's left side; empty where FACS has no sides", lambda s: s.left
    ),
    AUColumn(
        "_right", _FLOAT, "0-5", "The person's right side; empty where FACS has no sides", lambda s: s.right
    ),
    AUColumn("_spread", _FLOAT, "0-5", "Standard deviation of the intensity", lambda s: s.spread),
    AUColumn(
        "_state",
        _CODE,
        "",
        "`scored`, `not_visible` or `not_scorable` (by this model); empty where the face is withheld",
        lambda s: s.state,
    ),
)
_AU_DECIMALS = 3


def schema() -> pa.Schema:
    """All 232 columns in order, each with its unit and description as metadata; its own is the statement."""
    fields = [_field(c.name, c.kind, c.unit, c.description) for c in COLUMNS]
    fields += [
        _field(au.code + c.suffix, c.kind, c.unit, f"AU{au.number} {au.name}: {c.description}")
        for au in ACTION_UNITS
        for c in AU_COLUMNS
    ]
    return pa.schema(fields, metadata={"statement": STATEMENT})


def _field(name: str, kind: pa.DataType, unit: str, description: str) -> pa.Field:
    return pa.field(name, kind, metadata={"unit": unit, "description": description})


def describe() -> str:
    """The columns as a Markdown table; the 44 Action Units share their five lines."""
    lines = ["| column | type | unit | meaning |", "|---|---|---|---|"]
    lines += [f"| `{c.name}` | {_type_name(c.kind)} | {c.unit} | {c.description} |" for c in COLUMNS]
    lines += [f"| `AUnn{c.suffix}` | {_type_name(c.kind)} | {c.unit} | {c.description} |" for c in AU_COLUMNS]
    return "\n".join(lines) + "\n"


def _type_name(kind: pa.DataType) -> str:
    return "text" if kind == _CODE else {"int32": "integer"}.get(str(kind), "number")


def write_parquet(path: Path, blocks: Iterable[tuple[Rows, AUSeries]]) -> None:
    """Write blocks in order; the same rows give the same bytes."""
    whole = schema()
    with pa.parquet.ParquetWriter(path, whole, compression="zstd", write_statistics=False) as writer:
        for batch in _groups(_batch(rows, series, whole) for rows, series in blocks):
            writer.write_table(batch, row_group_size=ROWS_A_GROUP)


def _groups(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        waiting.append(batch)
        if sum(one.num_rows for one in waiting) >= ROWS_A_GROUP:
            yield pa.Table.from_batches(waiting)
            waiting = []
    if waiting:
        yield pa.Table.from_batches(waiting)


def _batch(rows: Rows, series: AUSeries, whole: pa.Schema) -> pa.RecordBatch:
    faceless, withheld = rows.track == NO_TRACK, rows.excluded == Exclusion.WITHHELD
    arrays = []
    for column in COLUMNS:
        hidden = faceless if column.name in _ONLY_WITH_FACE else None
        hidden = faceless | withheld if column.name in _NOT_WITHHELD else hidden
        if column.kind == _CODE:
            codes = column.read(rows)
            arrays.append(_codes(codes, [one.code for one in Exclusion], codes == Exclusion.NONE))
        else:
            arrays.append(_numbers(column.read(rows), column.kind, column.decimals, hidden))
    for i in range(len(ACTION_UNITS)):
        for au_column in AU_COLUMNS:
            values = au_column.read(series)[i]
            if au_column.kind == _CODE:
                arrays.append(_codes(values, [one.code for one in AUState], withheld))
            else:
                arrays.append(_numbers(values, _FLOAT, _AU_DECIMALS, np.isnan(values) | withheld))
    return pa.RecordBatch.from_arrays(arrays, schema=whole)


def _numbers(
    values: np.ndarray, kind: pa.DataType, decimals: int | None, hidden: NDArray[np.bool_] | None
) -> pa.Array:
    if decimals is not None:
        # Adding zero turns -0.0 into 0.0, which would be written otherwise.
        values = np.round(values.astype(np.float64), decimals) + 0.0
    return pa.array(values.astype(kind.to_pandas_dtype()), type=kind, mask=hidden)


def _codes(values: np.ndarray, names: list[str], hidden: NDArray[np.bool_]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(values.astype(np.int8), mask=hidden), pa.array(names))


def read_blocks(
    parquet: Path, columns: list[str] | None = None, rows: int = 1024
) -> Iterator[pa.RecordBatch]:
    """The table's rows in order, a block at a time, with only the columns named."""
    with pa.parquet.ParquetFile(parquet) as file:
        yield from file.iter_batches(batch_size=rows, columns=columns)


def parquet_to_csv(parquet: Path, csv: Path, notes: Mapping[str, str] | None = None) -> None:
    """Write the same table as CSV: numbers as short as they are exact, nothing quoted, nulls empty.

    Each of `notes` is one more column behind the others, with the same text in every row: without commas,
    quotation marks and line breaks.
    """
    notes = notes or {}
    plain = pa.schema([(f.name, pa.string() if f.type == _CODE else f.type) for f in schema()])
    noted = pa.schema([*plain, *((name, pa.string()) for name in notes)])
    options = pa.csv.WriteOptions(quoting_style="none", quoting_header="none")
    with pa.csv.CSVWriter(csv, noted, write_options=options) as writer:
        for batch in read_blocks(parquet):
            rows = batch.cast(plain)
            more = [pa.repeat(pa.scalar(text), batch.num_rows) for text in notes.values()]
            writer.write_batch(pa.RecordBatch.from_arrays([*rows.columns, *more], schema=noted))
