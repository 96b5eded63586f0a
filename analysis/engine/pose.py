"""Where head and eyes point, in degrees, from the landmarks alone.

The head's angles are those against the line of sight from the camera to the face, which is what
hides or shows a side of it; nothing about the lens is needed. Signs are those of `types.Rows`.
"""

import numpy as np

from analysis.engine.geometry import canonical, fit
from analysis.engine.types import F32

_EYES = (
    # person's right and left: outer corner, inner corner, centre of the iris
    (33, 133, 468),
    (263, 362, 473),
)
_EYEBALL_RADIUS = 0.36
"""Distance from the eye's turning point to its pupil, in widths of the eye opening.

An adult eyeball's radius is near 12 mm, its turning point 1.5 mm behind the middle; the pupil lies about
3 mm behind the cornea; the opening is near 29 mm wide. Individual openings differ by a tenth, and
so does the angle."""
_REST_HEIGHT = 0.07
"""Height of the iris' centre over the line of the corners when the eyes look straight ahead,
in widths of the eye opening, as the landmark network places them."""


def head_pose(points: F32) -> F32:
    """Yaw, pitch, roll (n, 3) in degrees of n faces (n, 478, 3) in pixels."""
    rotation = fit(points).rotation
    # Row i of the inverse is the face's axis i seen by the camera; its z axis is where the nose points.
    axes = np.swapaxes(rotation, 1, 2)
    forward, leftward = axes[:, 2], axes[:, 0]
    yaw = np.arctan2(forward[:, 0], forward[:, 2])
    pitch = np.arcsin(np.clip(forward[:, 1], -1, 1))
    roll = np.arctan2(-leftward[:, 1], np.hypot(leftward[:, 0], leftward[:, 2]))
    return np.asarray(np.degrees(np.stack([yaw, pitch, roll], axis=1)), dtype=np.float32)


def gaze(points: F32) -> F32:
    """Yaw, pitch (n, 2) in degrees of the eyes in the head, mean of both eyes.

    Read from where the iris stands between the corners of its eye. While the lids are closed the
    network guesses the iris; the value then means little.
    """
    selected = [index for eye in _EYES for index in eye]
    eyes = canonical(points, selected).reshape(len(points), 2, 3, 3)
    outer, inner, iris = eyes[:, :, 0], eyes[:, :, 1], eyes[:, :, 2]
    width = np.maximum(np.linalg.norm(outer - inner, axis=2), 1e-6)
    offset = (iris - (outer + inner) / 2)[:, :, :2] / width[:, :, None]
    offset[:, :, 1] -= _REST_HEIGHT
    sine = np.clip(offset.mean(axis=1) / _EYEBALL_RADIUS, -1, 1)
    return np.asarray(np.degrees(np.arcsin(sine)), dtype=np.float32)
