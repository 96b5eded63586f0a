"""478 landmarks of one face with MediaPipe's attention mesh."""

import math
from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np

from analysis.engine.runtime import FaceNetworks
from analysis.engine.sampling import halve, halvings
from analysis.engine.types import F32, F64, LANDMARKS, U8, Detection, FaceMesh

CROP = 192
"""Pixels, side of the network's input."""
MARGIN = 1.5
"""The crop's side over the face's longer side."""

_RIGHT_EYE_OUTER, _LEFT_EYE_OUTER = 33, 263
_SURFACE = 468

# Which landmark each refined point is, in the network's order of output: contours from the inside outward,
# lower before upper. The network carries the same lists to know what to crop (held together by a test).
LIPS: tuple[int, ...] = (
    *(61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 185, 40, 39, 37, 0, 267, 269, 270, 409),
    *(78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 191, 80, 81, 82, 13, 312, 311, 310, 415),
    *(76, 77, 90, 180, 85, 16, 315, 404, 320, 307, 306, 184, 74, 73, 72, 11, 302, 303, 304, 408),
    *(62, 96, 89, 179, 86, 15, 316, 403, 319, 325, 292, 183, 42, 41, 38, 12, 268, 271, 272, 407),
)
RIGHT_EYE: tuple[int, ...] = (
    *(33, 7, 163, 144, 145, 153, 154, 155, 133, 246, 161, 160, 159, 158, 157, 173),
    *(130, 25, 110, 24, 23, 22, 26, 112, 243, 247, 30, 29, 27, 28, 56, 190),
    *(226, 31, 228, 229, 230, 231, 232, 233, 244, 113, 225, 224, 223, 222, 221, 189),
    *(35, 124, 46, 53, 52, 65),
    *(143, 111, 117, 118, 119, 120, 121, 128, 245, 156, 70, 63, 105, 66, 107, 55, 193),
)
LEFT_EYE: tuple[int, ...] = (
    *(263, 249, 390, 373, 374, 380, 381, 382, 362, 466, 388, 387, 386, 385, 384, 398),
    *(359, 255, 339, 254, 253, 252, 256, 341, 463, 467, 260, 259, 257, 258, 286, 414),
    *(446, 261, 448, 449, 450, 451, 452, 453, 464, 342, 445, 444, 443, 442, 441, 413),
    *(265, 353, 276, 283, 282, 295),
    *(372, 340, 346, 347, 348, 349, 350, 357, 465, 383, 300, 293, 334, 296, 336, 285, 417),
)
RIGHT_IRIS: tuple[int, ...] = (468, 469, 470, 471, 472)
LEFT_IRIS: tuple[int, ...] = (473, 474, 475, 476, 477)
_LID_CONTOUR = 16
"""The first so many points of an eye are the edge of its lids."""
_EYE_RINGS = 48
"""The first so many points of an eye are its lids and what lies around them; the rest are brow and cheek."""

# The network names eyes as the viewer sees them.
_REFINED: tuple[tuple[str, tuple[int, ...]], ...] = (
    ("output_lips", LIPS),
    ("output_left_eye", RIGHT_EYE),
    ("output_right_eye", LEFT_EYE),
    ("output_left_iris", RIGHT_IRIS),
    ("output_right_iris", LEFT_IRIS),
)
_OUTPUTS = ["output_mesh_identity", "conv_faceflag", *(name for name, _ in _REFINED)]
_REFINED_LANDMARKS = np.array([landmark for _, group in _REFINED for landmark in group])


@dataclass(frozen=True, slots=True)
class Roi:
    """A turned square of the picture, with the face's eyes level in it."""

    x: float
    y: float
    """Centre in pixels."""
    size: float
    """Side in pixels."""
    rotation: float
    """Radians by which the line from the person's right eye to the left is turned, clockwise as seen."""

    @classmethod
    def from_detection(cls, face: Detection) -> Self:
        """Around a detected face."""
        right, left = face.keypoints[0], face.keypoints[1]
        x, y, width, height = (float(value) for value in face.box)
        return cls(x + width / 2, y + height / 2, MARGIN * max(width, height), _angle(right, left))

    @classmethod
    def from_mesh(cls, mesh: FaceMesh) -> Self:
        """Around the landmarks of the frame before: their bounding square with the eyes level."""
        points = mesh.points[:, :2].astype(np.float64)
        rotation = _angle(mesh.points[_RIGHT_EYE_OUTER], mesh.points[_LEFT_EYE_OUTER])
        turn = _turn(rotation)
        level = points @ turn
        low, high = level.min(axis=0), level.max(axis=0)
        x, y = turn @ ((low + high) / 2)
        return cls(float(x), float(y), MARGIN * float((high - low).max()), rotation)

    def to_picture(self) -> F64:
        """(2, 3): takes crop pixels (x, y, 1) to pixels of the picture."""
        turn = _turn(self.rotation) * (self.size / CROP)
        corner = np.array([self.x, self.y]) - turn @ np.array([CROP / 2, CROP / 2])
        return np.column_stack([turn, corner])


class FaceLandmarker:
    """Locates landmarks in single pictures; keeps nothing between calls."""

    def __init__(self, networks: FaceNetworks) -> None:
        self._session = networks.mesh

    def locate(self, image: U8, roi: Roi) -> FaceMesh:
        """Landmarks of the face in `roi` of an (height, width, 3) uint8 RGB picture.

        There is always an answer; `presence` says whether to believe it.
        """
        to_picture = roi.to_picture()
        tensor = crop(image, roi).astype(np.float32)
        tensor *= 1 / 255
        surface, flag, *refined = self._session.run(_OUTPUTS, {"image": tensor[None]})
        points = merge(surface, refined)
        plane = points[:, :2] @ to_picture[:, :2].T + to_picture[:, 2]
        depth = points[:, 2:] * (roi.size / CROP)
        return FaceMesh(
            points=np.concatenate([plane, depth], axis=1).astype(np.float32),
            presence=1 / (1 + math.exp(-float(flag[0, 0]))),
            eyes_apart=eyes_apart(surface, points),
        )


def crop(image: U8, roi: Roi) -> U8:
    """(192, 192, 3): what `roi` holds; beyond the picture's edge the edge's colours go on."""
    to_picture = roi.to_picture()
    times = halvings(roi.size / CROP)
    if times:
        image, to_picture = _halved(image, roi, times)
    return np.asarray(
        cv2.warpAffine(
            image,
            to_picture,
            (CROP, CROP),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
    )


def _halved(image: U8, roi: Roi, times: int) -> tuple[U8, F64]:
    """The part of the picture around `roi`, halved `times` times, and the map from the crop to it.

    Reading single pixels of a large face lets their noise through: averaging first halves
    the landmarks' jitter at three pixels of the picture to one of the crop.
    """
    factor = 2**times
    height, width = image.shape[:2]
    reach = roi.size / 2 * (abs(math.cos(roi.rotation)) + abs(math.sin(roi.rotation))) + factor
    left, right = (min(max(math.floor(roi.x + side * reach), 0), width) for side in (-1, 1))
    top, bottom = (min(max(math.floor(roi.y + side * reach), 0), height) for side in (-1, 1))
    to_picture = roi.to_picture()
    if min(right - left, bottom - top) < factor:
        return image, to_picture
    to_picture[:, 2] -= (left, top)
    to_picture /= factor
    # Pixel centres are whole numbers, and a block's centre lies between them.
    to_picture[:, 2] += 0.5 / factor - 0.5
    return halve(image[top:bottom, left:right], times), to_picture


def merge(surface: F32, refined: list[F32]) -> F32:
    """(478, 3) in crop pixels from the surface (1, 1404) and the refined points, each (1, 2n).

    Refined points give x and y; z stays the surface's, and an iris lies at the mean z of its lids' edge.
    """
    points = np.empty((LANDMARKS, 3), np.float32)
    points[:_SURFACE] = surface.reshape(-1, 3)
    points[_REFINED_LANDMARKS, :2] = np.concatenate([group.reshape(-1, 2) for group in refined])
    for iris, eye in ((RIGHT_IRIS, RIGHT_EYE), (LEFT_IRIS, LEFT_EYE)):
        points[list(iris), 2] = points[list(eye[:_LID_CONTOUR]), 2].mean()
    return points


def eyes_apart(surface: F32, points: F32) -> float:
    """As `FaceMesh.eyes_apart`, from the surface (1, 1404) and the merged points (478, 3), in crop pixels."""
    away = points[:_SURFACE, :2] - surface.reshape(-1, 3)[:, :2]
    distance = np.hypot(away[:, 0], away[:, 1])
    size = float(np.ptp(points[:, :2], axis=0).max())
    apart = max(float(distance[list(eye[:_EYE_RINGS])].mean()) for eye in (RIGHT_EYE, LEFT_EYE))
    return 100 * apart / max(size, 1.0)


def _angle(start: F32, end: F32) -> float:
    return math.atan2(float(end[1] - start[1]), float(end[0] - start[0]))


def _turn(rotation: float) -> F64:
    """(2, 2): takes a vector in level axes to the picture's, as a column; back, as a row."""
    cosine, sine = math.cos(rotation), math.sin(rotation)
    return np.array([[cosine, -sine], [sine, cosine]])
