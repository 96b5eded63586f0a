"""Crops freed of light: each pixel against the mean and contrast of its surroundings."""

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis.engine.types import F32, U8

AROUND = 17
"""Pixels across which light and contrast are evened out."""
FLAT = 8.0
"""Grey levels of standard deviation below which a patch counts as flat."""
LIMIT = 3.0
STEPS = 40
"""Of the stored whole numbers, a standard deviation."""


def evened(crop: U8) -> NDArray[np.int8]:
    """(96, 96) in fortieths of the local standard deviation, at most three of them either way."""
    luma: F32 = crop.astype(np.float32)
    off = luma - cv2.blur(luma, (AROUND, AROUND), borderType=cv2.BORDER_REFLECT)
    spread = cv2.blur(off * off, (AROUND, AROUND), borderType=cv2.BORDER_REFLECT) + FLAT**2
    return np.asarray(np.rint(STEPS * np.clip(off / np.sqrt(spread), -LIMIT, LIMIT)), np.int8)
