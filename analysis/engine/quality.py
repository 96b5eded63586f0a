"""How well a face can be seen, and from when on it is not measured at all."""

from dataclasses import dataclass

import cv2
import numpy as np

from analysis.engine.sampling import halve, halvings
from analysis.engine.types import F32, U8, Exclusion

FACE_PIXELS = 96
"""Side of the square that sharpness is measured on, so that it does not depend on the picture's size."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Outside of these a face carries no Action Units. The product's own choices, each with its reason."""

    inside: float = 0.75
    """Share of the face box in the picture; with a quarter outside, brows or mouth are."""
    width: float = 48.0
    """Pixels; an intensity point of most AUs is then less than one pixel."""
    yaw: float = 45.0
    """Degrees either way; beyond it one mouth corner and one brow are hidden."""
    pitch: float = 35.0
    """Degrees either way."""
    darkest: float = 25.0
    """Mean luma 0-255; below it video compression leaves no detail."""
    brightest: float = 240.0
    """Mean luma 0-255; above it the skin is burnt out."""
    sharpness: float = 12.0
    """Variance of the Laplacian; a face smeared over about four of the 96 pixels falls below it."""


THRESHOLDS = Thresholds()


def measure(image: U8, points: F32, box: F32) -> F32:
    """Sharpness, mean luma, share of the box in the picture, as in `Rows.quality`: (3,) float32.

    `image` is (height, width, 3) RGB, `points` (478, 3) and `box` (4,) in its pixels. Sharpness and luma are
    those of the rectangle around the landmarks, as far as it lies in the picture; both are 0 where none of
    it does.
    """
    height, width = image.shape[:2]
    share = _share_inside(box, width, height)
    low = np.clip(np.floor(points[:, :2].min(axis=0)), 0, (width, height)).astype(int)
    high = np.clip(np.ceil(points[:, :2].max(axis=0)), 0, (width, height)).astype(int)
    if (high - low).min() < 2:
        return np.array([0.0, 0.0, share], dtype=np.float32)
    crop = image[low[1] : high[1], low[0] : high[0]]
    luma = np.asarray(cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    luma = halve(luma, halvings(float((high - low).min()) / FACE_PIXELS))
    face = cv2.resize(luma, (FACE_PIXELS, FACE_PIXELS), interpolation=cv2.INTER_LINEAR)
    deviation = cv2.meanStdDev(cv2.Laplacian(face, cv2.CV_16S, ksize=1))[1]
    return np.array([deviation[0, 0] ** 2, face.mean(), share], dtype=np.float32)


def _share_inside(box: F32, width: int, height: int) -> float:
    x, y, w, h = (float(value) for value in box)
    if w <= 0 or h <= 0:
        return 0.0
    inside = max(0.0, min(x + w, width) - max(x, 0)) * max(0.0, min(y + h, height) - max(y, 0))
    return inside / (w * h)


def exclusion(box: F32, pose: F32, quality: F32, thresholds: Thresholds = THRESHOLDS) -> Exclusion:
    """Why a face is not measured, or NONE; the first that holds of the order below.

    Whether it is covered only the whole track tells (see `cover`).

    `box` (4,) pixels, `pose` (3,) degrees, `quality` (3,) as `measure` gives it.
    """
    sharpness, luma, inside = (float(value) for value in quality)
    reasons = (
        (Exclusion.OUT_OF_PICTURE, inside < thresholds.inside),
        (Exclusion.FACE_TOO_SMALL, box[2] < thresholds.width),
        (Exclusion.TURNED_AWAY, abs(pose[0]) > thresholds.yaw or abs(pose[1]) > thresholds.pitch),
        (Exclusion.TOO_DARK, luma < thresholds.darkest),
        (Exclusion.TOO_BRIGHT, luma > thresholds.brightest),
        (Exclusion.BLURRED, sharpness < thresholds.sharpness),
    )
    return next((reason for reason, holds in reasons if holds), Exclusion.NONE)
