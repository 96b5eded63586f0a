"""The face cut out of a picture, eyes level, always the same size on the head, and freed of light."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis.engine import geometry
from analysis.engine.sampling import halve, halvings
from analysis.engine.types import F32, F64, U8

SIDE = 128
"""Pixels."""
_WINDOW = 1.76
"""Units of `geometry` (about 9 cm) from edge to edge: forehead to under a dropped jaw."""
_MIDDLE = np.array([0.0, -0.2, 0.2], np.float32)
_OUTER_EYES = (33, 263)
AROUND = 23
"""Pixels across which light and contrast are evened out."""
FLAT = 8.0
"""Grey levels of standard deviation below which a patch counts as flat."""
LIMIT = 3.0
STEPS = 40
"""Of the stored whole numbers, a standard deviation."""


def aligned_crop(image: U8, points: F32) -> U8:
    """(128, 128) luma of the face with landmarks `points` (478, 3) in an RGB picture, in its pixels."""
    to_picture, pixels = _placement(points)
    reach = pixels * SIDE * 0.75
    height, width = image.shape[:2]
    middle = to_picture @ [SIDE / 2, SIDE / 2, 1]
    low = np.clip(np.floor(middle - reach), 0, (width - 1, height - 1)).astype(int)
    high = np.clip(np.ceil(middle + reach), low + 1, (width, height)).astype(int)
    part = image[low[1] : high[1], low[0] : high[0]]
    luma = np.asarray(cv2.cvtColor(part, cv2.COLOR_RGB2GRAY), np.uint8)
    to_picture[:, 2] -= low
    times = min(halvings(pixels), int(math.log2(min(luma.shape))))
    if times:
        luma = halve(luma, times)
        to_picture /= 2**times
        to_picture[:, 2] += 0.5 / 2**times - 0.5
    return np.asarray(
        cv2.warpAffine(
            luma,
            to_picture,
            (SIDE, SIDE),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
    )


def evened(crop: U8) -> NDArray[np.int8]:
    """(128, 128): each pixel against its surroundings, in fortieths of the local standard deviation.

    At most three standard deviations either way.
    """
    luma: F32 = crop.astype(np.float32)
    off = luma - cv2.blur(luma, (AROUND, AROUND), borderType=cv2.BORDER_REFLECT)
    spread = cv2.blur(off * off, (AROUND, AROUND), borderType=cv2.BORDER_REFLECT) + FLAT**2
    return np.asarray(np.rint(STEPS * np.clip(off / np.sqrt(spread), -LIMIT, LIMIT)), np.int8)


def _placement(points: F32) -> tuple[F64, float]:
    """(2, 3) from crop pixels (x, y, 1) to the picture's, and picture pixels a crop pixel."""
    found = geometry.fit(points[None])
    origin = geometry.REFERENCE.weights @ geometry.REFERENCE.places
    middle = (_MIDDLE - origin) @ found.rotation[0].T / found.scale[0] + found.centre[0]
    across = points[_OUTER_EYES[1], :2] - points[_OUTER_EYES[0], :2]
    angle = math.atan2(float(across[1]), float(across[0]))
    pixels = _WINDOW / SIDE / max(float(found.scale[0]), 1e-6)
    turn = pixels * np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    corner = np.array([middle[0], -middle[1]]) - turn @ [SIDE / 2, SIDE / 2]
    return np.column_stack([turn, corner]), pixels
