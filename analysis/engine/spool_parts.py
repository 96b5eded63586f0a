"""Spools of a recording's segments: what joining wants of each, one file to send, and one whole again.

Beside the files of a spool lie `tracklets` and `edges`, records of the faces that were followed, until the
segments are joined.
"""

import shutil
import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from analysis.engine.spool import LOOK, POINTS, ROW
from analysis.engine.tracks import THUMB, BlockEdge, Tracklet

PARTS = ("rows", "points", "codes", "looks")
"""Files of a spool that are put end to end."""
FOLLOWED = ("tracklets", "edges")

_BOX, _LOOK, _PICTURE = ("<f4", (4,)), ("<f4", (576,)), ("u1", THUMB[::-1])
TRACKLET = np.dtype([
    ("number", "<i8"), ("shot", "<i8"), ("first_frame", "<i8"), ("last_frame", "<i8"),
    ("first_time", "<f8"), ("last_time", "<f8"), ("first_box", *_BOX), ("last_box", *_BOX),
    ("first_look", *_LOOK), ("last_look", *_LOOK),
])  # fmt: skip
EDGE = np.dtype([
    ("block", "<i8"), ("first", *_PICTURE), ("last", *_PICTURE), ("first_shot", "<i8"), ("last_shot", "<i8"),
])  # fmt: skip


class SpoolDamagedError(ValueError):
    """The file or folder is not what was spooled."""


def write_followed(folder: Path, tracklets: Iterable[Tracklet], edges: Iterable[BlockEdge]) -> None:
    """Leave what joining wants in a spool's folder."""
    (folder / "tracklets").write_bytes(_records(tracklets, TRACKLET).tobytes())
    (folder / "edges").write_bytes(_records(edges, EDGE).tobytes())


def read_followed(folder: Path) -> tuple[list[Tracklet], list[BlockEdge]]:
    """What `write_followed` left."""
    tracklets = np.fromfile(folder / "tracklets", dtype=TRACKLET)
    edges = np.fromfile(folder / "edges", dtype=EDGE)
    return (
        [Tracklet(**_values(one)) for one in tracklets],
        [BlockEdge(**_values(one)) for one in edges],
    )


def add(part: Path, whole: Path) -> None:
    """Put a spool behind another, or where there is none yet; `part` is used up."""
    whole.mkdir(parents=True, exist_ok=True)
    for name in PARTS:
        source, target = part / name, whole / name
        if not target.exists():
            shutil.move(source, target)
            continue
        with source.open("rb") as read, target.open("ab") as write:
            shutil.copyfileobj(read, write, 1 << 20)
        source.unlink()


def pack(folder: Path, file: Path) -> None:
    """Write the spool of a segment, as `run_segment` leaves it, into one file."""
    with tarfile.open(file, "w") as archive:
        for name in (*PARTS, *FOLLOWED):
            archive.add(folder / name, name, recursive=False)


def unpack(file: Path, folder: Path) -> None:
    """Make the folder anew; SpoolDamagedError where the file is not a whole packed spool."""
    folder.mkdir(parents=True)
    try:
        with tarfile.open(file, "r:") as archive:
            for name in (*PARTS, *FOLLOWED):
                entry = archive.getmember(name)
                source = archive.extractfile(entry)
                if source is None:
                    raise SpoolDamagedError(name)
                with source, (folder / name).open("wb") as write:
                    shutil.copyfileobj(source, write, 1 << 20)
                if (folder / name).stat().st_size != entry.size:
                    raise SpoolDamagedError(name)
    except (tarfile.TarError, KeyError) as error:
        raise SpoolDamagedError(str(error)) from error
    _check(folder)


def _check(folder: Path) -> None:
    """Whether all files are of as many rows."""
    size = {name: (folder / name).stat().st_size for name in (*PARTS, *FOLLOWED)}
    rows = size["rows"] // ROW.itemsize
    expected = {"rows": ROW.itemsize, "points": POINTS.itemsize, "looks": LOOK.itemsize}
    if any(size[name] != rows * width for name, width in expected.items()) or size["codes"] % max(rows, 1):
        raise SpoolDamagedError(str(size))


def _records(values: Iterable[Tracklet] | Iterable[BlockEdge], kind: np.dtype) -> np.ndarray:
    names = kind.names or ()
    return np.array([tuple(getattr(one, name) for name in names) for one in values], dtype=kind)


def _values(record: np.void) -> dict[str, Any]:
    """By name; numbers as Python's, arrays as they are."""
    return {
        name: record[name].item() if record[name].ndim == 0 else record[name]
        for name in record.dtype.names or ()
    }
