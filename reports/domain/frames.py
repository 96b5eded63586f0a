"""The frame table as a report reads it: columns of numbers and codes, block by block."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from analysis.engine.frame_table import read_blocks
from analysis.engine.types import NO_TRACK

Block = Mapping[str, NDArray[np.generic]]
"""Columns of some rows of the frame table by name, in order of rows: `track` is -1 where there is no face,
codes are text (empty for none), numbers that are not there are NaN."""


def blocks(parquet: Path, columns: Sequence[str]) -> Iterator[Block]:
    """The table's rows in order, about a thousand at a time, with the columns named."""
    for batch in read_blocks(parquet, list(columns)):
        yield {name: _plain(name, batch.column(name)) for name in columns}


def _plain(name: str, values: pa.Array) -> NDArray[np.generic]:
    if pa.types.is_dictionary(values.type):
        values = values.cast(pa.string()).fill_null("")
    if name == "track":
        values = values.fill_null(NO_TRACK)
    plain: NDArray[np.generic] = values.to_numpy(zero_copy_only=False)
    return plain
