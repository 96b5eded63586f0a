"""Hair, head coverings, glasses and shoulders, in simple shapes.

Hair that lies on the head is the head's own skin lifted; what hangs is a sheet of its own behind the face.
"""

from dataclasses import dataclass

import numpy as np

from analysis.engine.types import F32, I32
from analysis.training import facekit
from analysis.training.facekit import FaceKit
from analysis.training.renderer.atlas import hairline
from analysis.training.renderer.glasses import frame
from analysis.training.renderer.layout import clothed
from analysis.training.renderer.look import Look
from analysis.training.rig import Posed, turn_head, turning

_THICKNESS = {"bald": 0.0, "cropped": 0.15, "short": 0.9, "bob": 1.2, "long": 1.0, "cap": 0.7, "scarf": 0.8}
"""cm that the scalp is lifted."""
_HANGS_TO = {"bob": -6.0, "long": -15.0, "scarf": -14.5}
"""cm, lower end of the hanging sheet."""
_SHEET = (48, 30)
"""Columns round the head, rows downward."""
_SHOULDER_FROM = -12.0
_HEAD_SIDE = 7.1
"""cm to which ears are laid flat under what hangs over them."""


@dataclass(frozen=True, slots=True)
class Worn:
    lift: F32
    """(26719, 3) cm, goes with the head."""
    widening: F32
    """(26719, 3) cm, of the shoulders; stays."""
    vertices: F32
    """(k, 3) cm of the hanging sheet on the unturned head."""
    turning: F32
    """(k, 1) how far it goes with the head."""
    glasses: F32
    """(g, 3) cm from the middle between the eyes of the unturned head."""
    triangles: I32
    """(t, 3), counted on from the head's vertices through the sheet's and the glasses'."""
    colour: F32
    """(k + g, 3) linear."""


def wear(kit: FaceKit, look: Look) -> Worn:
    """What `look` puts on the head; deterministic by it."""
    rng = np.random.default_rng([look.seed, 2])
    vertices, triangles, colour = _sheet(look, rng)
    glasses = np.zeros((0, 3), np.float32)
    if look.glasses:
        glasses, frame_triangles = frame(look.glasses, look.glasses_square)
        triangles = np.concatenate([triangles, frame_triangles + facekit.VERTICES + len(vertices)])
        colour = np.concatenate(
            [colour, np.tile(np.array(look.glasses_colour, np.float32), (len(glasses), 1))]
        )
    return Worn(
        _lift(kit, look, rng), _widening(kit), vertices, turning(vertices), glasses, triangles, colour
    )


def put_on(posed: Posed, worn: Worn) -> F32:
    """Vertices (26719 + k + g, 3) of the dressed head."""
    head = posed.vertices + worn.lift @ posed.rotation.T + worn.widening
    sheet = turn_head(worn.vertices, worn.turning, posed.rotation)
    glasses = posed.eye_centres.mean(axis=0) + worn.glasses @ posed.rotation.T
    return np.ascontiguousarray(np.concatenate([head, sheet, glasses]), np.float32)


def _lift(kit: FaceKit, look: Look, rng: np.random.Generator) -> F32:
    lift = np.zeros_like(kit.neutral)
    points = kit.neutral[facekit.SKIN]
    outward = points - np.array([0, 2.0, 0.5], np.float32)
    outward /= np.linalg.norm(outward, axis=1, keepdims=True)
    waves = sum(np.sin(points @ rng.normal(0, 0.9, 3) + rng.uniform(0, 6)) for _ in range(4))
    ragged = 1 + (0.12 * waves if look.style not in {"cap", "scarf"} else 0)
    share = scalp_share(points) * ragged * _THICKNESS[look.style]
    lift[facekit.SKIN] = outward * np.asarray(share, np.float32)[:, None]
    if look.style in _HANGS_TO:
        x, y = points[:, 0], points[:, 1]
        ears = (np.abs(x) > _HEAD_SIDE) & (y > -4.0) & (y < 5.5)
        lift[facekit.SKIN, 0] -= np.where(ears, np.sign(x) * (np.abs(x) - _HEAD_SIDE), 0)
    return lift


def scalp_share(points: F32) -> F32:
    """(n,) 0 on the face to 1 a centimetre behind the hairline; the ears stay out."""
    x, y, z = points[:, 0], points[:, 1], points[:, 2]
    top = np.clip((y - hairline(x, z)) / 1.2, 0, 1) * (y > 1)
    behind = np.clip((-0.5 - z) / 2.0, 0, 1) * np.clip((y + 5.5) / 1.5, 0, 1)
    ear = (np.abs(x) > 6.7) & (y < 4.6) & (y > -3.5) & (z > -2.0)
    return np.asarray(np.maximum(top, behind) * ~ear, np.float32)


def _widening(kit: FaceKit) -> F32:
    """The model's bust ends at the neck's root; shoulders are its sides pulled out and down."""
    result = np.zeros_like(kit.neutral)
    points = kit.neutral[facekit.SKIN]
    below = np.clip((_SHOULDER_FROM - points[:, 1]) / 4, 0, 1)
    outer = np.clip((np.abs(points[:, 0]) - 4) / 6, 0, 1)
    result[facekit.SKIN, 0] = points[:, 0] * 0.75 * below * outer
    result[facekit.SKIN, 1] = -3.0 * np.clip((-15.0 - points[:, 1]) / 4, 0, 1) - 1.2 * below * outer
    result[facekit.SKIN, 2] += 0.25 * clothed(points)
    return result


def _sheet(look: Look, rng: np.random.Generator) -> tuple[F32, I32, F32]:
    if look.style not in _HANGS_TO:
        return np.zeros((0, 3), np.float32), np.zeros((0, 3), np.int32), np.zeros((0, 3), np.float32)
    columns, rows = _SHEET
    scarf = look.style == "scarf"
    down = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
    y = 6.5 + down * (_HANGS_TO[look.style] - 6.5)
    # The sheet's edges run beside the face; a scarf closes below the chin.
    edge = np.radians(54.0 if scarf else 62.0) - (
        np.radians(53.0) * np.clip((-8.2 - y) / 1.5, 0, 1) if scarf else 0
    )
    angle = edge + np.linspace(0, 1, columns, dtype=np.float32)[None, :] * (2 * np.pi - 2 * edge)
    fold = (
        0.25 * np.sin(angle * rng.integers(9, 17) + 2.5 * down + rng.uniform(0, 6)) * np.clip(3 * down, 0, 1)
    )
    under_chin = np.clip((-7.5 - y) / 2, 0, 1) if scarf else np.zeros_like(y)
    wide = (8.4 if scarf else 8.9) - 0.7 * under_chin + fold + 0.8 * np.clip(down - 0.6, 0, 1)
    front = (7.6 if scarf else 5.6) - 1.0 * under_chin
    x = wide * np.sin(angle)
    z = np.where(np.cos(angle) > 0, front, 9.0 - 1.5 * down) * np.cos(angle) + 0.3 + fold
    points = np.stack([x, np.broadcast_to(y, x.shape), z], axis=-1).reshape(-1, 3)
    colour = np.array(look.cover if scarf else look.hair, np.float32)
    streaks = np.exp(rng.normal(0, 0.05 if scarf else 0.25, columns))[None, :, None]
    shades = np.broadcast_to(colour * streaks, (rows, columns, 3)).reshape(-1, 3)
    return points.astype(np.float32), _grid(rows, columns), np.ascontiguousarray(shades, np.float32)


def _grid(rows: int, columns: int) -> I32:
    """Triangles of a sheet, counted on from the head's vertices."""
    index = np.arange(rows * columns).reshape(rows, columns) + facekit.VERTICES
    a, b, c, d = index[:-1, :-1], index[:-1, 1:], index[1:, :-1], index[1:, 1:]
    return np.stack([np.stack([a, c, b], -1), np.stack([b, c, d], -1)]).reshape(-1, 3).astype(np.int32)
