"""Each Action Unit over a whole track, with the interval of its mean."""

import numpy as np
from numpy.typing import NDArray

from analysis.engine.action_units import ACTION_UNITS, AU_COUNT, PRESENT_FROM
from analysis.engine.finding_types import AUSummary
from analysis.engine.findings import bootstrap, reliability
from analysis.engine.types import F32, F64, AUSeries, AUState

SHARED = 0.5
"""Share of an intensity's spread that all frames of a track have in common, and a mean does not
average out: the rest is jitter. The product's own choice; the interval made with it is then fitted to
rendered recordings with known truth (`reliability`)."""
BLOCK_SECONDS = 1.0
MOST_BLOCKS = 600


def summarise(series: AUSeries, time: F64) -> tuple[AUSummary, ...]:
    """All 44, in the order of `ACTION_UNITS`, of a track's n rows (n may be 0)."""
    block = blocks(time)
    count = int(block.max()) + 1 if len(block) else 0
    sums, counts = np.zeros((count, AU_COUNT)), np.zeros((count, AU_COUNT))
    for i in range(AU_COUNT):
        scored = series.state[i] == AUState.SCORED
        if scored.any():
            values = np.asarray(series.intensity[i], dtype=np.float64)
            sums[:, i] = np.bincount(block[scored], values[scored], minlength=count)
            counts[:, i] = np.bincount(block[scored], minlength=count)
    sampling = bootstrap.deviation(sums, counts) if count else np.zeros(AU_COUNT)
    return tuple(_one(i, series, float(sampling[i])) for i in range(AU_COUNT))


def blocks(time: F64) -> NDArray[np.int64]:
    """(n,) numbers of the stretches of time that a bootstrap draws, from 0."""
    if not len(time):
        return np.zeros(0, dtype=np.int64)
    seconds = max(BLOCK_SECONDS, float(time[-1] - time[0]) / (MOST_BLOCKS - 1))
    return np.asarray((time - time[0]) / seconds).astype(np.int64)


def _one(i: int, series: AUSeries, sampling: float) -> AUSummary:
    au = ACTION_UNITS[i]
    scored = np.asarray(series.state[i]) == AUState.SCORED
    if not scored.any():
        state = AUState(int(series.state[i].max())) if scored.size else AUState.NOT_VISIBLE
        return AUSummary(au.number, state.code, 0, None, None, None, None, None, None)
    values = np.asarray(series.intensity[i], dtype=np.float64)[scored]
    shared = SHARED * float(np.asarray(series.spread[i], dtype=np.float64)[scored].mean())
    return AUSummary(
        au=au.number,
        state=AUState.SCORED.code,
        scored_frames=int(scored.sum()),
        mean=reliability.interval(
            "au", str(au.number), float(values.mean()), float(np.hypot(sampling, shared)), 0.0, 5.0
        ),
        p95=float(np.quantile(values, 0.95)),
        maximum=float(values.max()),
        present_share=float((values >= PRESENT_FROM).mean()),
        left_mean=_side_mean(series.left[i], scored) if au.sided else None,
        right_mean=_side_mean(series.right[i], scored) if au.sided else None,
    )


def _side_mean(side: F32, scored: NDArray[np.bool_]) -> float | None:
    values = np.asarray(side, dtype=np.float64)[scored]
    values = values[np.isfinite(values)]
    return float(values.mean()) if len(values) else None
