"""Fixed inputs of the networks, made without any resizing so that every machine makes the same."""

import numpy as np
from skimage import data

NEAR, FAR, MESH = 128, 192, 192
STRIDE = 5
"""Of the detectors' anchors every fifth is kept; five shares no factor with the anchors of a cell."""


def detector_inputs(size: int) -> dict[str, np.ndarray]:
    """float32 (1, size, size, 3) in -1 to 1."""
    noise = np.random.default_rng(7).uniform(-1, 1, (1, size, size, 3)).astype(np.float32)
    portrait = data.astronaut()[: 2 * size : 2, 100 : 100 + 2 * size : 2]
    return {"noise": noise, "portrait": (portrait[None] / np.float32(127.5) - 1).astype(np.float32)}


def mesh_inputs() -> dict[str, np.ndarray]:
    """uint8 (192, 192, 3)."""
    picture = data.astronaut()
    return {
        "noise": np.random.default_rng(7).integers(0, 256, (MESH, MESH, 3)).astype(np.uint8),
        "portrait": _double(picture[70:166, 175:271]),
        "half a face": _double(picture[70:166, 225:321]),
        "mouth at the edge": _double(picture[50:146, 175:271]),
        "lying": np.ascontiguousarray(np.rot90(_double(picture[70:166, 175:271]))),
    }


def _double(picture: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(picture.repeat(2, axis=0).repeat(2, axis=1))
