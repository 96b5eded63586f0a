"""Boxes around faces: x, y, width, height in pixels."""

import numpy as np

from analysis.engine.types import F32


def box_of(points: F32) -> F32:
    """(4,) float32: the box around landmarks (478, 3)."""
    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    return np.concatenate([low, high - low]).astype(np.float32)


def overlap(one: F32, other: F32) -> float:
    """Intersection over union of two boxes, 0-1."""
    low = np.maximum(one[:2], other[:2])
    high = np.minimum(one[:2] + one[2:], other[:2] + other[2:])
    inner = float(np.prod(np.clip(high - low, 0, None)))
    union = float(one[2] * one[3] + other[2] * other[3]) - inner
    return inner / union if union > 0 else 0.0


def inside(box: F32, width: int, height: int) -> float:
    """Share of a box that lies in the picture, 0-1."""
    low = np.maximum(box[:2], 0)
    high = np.minimum(box[:2] + box[2:], (width, height))
    area = float(box[2] * box[3])
    return float(np.prod(np.clip(high - low, 0, None))) / area if area > 0 else 0.0
