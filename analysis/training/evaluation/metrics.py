"""How far estimates agree with known intensities."""

import numpy as np
from numpy.typing import NDArray

from analysis.engine.findings.reliability import Z
from analysis.engine.types import F32

Flags = NDArray[np.bool_]


def icc(one: F32, other: F32) -> float:
    """ICC(3,1), consistency of two raters over n cases (Shrout & Fleiss 1979); 0 where nothing varies."""
    ratings = np.stack([one, other], axis=1).astype(np.float64)
    cases, raters = ratings.shape
    if cases < 2:
        return 0.0
    total = ratings.mean()
    between = raters * ((ratings.mean(axis=1) - total) ** 2).sum() / (cases - 1)
    residual = ratings - ratings.mean(axis=1, keepdims=True) - ratings.mean(axis=0) + total
    error = (residual**2).sum() / ((cases - 1) * (raters - 1))
    denominator = between + (raters - 1) * error
    return float((between - error) / denominator) if denominator > 0 else 0.0


def pearson(one: F32, other: F32) -> float:
    """Pearson's r; 0 where either does not vary."""
    if len(one) < 2:
        return 0.0
    a, b = one - one.mean(), other - other.mean()
    scale = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / scale if scale > 1e-12 else 0.0


def inside(estimate: F32, spread: F32, truth: F32) -> float:
    """Share of truths inside the 95 % interval; 0 where there are none."""
    if not len(truth):
        return 0.0
    return float((np.abs(estimate - truth) <= Z * spread).mean())


def width(estimate: F32, spread: F32) -> float:
    """Mean width of the 95 % interval as far as it lies on the 0-5 scale; 0 where there is none."""
    if not len(estimate):
        return 0.0
    ends = np.clip((estimate - Z * spread, estimate + Z * spread), 0, 5)
    return float((ends[1] - ends[0]).mean())


def f1(found: Flags, truth: Flags) -> float:
    """F1 of n yes or no answers; 0 where none is right."""
    right = int((found & truth).sum())
    asked = int(found.sum()) + int(truth.sum())
    return 2 * right / asked if asked else 0.0


def skew_f1(found: Flags, truth: Flags) -> float:
    """F1 as it would be were yes true in half of the cases; 0 where all or none of them are.

    Positives and negatives are weighed alike, as Jeni, Cohn & De La Torre (ACII 2013) ask for figures that
    are to be compared over Action Units of different frequency.
    """
    if truth.all() or not truth.any():
        return 0.0
    hit, false = float(found[truth].mean()), float(found[~truth].mean())
    return 2 * hit / (hit + false + 1)
