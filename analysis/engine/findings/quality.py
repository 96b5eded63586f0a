"""How much of a track could be measured, and how well."""

import numpy as np

from analysis.engine.finding_types import TrackQuality
from analysis.engine.types import F64, U8, Exclusion, Rows

ENOUGH_SECONDS = 5.0
"""Scored face time under which no signal is given: one window of them."""
LONGEST_FRAME = 0.2
"""Seconds a frame is taken to stand for at most; what comes later was not seen."""


def durations(time: F64) -> F64:
    """Seconds each of n rows stands for: until the next one, the last as long as the median."""
    if len(time) < 2:
        return np.full(len(time), LONGEST_FRAME)
    steps = np.minimum(np.diff(time), LONGEST_FRAME)
    return np.append(steps, np.median(steps))


def track_quality(rows: Rows, regions: U8 | None = None) -> TrackQuality:
    """Of the n rows of one track; landmarks are not looked at. `regions` (n,) are `cover.Region` flags."""
    scored = rows.excluded == Exclusion.NONE
    codes, counts = np.unique(rows.excluded[~scored], return_counts=True)
    stand_for = durations(rows.time)
    scored_seconds = float(stand_for[scored].sum())
    return TrackQuality(
        frames=len(rows.frame),
        scored_frames=int(scored.sum()),
        scored_seconds=scored_seconds,
        excluded={
            Exclusion(code).code: count for code, count in zip(codes.tolist(), counts.tolist(), strict=True)
        },
        median_face_width=_median(rows.box[:, 2]),
        median_sharpness=_median(rows.quality[:, 0]),
        median_luma=_median(rows.quality[:, 1]),
        median_yaw=_median(rows.pose[:, 0]),
        median_pitch=_median(rows.pose[:, 1]),
        covered_share=None if regions is None or not len(regions) else float((regions > 0).mean()),
        coverage=_share(scored_seconds, rows.time, stand_for),
    )


def _share(scored: float, time: F64, stand_for: F64) -> float:
    """Of the time from the first row's beginning to the last one's end."""
    if not len(time):
        return 0.0
    return min(1.0, scored / float(time[-1] - time[0] + stand_for[-1]))


def _median(values: np.ndarray) -> float:
    return float(np.median(values)) if len(values) else 0.0
