"""What is true of a rendered recording, in the product's own terms: the rig's Action Units, head and eyes.

Findings of it are made by the same formulas as those of what was measured; what is apart between the two is
the measurement's error.
"""

import numpy as np

from analysis.engine.action_units import ACTION_UNITS
from analysis.engine.finding_types import TrackResult
from analysis.engine.findings.track import describe_track
from analysis.engine.scoring import STRONGER
from analysis.engine.types import CODE, AUSeries, AUState, Exclusion, Rows
from analysis.training.evaluation.findings.recordings import SIZE, Recorded

_SIDED = np.array([unit.sided for unit in ACTION_UNITS])[:, None]


def series(recorded: Recorded) -> AUSeries:
    """The n frames' Action Units as posed: all scored, of spread 0.

    The whole of an AU with sides is their mean, that of AU30, AU36 and AU46 the stronger side.
    """
    sides = recorded.shown.transpose(1, 0, 2)
    none = np.float32(np.nan)
    shape = sides.shape[:2]
    return AUSeries(
        intensity=np.where(STRONGER[:, None], sides.max(axis=2), sides.mean(axis=2)).astype(np.float32),
        left=np.where(_SIDED, sides[:, :, 0], none),
        right=np.where(_SIDED, sides[:, :, 1], none),
        spread=np.zeros(shape, np.float32),
        state=np.full(shape, AUState.SCORED, np.uint8),
    )


def rows(recorded: Recorded) -> Rows:
    """The n frames, each with a face that nothing speaks against; no landmarks, no code."""
    n = len(recorded.time)
    return Rows(
        frame=np.arange(n, dtype=np.int32),
        time=recorded.time,
        track=np.ones(n, np.int32),
        box=np.tile(np.array([0, 0, SIZE, SIZE], np.float32), (n, 1)),
        confidence=np.ones(n, np.float32),
        pose=recorded.pose,
        gaze=recorded.gaze,
        quality=np.tile(np.array([100, 128, 1], np.float32), (n, 1)),
        excluded=np.full(n, Exclusion.NONE, np.uint8),
        points=np.zeros((n, 0, 3), np.float32),
        code=np.zeros((n, CODE), np.float32),
    )


def result(recorded: Recorded) -> TrackResult:
    """What the present formulas say of it, nothing being weak."""
    return describe_track(1, rows(recorded), series(recorded), None)
