"""Mean intensity of each Action Unit in equal stretches of time, for charts."""

import numpy as np

from analysis.engine.action_units import AU_COUNT
from analysis.engine.finding_types import Activity
from analysis.engine.types import F64, AUSeries, AUState

MOST_BINS = 600
SHORTEST_BIN = 0.5
"""Seconds; shorter ones would show single frames."""


def activity(series: AUSeries, time: F64) -> Activity:
    """Of a track's n rows; no bins where there are none."""
    if not len(time):
        return Activity(0.0, SHORTEST_BIN, np.zeros((AU_COUNT, 0), dtype=np.float32))
    start, length = float(time[0]), float(time[-1] - time[0])
    seconds = max(SHORTEST_BIN, length / MOST_BINS)
    bins = min(MOST_BINS, int(length / seconds) + 1)
    place = np.minimum(((time - start) / seconds).astype(np.int64), bins - 1)
    means = np.full((AU_COUNT, bins), np.nan, dtype=np.float32)
    for i in range(AU_COUNT):
        scored = np.asarray(series.state[i]) == AUState.SCORED
        if scored.any():
            values = np.asarray(series.intensity[i], dtype=np.float64)[scored]
            counts = np.bincount(place[scored], minlength=bins)
            sums = np.bincount(place[scored], values, minlength=bins)
            means[i, counts > 0] = sums[counts > 0] / counts[counts > 0]
    return Activity(start, seconds, means)
