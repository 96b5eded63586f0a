"""What is usual for a person, here or in an earlier recording.

That is the upper end of each Action Unit's range, and where head and eyes mostly point.
"""

import numpy as np
from numpy.typing import NDArray

from analysis.engine.action_units import AU_COUNT
from analysis.engine.finding_types import OwnRange
from analysis.engine.findings import motion
from analysis.engine.findings.quality import ENOUGH_SECONDS, durations
from analysis.engine.types import F32, F64, AUSeries, AUState, Exclusion, Rows

UPPER = 0.90
"""Share of the scored time in which an Action Unit is at or below the upper end of its range."""
CARRIED_FROM = 20.0
"""Seconds of scored face under which an earlier recording shows too little of a person for its range to be
carried over: the product's own choice."""


def of_track(
    rows: Rows, series: AUSeries, carried: OwnRange | None = None, weak: frozenset[int] = frozenset()
) -> OwnRange | None:
    """The person's range: `carried` where that shows enough, else as measured in this track's n rows.

    Action Units that the earlier recording never scored have the range of this one, and so has the usual
    direction where it is not known there. None where too little was scored for a range, in both. That eyes
    are closed is not believed of AUs that are `weak`. Landmarks are not looked at; the series is read one
    Action Unit at a time.
    """
    valid = np.asarray(rows.excluded == Exclusion.NONE)
    weights = durations(rows.time) * valid
    seconds = float(weights.sum())
    here = _upper(series, weights) if seconds >= ENOUGH_SECONDS else None
    if carried is None or carried.seconds < CARRIED_FROM:
        return (
            OwnRange("measured", seconds, here, _usual(rows, series, valid, weak))
            if here is not None
            else None
        )
    if here is None:
        return carried
    high = np.where(np.isnan(carried.high), here, carried.high).astype(np.float32)
    usual = _usual(rows, series, valid, weak) if carried.usual is None else carried.usual
    return OwnRange("carried", carried.seconds, high, usual)


def _usual(rows: Rows, series: AUSeries, valid: NDArray[np.bool_], weak: frozenset[int]) -> F64 | None:
    seen = motion.open_eyes(series, valid, weak)
    return motion.usual_direction(rows.pose, rows.gaze, seen) if seen.any() else None


def _upper(series: AUSeries, weights: F64) -> F32:
    """(44,) weighted quantile `UPPER` of each Action Unit, NaN where it was never scored."""
    found = np.full(AU_COUNT, np.nan, dtype=np.float32)
    for i in range(AU_COUNT):
        scored = (np.asarray(series.state[i]) == AUState.SCORED) & (weights > 0)
        if scored.any():
            found[i] = _quantile(np.asarray(series.intensity[i])[scored], weights[scored])
    return found


def _quantile(values: NDArray[np.float32], weights: F64) -> float:
    """The smallest value at or under which the share `UPPER` of the weights lies."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    # A hair under the share: rounding of the sum must not step over the value that reaches it.
    place = int(np.searchsorted(reached, UPPER * reached[-1] * (1 - 1e-9)))
    return float(values[order][min(place, len(values) - 1)])
