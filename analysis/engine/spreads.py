"""What a network's spread is worth: its variance, made anew from itself and the intensity it belongs to.

A network that was fitted to faces that mostly show nothing learns how sure it may be of those, and says "very
unsure" of strong displays of most units, sure or not. How far it is off can be counted on people it has not
learned from: the logarithm of the variance is linear in that of the network's spread, up to one point of the
0-5 scale, above which the spread tells no more, and in pieces in the intensity.
`analysis/training/evaluation/spreads.py` fits the terms, and the model card holds them.
"""

import numpy as np

from analysis.engine.types import F32

_TELLING = 1.0
"""Points of the 0-5 scale above which the network's spread is the same as at it."""
_PIECES = ((0.0, 1.0), (1.0, 2.5), (2.5, 5.0))
"""Of the intensity, in each of which the logarithm of the variance goes straight up or down."""
TERMS = 2 + len(_PIECES)
NARROWEST = 0.1
WIDEST = 2.5
"""The largest standard deviation that anything on a scale of 0 to 5 can have (Popoviciu 1935)."""


def told(intensity: F32, spread: F32) -> F32:
    """(..., 5) what makes the logarithm of the variance: 1, the spread's logarithm, pieces of the other."""
    told = np.log(np.clip(spread, NARROWEST / 10, _TELLING))
    pieces = [np.clip(intensity - low, 0, high - low) for low, high in _PIECES]
    return np.stack([np.ones_like(told), told, *pieces], axis=-1)


def refitted(intensity: F32, spread: F32, terms: F32) -> F32:
    """The standard deviations of intensities (..., 44, 2) in points, from the network's and `terms` (44, 5).

    NaN where either is.
    """
    half = np.einsum("...aft,at->...af", told(intensity, spread), terms) / 2
    return np.asarray(np.exp(np.clip(half, np.log(NARROWEST), np.log(WIDEST))), np.float32)
