"""Where on the atlas's map each Action Unit moves the face most."""

import numpy as np

from analysis.engine.action_units import ACTION_UNITS, ActionUnit
from analysis.engine.types import F32, I32
from analysis.training import facekit
from analysis.training.compositions import BY_AU
from analysis.training.portraits import Sitter, Stand
from analysis.training.renderer.scene import Camera

_TONGUES = (19, 37)
_LEADING: dict[int, tuple[str, ...]] = {
    1: ("browInnerUp",),
    4: ("browKnit",),
    8: ("lipsTowards",),
    9: ("noseSneer",),
    13: ("cornerSharp",),
    14: ("cornerDent",),
    17: ("chinBoss",),
    19: ("tongueOut", "tongueDown"),
    21: ("neckCords",),
    22: ("mouthFunnel",),
    23: ("lipsTight",),
    24: ("lipsPressed",),
    28: ("mouthRollUpper", "mouthRollLower"),
    32: ("lowerLipBitten",),
    33: ("cheekPuff",),
    35: ("cheekHollow",),
    37: ("tongueOut", "tongueUp"),
    46: ("eyeBlink",),
}
"""The shapes to look at, where others of the composition only go along or make room."""
_WITHIN: dict[int, tuple[float, float, float]] = {
    9: (0.0, 2.0, 0.3),
    33: (2.9, 9.0, -9.0),
    34: (2.9, 9.0, -9.0),
}
"""cm: between the first two from the middle and above the third is what is looked at: the side of the nose,
the cheek without the lips."""
_SHARPNESS = 4
"""Power of the movement by which skin is weighed: high enough that what is dragged along hardly counts."""
_STILL = 0.35
"""Share of the largest movement: where the middle moves less, what moves is on both sides of it."""
_MIDDLE = 0.4
"""cm on either side."""

Point = tuple[int, int]
"""x and y in pixels of the map."""


def points(sitter: Sitter, stand: Stand, size: tuple[int, int]) -> dict[int, Point]:
    """Of all AUs, on a map of `size` (width, height) taken from `stand`; with sides, the person's left."""
    areas = _areas(sitter.shape, sitter.parts.rig.kit.triangles)
    return {unit.number: projected(_centre(sitter, unit, areas), stand.camera, size) for unit in ACTION_UNITS}


def projected(place: F32, camera: Camera, size: tuple[int, int]) -> Point:
    """Where a place (3,) in cm is in a picture of `size` (width, height)."""
    width, height = size
    focal = camera.focal * height
    x = width / 2 + focal * (place[0] / (camera.distance - place[2]) - camera.aim[0] / camera.distance)
    y = height / 2 - focal * (place[1] / (camera.distance - place[2]) - camera.aim[1] / camera.distance)
    return round(float(x)), round(float(y))


def _centre(sitter: Sitter, unit: ActionUnit, areas: F32) -> F32:
    """(3,) cm: the mean of the skin that moves, weighed by how far; of a tongue where it comes to."""
    part = facekit.TONGUE if unit.number in _TONGUES else facekit.SKIN
    movement = _movement(sitter, unit)[part]
    places, moved = sitter.shape[part], np.linalg.norm(movement, axis=1)
    if unit.number in _TONGUES:
        places = places + movement
    weight = moved**_SHARPNESS * areas[part]
    if unit.number in _WITHIN:
        inner, outer, low = _WITHIN[unit.number]
        weight = weight * ((places[:, 0] > inner) & (places[:, 0] < outer) & (places[:, 1] > low))
    elif _apart(places, moved):
        weight = weight * (places[:, 0] > 0)
    return np.asarray((places * weight[:, None]).sum(axis=0) / weight.sum(), np.float32)


def _movement(sitter: Sitter, unit: ActionUnit) -> F32:
    """(26719, 3) cm at E by the shapes that are looked at, of the left side alone where there are sides."""
    shapes = sitter.parts.rig.shapes
    total = np.zeros_like(sitter.shape)
    for part in BY_AU[unit.number].parts:
        if part.shape in _looked_at(unit):
            for name in _names(part.shape, unit.sided):
                if name in shapes:
                    total += part.weight * shapes[name]
    return total


def _looked_at(unit: ActionUnit) -> tuple[str, ...]:
    return _LEADING.get(unit.number) or tuple(part.shape for part in BY_AU[unit.number].parts)


def _names(shape: str, sided: bool) -> tuple[str, ...]:
    """What the head model may call a shape, or its halves."""
    if shape == "jawSide":
        return ("jawLeft",)
    return (shape, f"{shape}_L") if sided else (shape, f"{shape}_L", f"{shape}_R")


def _apart(places: F32, moved: F32) -> bool:
    """Whether the movement is on both sides and leaves the middle between them alone."""
    return bool(moved[np.abs(places[:, 0]) < _MIDDLE].max() < _STILL * moved.max())


def _areas(places: F32, triangles: I32) -> F32:
    """(n,) cm2 of skin round each vertex as seen from in front; what faces away has none."""
    a, b, c = (places[triangles[:, corner], :2] for corner in range(3))
    first, second = b - a, c - a
    seen = np.clip(first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0], 0, None) / 2
    areas = np.zeros(len(places), np.float64)
    for corner in range(3):
        np.add.at(areas, triangles[:, corner], seen / 3)
    return np.asarray(areas, np.float32)
