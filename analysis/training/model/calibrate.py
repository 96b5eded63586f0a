"""How much of each Action Unit's intensity landmarks alone say.

Landmarks carry over to real faces better than rendered skin does, so they have as large a say as costs next
to nothing on rendered people of the validation set. What only the skin shows is left to the crop.
"""

import numpy as np
from numpy.typing import NDArray

from analysis.engine.action_units import ACTION_UNITS, AU_COUNT
from analysis.engine.quality import THRESHOLDS
from analysis.engine.types import F32
from analysis.training.evaluation.metrics import icc
from analysis.training.model.samples import MODELLED, Samples

SHARES = (0.0, 0.25, 0.5, 0.75)
_VISIBLE = 0.5


def fit(samples: Samples, together: F32, alone: F32, given_up: float, most: float) -> F32:
    """(44,) shares 0-1 of landmarks alone, from intensities (n, 44, 2) of both readings of `samples`, 0-5.

    Each is the largest of `SHARES`, up to `most`, that costs no more than `given_up` of ICC(3,1).
    """
    allowed = [share for share in SHARES if share <= most]
    shares = np.zeros(AU_COUNT, np.float32)
    for row in np.flatnonzero(MODELLED):
        kept = _kept(samples, int(row))
        truth, seen, shape = (values[:, row][kept] for values in (samples.labels, together, alone))
        scores = np.array([icc((1 - share) * seen + share * shape, truth) for share in allowed])
        shares[row] = allowed[int(np.flatnonzero(scores >= scores.max() - given_up).max())]
    return shares


def _kept(samples: Samples, row: int) -> NDArray[np.bool_]:
    """(n, 2) expressions that the product would measure, in which the side can be seen."""
    turned = np.abs(samples.pose[:, :2]) > (THRESHOLDS.yaw, THRESHOLDS.pitch)
    usable = ~samples.neutral & ~turned.any(axis=1)
    kept = usable[:, None] & (samples.visible[:, row] >= _VISIBLE)
    if not ACTION_UNITS[row].sided:
        kept[:, 1] = False
    return np.asarray(kept)
