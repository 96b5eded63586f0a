"""How much of the skin that tells of each Action Unit can be seen in a picture."""

import numpy as np

from analysis.engine.action_units import ACTION_UNITS, AU_COUNT, Group
from analysis.engine.types import F32, I32, U8
from analysis.training.facekit import FaceKit

_BROWS = (285, 336, 334, 300)
_EYES = (386, 374, 263, 362)
_CHEEK = (280, 330, 425, 266)
_NOSE = (358, 360, 420, 4)
_MOUTH = (291, 13, 14, 269, 405)
_CHIN = (199, 152, 395)
_OF_GROUP: dict[Group, tuple[int, ...]] = {Group.EYE: _EYES, Group.MID: _CHEEK, Group.LOWER: _MOUTH}
_OF_AU: dict[int, tuple[int, ...]] = {
    **dict.fromkeys((1, 2, 4), _BROWS),
    **dict.fromkeys((5, 7), _EYES),
    6: (*_EYES[1:3], *_CHEEK),
    **dict.fromkeys((9, 38, 39), _NOSE),
    **dict.fromkeys((12, 13, 14, 15, 20), _MOUTH),
    **dict.fromkeys((10, 11), (*_NOSE[:3], *_MOUTH[:2])),
    17: (*_CHIN, *_MOUTH[1:3]),
    **dict.fromkeys((26, 27, 29, 30), (*_CHIN, *_MOUTH[1:3])),
    **dict.fromkeys((31, 34, 35, 36), (*_CHEEK, 435, 416)),
}
"""Landmarks on the person's left; the right ones mirror them."""
_FACING = 0.1
"""Cosine against the line of sight from which skin counts as seen."""


class Visibility:
    """Knows the landmarks of each AU and side on the head model; made once."""

    def __init__(self, kit: FaceKit) -> None:
        self._vertices = kit.landmarks
        self._around = _triangles_at(kit, self._vertices)
        mirror = _mirrored(kit)
        self._left = [self._of(row) for row in range(AU_COUNT)]
        self._right = [tuple(int(mirror[i]) for i in group) for group in self._left]

    @staticmethod
    def _of(row: int) -> tuple[int, ...]:
        unit = ACTION_UNITS[row]
        return _OF_AU.get(unit.number) or _OF_GROUP[unit.group]

    def shares(self, vertices: F32, screen: F32, distance: float, mask: U8 | None) -> F32:
        """(44, 2) share 0-1 of each AU's landmarks seen, left and right.

        `vertices` (26719, 3) cm, `screen` (478, 2) pixels of the landmarks, `distance` the camera's,
        `mask` (h, w) 1 where something covers the picture.
        """
        seen = self._facing(vertices, distance)
        if mask is not None:
            height, width = mask.shape
            x, y = np.clip(screen.round().astype(int), 0, (width - 1, height - 1)).T
            seen &= mask[y, x] == 0
        both = [
            [seen[list(side)].mean() for side in pair] for pair in zip(self._left, self._right, strict=True)
        ]
        result = np.array(both, np.float32)
        for row, unit in enumerate(ACTION_UNITS):
            if not unit.sided:
                result[row] = result[row].mean()
        return result

    def _facing(self, vertices: F32, distance: float) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
        corners = vertices[self._around]
        normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        sight = np.array([0, 0, distance], np.float32) - corners[:, 0]
        cosine = (normals * sight).sum(axis=1)
        cosine /= np.linalg.norm(normals, axis=1) * np.linalg.norm(sight, axis=1) + 1e-9
        return np.asarray(cosine > _FACING)


def _triangles_at(kit: FaceKit, chosen: I32) -> I32:
    """(478, 3) one triangle at each landmark's vertex; the first at hand where it has none of its own."""
    first = np.zeros(len(kit.neutral), np.int64)
    order = np.arange(len(kit.triangles))[::-1]
    for corner in range(3):
        first[kit.triangles[order, corner]] = order
    return np.asarray(kit.triangles[first[np.maximum(chosen, 0)]], np.int32)


def _mirrored(kit: FaceKit) -> I32:
    """(478,) the landmark that lies where each one's mirror image does."""
    places = kit.neutral[np.maximum(kit.landmarks, 0)]
    flipped = places * np.array([-1, 1, 1], np.float32)
    apart = np.linalg.norm(flipped[:, None] - places[None], axis=2)
    apart[:, kit.landmarks < 0] = np.inf
    return np.asarray(apart.argmin(axis=1), np.int32)
