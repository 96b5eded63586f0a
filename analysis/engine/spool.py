"""Pass 1's rows on disk: written once in order, read in blocks.

A spool is a folder of five files of fixed-size records: `rows` (everything but landmarks and codes), `points`
(the landmarks), `codes` (see `Rows.code`), `looks` (the face's colours, see `cover`), and, once the recording
is whole, `tracks` (each row's stable track). It is the face of a person, so it does not outlive the run that
made it.
"""

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from analysis.engine.cover import SURFACE, Looks
from analysis.engine.types import F32, GRID, LANDMARKS, NO_TRACK, U8, Rows

I64 = NDArray[np.int64]

ROW = np.dtype([
    ("frame", "<i4"), ("time", "<f8"), ("track", "<i4"), ("box", "<f4", (4,)), ("confidence", "<f4"),
    ("pose", "<f4", (3,)), ("gaze", "<f4", (2,)), ("quality", "<f4", (3,)), ("excluded", "u1"),
])  # fmt: skip
BLOCK = 4 * GRID
"""Rows read at once."""
_FLOAT = np.dtype("<f4")
POINTS = np.dtype(("<f4", (LANDMARKS, 3)))
LOOK = np.dtype([("colour", "u1", (SURFACE, 3)), ("eyes_apart", "<f4"), ("presence", "<f4")])


class SpoolWriter:
    """Appends rows; use in a `with` block."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self._rows = (folder / "rows").open("wb")
        self._points = (folder / "points").open("wb")
        self._codes = (folder / "codes").open("wb")
        self._looks = (folder / "looks").open("wb")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._rows.close()
        self._points.close()
        self._codes.close()
        self._looks.close()

    def append(self, rows: Rows, looks: Looks) -> None:
        """Write a block after the last one."""
        records = np.zeros(len(rows.frame), dtype=ROW)
        for name in ROW.names or ():
            records[name] = getattr(rows, name)
        # Not `tofile`, which does not tell why it failed: a full disk is to be told.
        self._rows.write(records.tobytes())
        self._points.write(rows.points.astype(_FLOAT).tobytes())
        self._codes.write(rows.code.astype(_FLOAT).tobytes())
        seen = np.zeros(len(rows.frame), dtype=LOOK)
        for name in LOOK.names or ():
            seen[name] = getattr(looks, name)
        self._looks.write(seen.tobytes())


class SpoolReader:
    """Reads a spool that is complete."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._length = (folder / "rows").stat().st_size // ROW.itemsize
        numbers = (folder / "codes").stat().st_size // _FLOAT.itemsize
        self._code = numbers // self._length if self._length else 0

    def __len__(self) -> int:
        return self._length

    def set_tracks(self, track_of: dict[int, int]) -> None:
        """Give every row its stable track, by the tracklet's number it was written with."""
        tracklets = self._records(0, self._length)["track"]
        numbers, place = np.unique(tracklets, return_inverse=True)
        stable = np.array([track_of.get(int(number), NO_TRACK) for number in numbers], dtype="<i4")
        stable[place].tofile(self._folder / "tracks")

    def columns(self, rows: I64 | None = None) -> Rows:
        """All rows, or those at the indices given, without landmarks and codes.

        `points` is (n, 0, 3), `code` (n, 0).
        """
        start, stop = (0, self._length) if rows is None else _span(rows)
        chosen = slice(None) if rows is None else rows - start
        records, tracks = self._records(start, stop)[chosen], self._tracks(start, stop)[chosen]
        n = len(records)
        return _as_rows(records, tracks, np.zeros((n, 0, 3), np.float32), np.zeros((n, 0), np.float32))

    def read_rows(self, rows: I64) -> Rows:
        """Rows at the indices given; they and what lies between them are in memory for the moment."""
        start, stop = _span(rows)
        chosen = rows - start
        return _as_rows(
            self._records(start, stop)[chosen],
            self._tracks(start, stop)[chosen],
            self._floats("points", LANDMARKS * 3, start, stop).reshape(-1, LANDMARKS, 3)[chosen],
            self._floats("codes", self._code, start, stop)[chosen],
        )

    def blocks(self, rows: I64) -> Iterator[Rows]:
        """Rows at the indices given, in order, `BLOCK` of them at a time."""
        for start in range(0, len(rows), BLOCK):
            yield self.read_rows(rows[start : start + BLOCK])

    def read_looks(self, rows: I64) -> Looks:
        """How the faces of rows look; read as by `read_rows`."""
        start, stop = _span(rows)
        path, count = self._folder / "looks", stop - start
        looks = np.fromfile(path, dtype=LOOK, count=count, offset=start * LOOK.itemsize)[rows - start]
        return Looks(**{name: looks[name] for name in LOOK.names or ()})

    def amend(self, rows: I64, excluded: U8, confidence: F32) -> None:
        """Write down what only the whole track tells about rows."""
        if len(rows):
            records = np.memmap(self._folder / "rows", dtype=ROW, mode="r+", shape=(self._length,))
            records["excluded"][rows], records["confidence"][rows] = excluded, confidence
            records.flush()

    def _records(self, start: int, stop: int) -> np.ndarray:
        return np.fromfile(self._folder / "rows", dtype=ROW, count=stop - start, offset=start * ROW.itemsize)

    def _floats(self, name: str, width: int, start: int, stop: int) -> F32:
        """Records `start` to `stop` of a file, each `width` numbers."""
        offset, count = start * width * _FLOAT.itemsize, (stop - start) * width
        values = np.fromfile(self._folder / name, dtype=_FLOAT, count=count, offset=offset)
        return values.reshape(stop - start, width)

    def _tracks(self, start: int, stop: int) -> NDArray[np.int32]:
        return np.fromfile(self._folder / "tracks", dtype="<i4", count=stop - start, offset=start * 4)


def _span(rows: I64) -> tuple[int, int]:
    return (int(rows.min()), int(rows.max()) + 1) if len(rows) else (0, 0)


def _as_rows(records: np.ndarray, tracks: NDArray[np.int32], points: F32, code: F32) -> Rows:
    columns = {name: records[name] for name in ROW.names or ()}
    return Rows(**(columns | {"track": tracks, "points": points, "code": code}))
