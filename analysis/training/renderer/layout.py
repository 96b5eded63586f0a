"""What of the head is drawn, and as what."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from analysis.engine.types import F32, I32, U8
from analysis.training import facekit
from analysis.training.facekit import FaceKit


class Material(IntEnum):
    """Numbers as in raster.c."""

    SKIN = 0
    PLAIN = 1
    EYE = 2
    STRANDS = 3
    CLOTH = 4
    SHEET = 5


@dataclass(frozen=True, slots=True)
class Layout:
    triangles: I32
    """(m, 3) those drawn."""
    material: U8
    """(m,) `Material`."""
    blocks: U8
    """(26719,) 1 where a vertex throws a shadow."""
    lash_uv: F32
    """(1368, 2) lash number and 0 at the root to 1 at the tip."""


def build(kit: FaceKit) -> Layout:
    material = np.full(facekit.VERTICES, 255, np.uint8)
    for part, kind in (
        (facekit.SKIN, Material.SKIN),
        (facekit.MOUTH_SOCKET, Material.PLAIN),
        (facekit.EYE_SOCKETS, Material.PLAIN),
        (facekit.GUMS, Material.PLAIN),
        (facekit.TEETH, Material.PLAIN),
        (facekit.EYE_WHITES["L"], Material.EYE),
        (facekit.EYE_WHITES["R"], Material.EYE),
        (facekit.LASHES, Material.STRANDS),
    ):
        material[part] = kind
    of_triangle = material[kit.triangles].max(axis=1)
    drawn = of_triangle != 255
    blocks = np.zeros(facekit.VERTICES, np.uint8)
    blocks[facekit.SKIN] = 1
    blocks[facekit.MOUTH_SOCKET] = 1
    blocks[facekit.TEETH] = 1
    blocks[facekit.GUMS] = 1
    return Layout(
        np.ascontiguousarray(kit.triangles[drawn]),
        np.ascontiguousarray(of_triangle[drawn]),
        blocks,
        _lash_coordinates(kit),
    )


def clothed(points: F32) -> F32:
    """How far points (n, 3) of the bust are under the collar: 0 bare, 1 covered, the edge at a half."""
    x, y, z = points[:, 0], points[:, 1], points[:, 2]
    collar = -12.6 - 1.9 * np.exp(-((x / 5.0) ** 2)) * np.clip((z + 2.0) / 5.0, 0, 1)
    return np.asarray(np.clip(0.5 + (collar - y) / 1.5, 0, 1), np.float32)


def _lash_coordinates(kit: FaceKit) -> F32:
    """Lashes stand across the lid; how far a vertex is from the eyeball says how far along its lash it is."""
    lashes = kit.neutral[facekit.LASHES].reshape(facekit.LASH_STRIPS, -1, 3)
    result = np.empty((*lashes.shape[:2], 2), np.float32)
    for index, strip in enumerate(lashes):
        eye = kit.neutral[facekit.EYE_WHITES["L" if index < facekit.LASH_STRIPS // 2 else "R"]]
        centre = (eye.min(axis=0) + eye.max(axis=0)) / 2
        away = np.linalg.norm(strip - centre, axis=1)
        angle = np.arctan2(strip[:, 0] - centre[0], strip[:, 2] - centre[2] + 1.0)
        root = np.array([away[np.abs(angle - a) < 0.12].min() for a in angle])
        tip = np.array([away[np.abs(angle - a) < 0.12].max() for a in angle])
        result[index, :, 0] = angle / 0.035 + 100 * index + 400
        result[index, :, 1] = (away - root) / np.maximum(tip - root, 0.05)
    return result.reshape(-1, 2)
