"""When a face was scored and why not, over the recording, from the frame table."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.engine.types import U8, Exclusion
from reports.domain.frames import Block
from reports.domain.span import Span

BINS = 300
COLUMNS = ("time", "track", "excluded")
"""What a block must carry."""
_CODES = {reason.code: int(reason) for reason in Exclusion}


def read_coverage(
    blocks: Iterable[Block], tracks: Sequence[int], span: Span, bins: int = BINS
) -> dict[int, U8]:
    """By track, the (bins,) `Exclusion` that held for most of its rows in each equal part of `span`.

    A part in which the track has no row reads NO_FACE. Blocks carry `COLUMNS`.
    """
    counts = {track: np.zeros((bins, len(Exclusion)), np.int64) for track in tracks}
    for block in blocks:
        where = _bins(np.asarray(block["time"], np.float64), span, bins)
        reasons = np.array([_CODES[str(code)] for code in block["excluded"]], np.int64)
        for track, table in counts.items():
            mine = np.asarray(block["track"]) == track
            np.add.at(table, (where[mine], reasons[mine]), 1)
    return {track: _majority(table) for track, table in counts.items()}


def _bins(time: NDArray[np.float64], span: Span, bins: int) -> NDArray[np.int64]:
    share = (time - span.start) / span.seconds if span.seconds > 0 else np.zeros_like(time)
    return np.clip((share * bins).astype(np.int64), 0, bins - 1)


def _majority(table: NDArray[np.int64]) -> U8:
    reasons: U8 = table.argmax(axis=1).astype(np.uint8)
    reasons[table.sum(axis=1) == 0] = Exclusion.NO_FACE
    return reasons
