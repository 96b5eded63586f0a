"""A track's Action Unit series on disk, so that memory does not grow with the recording."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.engine.action_units import AU_COUNT
from analysis.engine.types import AUSeries

_FIELDS = tuple(AUSeries.__dataclass_fields__)


def store(blocks: Iterable[AUSeries], rows: int, folder: Path) -> AUSeries:
    """Write the blocks of one track, `rows` rows in all, to files in `folder`.

    Returns the whole series (44, rows) as memory-mapped arrays; an AU's values lie together.
    """
    folder.mkdir(parents=True)
    arrays = {
        name: np.lib.format.open_memmap(
            folder / f"{name}.npy",
            mode="w+",
            dtype=np.uint8 if name == "state" else np.float32,
            shape=(AU_COUNT, rows),
        )
        for name in _FIELDS
    }
    done = 0
    for block in blocks:
        count = block.intensity.shape[1]
        for name, array in arrays.items():
            array[:, done : done + count] = getattr(block, name)
        done += count
    if done != rows:
        raise ValueError(f"{done} rows came of {rows}")
    return AUSeries(**arrays)


def part(series: AUSeries, rows: slice) -> AUSeries:
    """Some rows of a series, as views."""
    return AUSeries(*(getattr(series, name)[:, rows] for name in _FIELDS))


def put(target: AUSeries, here: NDArray[np.bool_], source: AUSeries, rows: NDArray[np.int64]) -> None:
    """Copy the given rows of `source` to where `here` is true in `target`."""
    for name in _FIELDS:
        getattr(target, name)[:, here] = getattr(source, name)[:, rows]


def unscored(rows: int, state: NDArray[np.uint8]) -> AUSeries:
    """Series of rows without any number; `state` (44,) is each AU's `AUState`."""
    none, left, right, spread = (np.full((AU_COUNT, rows), np.nan, dtype=np.float32) for _ in range(4))
    return AUSeries(none, left, right, spread, np.repeat(state[:, None], rows, axis=1))
