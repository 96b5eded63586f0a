"""Displacements for what the head model has no shape for, sculpted on its mean head.

Each is a sum of bumps: soft ellipsoids about a point of the mean head (centimetres, the person's left side,
x to the left, y up, z to the front) inside which the vertices of one region are moved by a vector. A bump
with `mirrored` has its like on the right. All sculpts are cut into a left and a right half by a ramp
over the middle 1.6 cm, so that sided Action Units may use them. Where each muscle pulls follows the
anatomy that Tian, Kanade & Cohn (2001) tabulate; amounts are the product's own, set by looking.
"""

from dataclasses import dataclass

import numpy as np

from analysis.engine.types import F32
from analysis.training import facekit
from analysis.training.facekit import FaceKit

Point = tuple[float, float, float]
HALF_RAMP = 0.8
"""cm from the middle at which a half has all of its side."""


@dataclass(frozen=True, slots=True)
class Bump:
    centre: Point
    radius: Point
    move: Point
    """cm at the centre."""
    region: str = "skin"
    mirrored: bool = True


def _b(centre: Point, radius: Point, move: Point, region: str = "skin", mirrored: bool = True) -> Bump:
    return Bump(centre, radius, move, region, mirrored)


_BANDS: tuple[Bump, ...] = tuple(
    _b((x, y, z), (0.40, 2.2, 2.5), (0.0, -0.25, 0.55))
    for x, y, z in ((1.6, -11.5, 5.4), (1.9, -14.0, 4.6), (3.6, -11.0, 4.6), (4.3, -13.5, 3.6))
)

SCULPTS: dict[str, tuple[Bump, ...]] = {
    # AU4: corrugator draws the brows together and bunches the skin between them.
    "browKnit": (
        _b((1.6, 4.9, 10.1), (1.5, 0.9, 2.0), (-0.30, -0.10, 0.05)),
        _b((0.75, 5.0, 10.6), (0.42, 0.7, 2.0), (0.0, 0.0, 0.13)),
    ),
    # AU1: frontalis pulls the inner ends alone; steepens them.
    "browOblique": (_b((1.7, 5.0, 10.1), (1.3, 1.1, 2.0), (-0.04, 0.30, 0.02)),),
    # AU11: zygomaticus minor lifts the middle of the fold and the skin above the wings of the nose outward.
    "nasolabialDeepen": (
        _b((3.0, -1.2, 9.8), (1.1, 1.2, 1.6), (0.20, 0.50, 0.34)),
        _b((2.05, -1.9, 10.3), (0.55, 0.8, 1.5), (0.12, 0.20, -0.30)),
        _b((1.3, -2.8, 11.3), (0.8, 0.6, 1.2), (0.10, 0.24, 0.0), "upper"),
    ),
    # AU13: levator anguli oris pulls the corners straight up, tight and narrow; cheeks puff under the eyes.
    "cornerSharp": (
        _b((2.5, -3.5, 10.2), (1.05, 1.0, 1.6), (-0.06, 0.62, -0.02)),
        _b((3.6, -0.6, 9.6), (1.5, 1.2, 1.9), (0.05, 0.30, 0.55)),
        _b((3.1, -2.6, 9.9), (0.5, 0.6, 1.4), (0.0, 0.05, -0.16)),
    ),
    # AU14: buccinator draws the corner inward against the teeth: a dent beside it, a swelling round that.
    "cornerDent": (
        _b((2.55, -3.5, 10.1), (0.6, 0.7, 1.4), (0.10, 0.05, -0.30)),
        _b((3.35, -3.5, 9.6), (0.50, 0.95, 1.4), (-0.12, 0.0, 0.24)),
    ),
    # AU17: mentalis lifts the chin's skin: a flattened, bunched boss.
    "chinBoss": (
        _b((0.55, -6.3, 10.9), (1.1, 0.9, 1.6), (0.0, 0.22, 0.22)),
        _b((0.0, -5.15, 10.9), (1.3, 0.35, 1.5), (0.0, 0.05, -0.20), mirrored=False),
    ),
    # AU21: platysma raises cords down the neck and draws its skin and the jaw's edge down.
    "neckCords": (
        *_BANDS,
        _b((2.75, -12.4, 4.8), (0.55, 2.4, 2.5), (0.0, -0.15, -0.22)),
        _b((4.5, -7.2, 6.5), (1.8, 1.0, 2.2), (0.10, -0.30, 0.0)),
    ),
    # AU23: the red of the lips narrows to a tight, slightly raised line.
    "lipsTight": (
        _b((0.9, -2.85, 11.7), (1.6, 0.42, 1.5), (-0.04, -0.24, -0.05), "upper"),
        _b((0.9, -4.25, 11.4), (1.6, 0.48, 1.5), (-0.04, 0.34, -0.02), "lower"),
        _b((2.2, -3.5, 10.3), (0.7, 0.6, 1.3), (-0.30, 0.0, 0.05)),
    ),
    # AU24: lips pressed flat; skin above and below bulges.
    "lipsPressed": (
        _b((0.9, -3.0, 11.6), (1.8, 0.5, 1.5), (-0.03, -0.16, -0.30), "upper"),
        _b((0.9, -4.0, 11.4), (1.8, 0.5, 1.5), (-0.03, 0.24, -0.30), "lower"),
        _b((1.0, -4.95, 11.0), (1.5, 0.40, 1.5), (0.0, 0.0, 0.22)),
        _b((1.0, -2.2, 11.6), (1.4, 0.40, 1.5), (0.0, 0.0, 0.14)),
    ),
    # AU8: the upper lip is drawn down over the teeth, the lower up, both flat.
    "lipsTowards": (
        _b((0.9, -2.9, 11.7), (1.7, 0.8, 1.5), (0.0, -0.34, -0.12), "upper"),
        _b((0.9, -4.1, 11.4), (1.7, 0.7, 1.5), (0.0, 0.30, -0.08), "lower"),
    ),
    # AU25: the lips leave each other with no other change.
    "lipsApart": (
        _b((0.6, -3.1, 11.6), (1.3, 0.60, 1.5), (0.0, 0.13, 0.0), "upper"),
        _b((0.6, -3.9, 11.4), (1.4, 0.80, 1.5), (0.0, -0.34, -0.02), "lower"),
    ),
    # AU31: masseter swells at the angle of the jaw.
    "masseter": (_b((6.5, -4.3, 4.2), (1.5, 2.0, 2.4), (0.60, 0.0, 0.22)),),
    # AU32: the lower lip is drawn up and back under the upper teeth.
    "lowerLipBitten": (
        _b((0.6, -3.9, 11.4), (1.6, 0.65, 1.5), (0.0, 0.28, -0.50), "lower"),
        _b((0.0, -4.9, 11.0), (1.6, 0.6, 1.5), (0.0, 0.20, -0.05), "lower", mirrored=False),
    ),
    # AU35: cheeks are sucked in between the teeth.
    "cheekHollow": (_b((4.5, -3.3, 8.4), (1.5, 1.9, 2.2), (-0.55, 0.0, -0.75)),),
    # AU36: the tongue pushes the cheek out from inside.
    "tongueInCheek": (_b((3.9, -3.9, 9.0), (1.25, 1.35, 1.9), (0.75, 0.0, 0.75)),),
    # AU38 and AU39: the wings of the nose.
    "nostrilWide": (
        _b((1.75, -0.75, 10.7), (0.60, 0.65, 1.1), (0.26, 0.05, 0.04)),
        _b((0.95, -1.35, 11.3), (0.5, 0.35, 0.9), (0.14, 0.08, 0.0)),
    ),
    "nostrilNarrow": (
        _b((1.65, -0.75, 10.8), (0.60, 0.75, 1.1), (-0.32, -0.06, 0.05)),
        _b((0.0, -0.9, 12.3), (0.9, 0.7, 1.2), (0.0, -0.18, 0.0), mirrored=False),
    ),
    # AU19: the tongue comes forward over the lower teeth, its tip bent down.
    "tongueOut": (_b((0.0, -3.9, 9.4), (9.0, 9.0, 2.6), (0.0, 0.55, 3.4), "tongue", mirrored=False),),
    "tongueDown": (_b((0.0, -4.0, 9.6), (9.0, 9.0, 1.5), (0.0, -1.0, 0.0), "tongue", mirrored=False),),
    # AU37: the tongue's tip at the upper lip.
    "tongueUp": (_b((0.0, -4.0, 9.6), (9.0, 9.0, 1.4), (0.0, 1.2, 0.1), "tongue", mirrored=False),),
    "tongueAside": (_b((0.0, -4.0, 9.6), (9.0, 9.0, 1.8), (1.1, 0.0, 0.0), "tongue", mirrored=False),),
}


def build(kit: FaceKit) -> dict[str, F32]:
    """Every sculpt's two halves, `NAME_L` and `NAME_R`: (26719, 3) cm at weight 1."""
    regions = _regions(kit)
    left = np.clip(0.5 + kit.neutral[:, :1] / (2 * HALF_RAMP), 0, 1)
    left = (left * left * (3 - 2 * left)).astype(np.float32)
    shapes: dict[str, F32] = {}
    for name, bumps in SCULPTS.items():
        whole = sum((_displace(kit, bump, regions) for bump in bumps), np.zeros_like(kit.neutral))
        shapes[f"{name}_L"], shapes[f"{name}_R"] = whole * left, whole * (1 - left)
    return shapes


def _regions(kit: FaceKit) -> dict[str, F32]:
    """Weights (26719, 1): the lower lip is what follows the jaw, the upper what does not."""
    skin = np.zeros((facekit.VERTICES, 1), np.float32)
    skin[facekit.SKIN] = 1
    skin[facekit.MOUTH_SOCKET] = 1
    tongue = np.zeros_like(skin)
    tongue[facekit.TONGUE] = 1
    follows = np.clip((-kit.expressions["jawOpen"][:, 1:2] - 0.9) / 1.2, 0, 1)
    return {"skin": skin, "tongue": tongue, "lower": skin * follows, "upper": skin * (1 - follows)}


def _displace(kit: FaceKit, bump: Bump, regions: dict[str, F32]) -> F32:
    sides: tuple[int, ...] = (1, -1) if bump.mirrored else (1,)
    result = np.zeros_like(kit.neutral)
    for side in sides:
        flip = np.array([side, 1, 1], np.float32)
        away = (kit.neutral - np.array(bump.centre, np.float32) * flip) / np.array(bump.radius, np.float32)
        weight = np.exp(-(away**2).sum(axis=1, keepdims=True)) * regions[bump.region]
        result += weight * np.array(bump.move, np.float32) * flip
    return result
