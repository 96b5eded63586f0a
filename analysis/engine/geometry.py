"""The face's own frame: landmarks freed of where the head is, how it is turned and how large it looks.

Axes are the person's: x to the person's left, y up, z out of the face. The origin lies midway
between the outer eye corners and the unit is the reference head's distance between them, so that
one unit is about 9 cm on an adult.

The frame is found by a weighted rigid fit (Kabsch 1976; with scale, Umeyama 1991) of landmarks that
lie on bone rather than on muscle to `REFERENCE`. Scale, rotation and translation come from all three
coordinates, as the landmark network gives them. Its depth is the least certain of the three (it is
inferred, not seen): a fit over many points averages that out, but in one landmark the error of
depth enters x and y with the sine of the turn. Measures therefore read x and y, and z only where
nothing else shows the movement.
"""

from typing import NamedTuple

import numpy as np

from analysis.engine.types import F32

_PAIRS: dict[tuple[int, int], tuple[float, float, float, float]] = {
    # (person's right, person's left): x of the left one, y, z, weight
    (33, 263): (0.50, 0.00, 0.00, 1.0),  # outer eye corners
    (133, 362): (0.20, -0.01, 0.06, 1.0),  # inner eye corners
    (127, 356): (0.76, -0.07, -0.56, 0.5),  # temples, before the ears
    (234, 454): (0.76, -0.23, -0.55, 0.5),
    (162, 389): (0.75, 0.11, -0.47, 0.5),
    (21, 251): (0.71, 0.25, -0.33, 0.5),
    (103, 332): (0.54, 0.49, -0.06, 0.5),  # under the hair line
    (67, 297): (0.38, 0.56, 0.06, 0.5),
    (109, 338): (0.20, 0.59, 0.13, 0.5),
}
_MIDLINE: dict[int, tuple[float, float, float]] = {
    # landmark: y, z, weight
    10: (0.60, 0.15, 0.5),  # forehead, hair line
    168: (0.06, 0.24, 1.0),  # root of the nose
    6: (-0.03, 0.30, 1.0),
    197: (-0.10, 0.36, 1.0),  # bridge
    195: (-0.18, 0.42, 1.0),
}


class Reference(NamedTuple):
    """Landmarks the frame is fitted to: their numbers, places in the face's frame, weights (sum 1)."""

    landmarks: tuple[int, ...]
    places: F32
    weights: F32


def _reference() -> Reference:
    rows = [
        (index, side * x, y, z, weight)
        for pair, (x, y, z, weight) in _PAIRS.items()
        for index, side in zip(pair, (-1.0, 1.0), strict=True)
    ]
    rows += [(index, 0.0, *values) for index, values in _MIDLINE.items()]
    table = np.array([row[1:] for row in rows], dtype=np.float32)
    weights = table[:, 3] / table[:, 3].sum()
    return Reference(tuple(row[0] for row in rows), np.ascontiguousarray(table[:, :3]), weights)


REFERENCE = _reference()
"""The mean of the landmark network's output on frontal, neutral frames of adult faces, made symmetric,
turned upright as a generic head model stands, and rounded to 0.01 or more. Any error of it shifts
every face alike and cancels in what is measured against the person's neutral."""

_LANDMARKS = np.array(REFERENCE.landmarks)
_CENTRE = REFERENCE.weights @ REFERENCE.places
_WEIGHTED = (REFERENCE.weights[:, None] * (REFERENCE.places - _CENTRE)).astype(np.float32)
_TO_PERSON = np.array([1.0, -1.0, -1.0], dtype=np.float32)
"""From pixels (x right, y down, z away) to the person's axes; both are right-handed."""


class Fit(NamedTuple):
    """How n faces lie: `(points * (1, -1, -1) - centre) @ rotation * scale + origin` is canonical."""

    rotation: F32
    """(n, 3, 3), from the camera's axes to the face's, applied to row vectors."""
    scale: F32
    """(n,) units a pixel."""
    centre: F32
    """(n, 3) pixels, weighted centre of the stable landmarks, y up."""


def fit(points: F32) -> Fit:
    """Rigid fit of n faces (n, 478, 3), in pixels, to the reference head."""
    stable = points[:, _LANDMARKS] * _TO_PERSON
    centre = np.einsum("j,njc->nc", REFERENCE.weights, stable)
    stable -= centre[:, None]
    u, sizes, vt = np.linalg.svd(np.swapaxes(stable, 1, 2) @ _WEIGHTED)
    mirrored = np.linalg.det(u) * np.linalg.det(vt) < 0
    u[mirrored, :, 2] *= -1
    sizes[mirrored, 2] *= -1
    spread = np.einsum("j,njc,njc->n", REFERENCE.weights, stable, stable)
    scale = sizes.sum(axis=1) / np.maximum(spread, np.finfo(np.float32).tiny)
    return Fit(u @ vt, scale.astype(np.float32), centre.astype(np.float32))


def canonical(points: F32, selected: list[int] | None = None) -> F32:
    """Landmarks (n, 478, 3) in pixels, in the face's own frame: (n, 478, 3) float32.

    With `selected`, only those landmarks are carried over: (n, len(selected), 3).
    A face whose landmarks all fall on one point comes out at the reference's centre.
    """
    found = fit(points)
    chosen = points if selected is None else points[:, selected]
    moved = chosen * _TO_PERSON - found.centre[:, None]
    turned = moved @ (found.rotation * found.scale[:, None, None])
    return np.asarray(turned + _CENTRE, dtype=np.float32)
