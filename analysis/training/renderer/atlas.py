"""Where the skin's picture lies on the head, and where on it the parts of a face are.

The head is unrolled on a cylinder about its vertical axis. All maps are (HEIGHT, WIDTH), row 0 at the crown,
column 0 at the person's right; they are made once from the mean head and hold for every identity,
because identities share their vertices.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis.engine.types import F32
from analysis.training.facekit import SKIN, FaceKit

WIDTH, HEIGHT = 640, 512
HALF_TURN = math.radians(135)
"""Beyond this the back of the head repeats the last column."""
AXIS_Z = 1.5
TOP, BOTTOM = 14.6, -17.0
"""cm, the rows' ends on the mean head."""
TEXEL = (TOP - BOTTOM) / HEIGHT
"""cm down; across it is 0.065 at 9 cm from the axis."""

FRONT_FROM = 1.0
"""cm, z of the foremost skin of the ears."""

LIPS = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185)
BROWS = {
    "L": ((285, 295, 282, 283, 276), (336, 296, 334, 293, 300)),
    "R": ((55, 65, 52, 53, 46), (107, 66, 105, 63, 70)),
}
"""Lower and upper edge, from the middle outwards."""
EYES = {
    "L": (263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466),
    "R": (33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246),
}


@dataclass(frozen=True, slots=True)
class Atlas:
    uv: F32
    """(26719, 2) 0-1 of every vertex."""
    surface: F32
    """(HEIGHT, WIDTH, 3) point of the mean head's outer skin, cm."""
    lips: F32
    """(HEIGHT, WIDTH) 0-1, soft edges; as the next."""
    lids: F32
    cheeks: F32
    nose: F32
    tears: F32
    """From the eyes down the cheeks."""
    beard: F32
    scalp: F32
    """From the hairline backwards."""
    brows: dict[str, tuple[F32, F32]]
    """Side to lower and upper edge, (5, 2) texels each."""
    front: F32
    """(k, 3) vertices of the mean head's front, cm."""

    def place(self, points: tuple[tuple[float, float], ...], side: int = 1) -> F32:
        """Texels (n, 2) of points (x, y) in cm on the front of the face; `side` -1 mirrors them."""
        wanted = np.array(points, np.float32) * np.array([side, 1], np.float32)
        away = ((self.front[None, :, :2] - wanted[:, None]) ** 2).sum(axis=2)
        near = np.exp(-away / 0.15)
        # Of the layers of skin over one another the foremost counts.
        near *= np.exp(1.5 * (self.front[None, :, 2] - self.front[:, 2].max()))
        depth = (near * self.front[None, :, 2]).sum(axis=1) / np.maximum(near.sum(axis=1), 1e-30)
        return texels(unroll(np.column_stack([wanted, depth]).astype(np.float32)))


def unroll(points: F32) -> F32:
    """(..., 3) cm on the mean head to (..., 2) of the picture, 0-1."""
    angle = np.arctan2(points[..., 0], points[..., 2] - AXIS_Z)
    across = 0.5 + np.clip(angle, -HALF_TURN, HALF_TURN) / (2 * HALF_TURN)
    down = (TOP - points[..., 1]) / (TOP - BOTTOM)
    return np.stack([across, np.clip(down, 0, 1)], axis=-1).astype(np.float32)


def texels(uv: F32) -> F32:
    """0-1 to columns and rows."""
    return np.asarray(uv * np.array([WIDTH, HEIGHT], np.float32), np.float32)


def build(kit: FaceKit) -> Atlas:
    uv = unroll(kit.neutral)
    surface = _surface(kit, uv)
    marks = texels(uv[np.maximum(kit.landmarks, 0)])
    x, y, z = surface[..., 0], surface[..., 1], surface[..., 2]
    eyes = [[index for index in eye if kit.landmarks[index] >= 0] for eye in EYES.values()]
    return Atlas(
        uv=uv,
        surface=surface,
        lips=_polygon(marks[list(LIPS)], 1.1),
        lids=np.maximum(*(_polygon(marks[eye], 5.0, grow=9) for eye in eyes)),
        cheeks=_blob(np.abs(x), y, (4.3, -0.6), (1.9, 1.7)),
        nose=_blob(x, y, (0, 0.0), (1.4, 1.6)),
        tears=np.maximum(
            _blob(np.abs(x), y, (3.1, 0.4), (0.45, 2.0)), _blob(np.abs(x), y, (3.2, 2.2), (1.4, 0.5))
        ),
        beard=_beard(x, y, z),
        scalp=_scalp(x, y, z),
        brows=_brows(kit),
        front=kit.neutral[SKIN][kit.neutral[SKIN][:, 2] > FRONT_FROM],
    )


def _surface(kit: FaceKit, uv: F32) -> F32:
    """The outermost skin under each texel, from a splat of the vertices, holes filled by blurring."""
    points = kit.neutral[SKIN]
    at = np.clip(texels(uv[SKIN]).astype(np.int32), 0, [WIDTH - 1, HEIGHT - 1])
    radius = np.hypot(points[:, 0], points[:, 2] - AXIS_Z)
    order = np.argsort(radius, kind="stable")
    total = np.zeros((HEIGHT, WIDTH, 4), np.float32)
    total[at[order, 1], at[order, 0], :3] = points[order]
    total[at[order, 1], at[order, 0], 3] = 1
    filled = total.copy()
    for sigma in (1.5, 3.0, 6.0, 12.0, 40.0):
        spread = cv2.GaussianBlur(total, (0, 0), sigma)
        empty = filled[..., 3] < 1e-3
        enough = empty & (spread[..., 3] > 1e-3)
        filled[enough] = spread[enough] / spread[enough][:, 3:]
    return np.ascontiguousarray(filled[..., :3])


def _polygon(corners: F32, soft: float, grow: int = 0) -> F32:
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    cv2.fillPoly(mask, [np.round(corners * 8).astype(np.int32)], 255, cv2.LINE_AA, 3)
    if grow:
        ellipse = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * grow + 1, grow + 1))
        mask = np.asarray(cv2.dilate(mask, ellipse), np.uint8)
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), soft) / 255, np.float32)


def _blob(x: F32, y: F32, centre: tuple[float, float], size: tuple[float, float]) -> F32:
    distance = ((x - centre[0]) / size[0]) ** 2 + ((y - centre[1]) / size[1]) ** 2
    return np.asarray(np.exp(-distance), np.float32)


def _step(low: float, high: float, value: NDArray[np.floating]) -> F32:
    t = np.clip((value - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def _beard(x: F32, y: F32, z: F32) -> F32:
    """Jaw, chin and moustache; not the lips, not under the nose's wings."""
    line = -3.6 + 0.16 * np.clip(np.abs(x) - 3.0, 0, 9) ** 1.5
    jaw = _step(0.4, -0.9, y - line) * _step(-12.5, -10.0, y + 0.4 * (z - 6)) * _step(1.0, 3.0, z)
    lip = _blob(x, y, (0, -2.25), (2.9, 0.75)) * (y < -1.0)
    return np.asarray(np.maximum(jaw, np.minimum(1, 1.4 * lip)), np.float32)


def _brows(kit: FaceKit) -> dict[str, tuple[F32, F32]]:
    points = kit.neutral[np.maximum(kit.landmarks, 0)]
    lower, upper = (
        _mirrored(np.stack([points[list(BROWS[side][edge])] for side in ("L", "R")])) for edge in (0, 1)
    )
    flip = {"L": np.array([1, 1, 1], np.float32), "R": np.array([-1, 1, 1], np.float32)}
    return {side: (texels(unroll(lower * sign)), texels(unroll(upper * sign))) for side, sign in flip.items()}


def _mirrored(points: F32) -> F32:
    """Mean of the left brow's edge (n, 3) and the right's mirrored: the landmarks' fit is not symmetrical."""
    left, right = points
    return np.asarray((left + right * np.array([-1, 1, 1])) / 2, np.float32)


def hairline(x: F32, z: F32) -> F32:
    """Height y in cm on the mean head above which hair grows."""
    return np.asarray(9.6 - 0.045 * x**2 - 0.35 * np.clip(6.5 - z, 0, 20), np.float32)


def _scalp(x: F32, y: F32, z: F32) -> F32:
    behind = _step(2.5, 0.5, z) * _step(-6.5, -4.5, y)
    ear = _step(7.3, 7.7, np.abs(x)) * _step(5.0, 4.0, y) * _step(-1.5, -0.5, z)
    grown = np.asarray(cv2.GaussianBlur(cv2.dilate(ear, np.ones((9, 9))), (0, 0), 2.0), np.float32)
    return np.asarray(
        np.maximum(_step(-0.5, 0.6, y - hairline(x, z)) * (y > 1), behind) * (1 - grown), np.float32
    )
