"""Which landmark lies where another one's mirror image does."""

import numpy as np

from analysis.engine.types import F32, I32
from analysis.training.errors import TrainingError


def partners(shape: F32) -> I32:
    """(478,) partner of each landmark of a mean face (478, 3) in the face's own frame.

    Raises TrainingError where the face is too lopsided for an answer: partners must be mutual.
    """
    flipped = shape * np.array([-1, 1, 1], np.float32)
    apart = np.linalg.norm(flipped[:, None] - shape[None], axis=2)
    apart = apart + apart.T
    partner = np.full(len(shape), -1, np.int32)
    # Nearest pairs first, each landmark once.
    for flat in np.argsort(apart, axis=None, kind="stable"):
        one, other = divmod(int(flat), len(shape))
        if partner[one] < 0 and partner[other] < 0:
            partner[one], partner[other] = other, one
    if apart[np.arange(len(shape)), partner].max() > _TOO_FAR:
        raise TrainingError("The mean face is too lopsided to be mirrored.")
    return partner


_TOO_FAR = 0.08
"""Units of `geometry`, both ways added."""
