"""How much a mean over time would differ had other stretches been recorded: a block bootstrap.

Neighbouring frames are alike, so whole blocks of time are drawn, not frames (Künsch 1989). The draws come
from a generator seeded with a constant: the same blocks give the same result.
"""

import numpy as np

from analysis.engine.types import F64

DRAWS = 200
_SEED = 20010223


def deviation(sums: F64, counts: F64) -> F64:
    """Standard deviation (k,) of the mean sum/count, of (blocks, k) sums and (blocks,) or (blocks, k) counts.

    0 where fewer than two blocks hold anything: one block says nothing about others.
    """
    counts = np.broadcast_to(counts.reshape(len(counts), -1), sums.shape)
    blocks = len(sums)
    if blocks < 2:
        return np.zeros(sums.shape[1])
    draws = np.random.default_rng(_SEED).multinomial(blocks, np.full(blocks, 1 / blocks), size=DRAWS)
    drawn, weight = draws @ sums, draws @ counts
    means = np.divide(drawn, weight, out=np.full_like(drawn, np.nan), where=weight > 0)
    found = np.zeros(sums.shape[1])
    enough = (counts > 0).sum(axis=0) >= 2
    found[enough] = np.nanstd(means[:, enough], axis=0)
    return found
