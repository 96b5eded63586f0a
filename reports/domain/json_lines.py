"""The frame table as JSON lines: an object a row, with the columns that were asked for."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa

from analysis.engine.frame_table import read_blocks, schema
from analysis.models import Run
from reports.domain.source import frames_file

NAMES: tuple[str, ...] = tuple(schema().names)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rows and columns."""

    columns: Sequence[str] = NAMES
    track: int | None = None
    """None for all, frames without a face included."""
    start: float = -math.inf
    end: float = math.inf
    """Seconds, the start included, the end not."""


class JsonLines:
    """Encoded lines, about a thousand at a time, in the table's order; needs no database any more.

    FileNotFoundError at once where the table is gone. Whoever does not read it to its end closes it.
    """

    def __init__(self, run: Run, selection: Selection) -> None:
        self._folder = TemporaryDirectory(prefix="echodepth-frames-")
        try:
            table = frames_file(run, Path(self._folder.name))
        except BaseException:
            self.close()
            raise
        wanted = list(dict.fromkeys([*selection.columns, "track", "time"]))
        blocks = (_lines(batch, selection) for batch in read_blocks(table, wanted))
        self._lines = (lines for lines in blocks if lines)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        try:
            return next(self._lines)
        except StopIteration:
            self.close()
            raise

    def close(self) -> None:
        self._folder.cleanup()


def _lines(batch: pa.RecordBatch, selection: Selection) -> bytes:
    texts = [_json_texts(batch.column(name)) for name in selection.columns]
    keys = [f'"{name}":' for name in selection.columns]
    times, tracks = batch.column("time").to_pylist(), batch.column("track").to_pylist()
    rows = zip(times, tracks, zip(*texts, strict=True), strict=True)
    return "".join(
        "{" + ",".join(map(str.__add__, keys, row)) + "}\n"
        for time, track, row in rows
        if selection.start <= time < selection.end and selection.track in {None, track}
    ).encode()


def _json_texts(values: pa.Array) -> list[str]:
    """Each value as JSON: numbers as short as they are exact, null where there is none."""
    code = pa.types.is_dictionary(values.type)
    texts = values.cast(pa.string()).to_pylist()
    if code:  # our own names, which hold nothing to escape
        return ["null" if text is None else f'"{text}"' for text in texts]
    return ["null" if text in {None, "nan"} else text for text in texts]
