"""Where on the atlas's map each Action Unit moves the face most."""

import numpy as np

from analysis.engine.action_units import ACTION_UNITS, ActionUnit
from analysis.engine.types import F32
from analysis.training import facekit
from analysis.training.generator.sequences import Side
from analysis.training.portraits import Sitter, Stand, shown
from analysis.training.renderer.scene import Camera

_E = 5.0
_TONGUES = (19, 37)
"""Units of the tongue: skin is moved by their jaw alone."""
_STILL = 0.35
"""Share of the largest movement: where the middle moves less, what moves is on both sides of it."""
_MIDDLE = 0.4
"""cm on either side."""

Point = tuple[int, int]
"""x and y in pixels of the map."""


def points(sitter: Sitter, stand: Stand, size: tuple[int, int]) -> dict[int, Point]:
    """Of all AUs, on a map of `size` (width, height) taken from `stand`; what has sides on the person's left."""
    at_rest = sitter.pose({}, stand).vertices
    found = {}
    for unit in ACTION_UNITS:
        posed = sitter.pose(_alone(unit), stand).vertices
        found[unit.number] = projected(_centre(unit, at_rest, posed), stand.camera, size)
    return found


def projected(place: F32, camera: Camera, size: tuple[int, int]) -> Point:
    """Where a place (3,) in cm is in a picture of `size` (width, height)."""
    width, height = size
    focal = camera.focal * height
    x = width / 2 + focal * (place[0] / (camera.distance - place[2]) - camera.aim[0] / camera.distance)
    y = height / 2 - focal * (place[1] / (camera.distance - place[2]) - camera.aim[1] / camera.distance)
    return round(float(x)), round(float(y))


def _alone(unit: ActionUnit) -> dict[int, float | tuple[float, float]]:
    """The unit without companions, so that nothing else moves; the tongue needs them to come out."""
    whole = shown(unit.number, _E, Side.LEFT if unit.sided else Side.BOTH)
    return whole if unit.number in _TONGUES else {unit.number: whole[unit.number]}


def _centre(unit: ActionUnit, at_rest: F32, posed: F32) -> F32:
    """(3,) cm, on the face at rest: the mean of what moves, weighed by how far; a tongue where it comes to."""
    part = facekit.TONGUE if unit.number in _TONGUES else facekit.SKIN
    still, moved = at_rest[part], np.linalg.norm(posed[part] - at_rest[part], axis=1)
    weight = np.square(moved)
    if unit.number in _TONGUES:
        still = posed[part]
    elif unit.sided or _apart(still, moved):
        weight = weight * (still[:, 0] > 0)
    return np.asarray((still * weight[:, None]).sum(axis=0) / weight.sum(), np.float32)


def _apart(places: F32, moved: F32) -> bool:
    """Whether the movement is on both sides and leaves the middle between them alone."""
    return bool(moved[np.abs(places[:, 0]) < _MIDDLE].max() < _STILL * moved.max())
