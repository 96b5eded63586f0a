"""How one Action Unit is shown on a rendered person: from where, in what light, with what beside it."""

from dataclasses import dataclass
from enum import StrEnum

import cv2
import numpy as np

from analysis.engine.types import F32, U8
from analysis.training import facekit
from analysis.training.compositions import BY_AU, ONE_SIDED
from analysis.training.generator.sequences import Parts, Side
from analysis.training.renderer.look import Look
from analysis.training.renderer.scene import Camera, Light, Lighting
from analysis.training.rig import HeadPose, Intensities, Posed

COMPANION_INTENSITY = 3.0
"""At most; what goes along with a unit is never shown stronger than the unit."""
LOOK = Look(
    seed=5,
    tone=4.3,
    redness=0.55,
    blotches=0.3,
    pores=0.45,
    oil=0.28,
    age=0.32,
    creasing=0.85,
    lip_colour=0.55,
    brow_density=0.85,
    brow_width=1.0,
    lashes=0.0,
    hair=(0.02, 0.012, 0.008),
    style="cropped",
    sclera=(0.62, 0.58, 0.55),
    teeth=(1.2, 1.06, 0.86),
    cloth=(0.035, 0.065, 0.11),
)
LIGHTING = Lighting(
    lights=(
        Light(-30, 42, (1.60, 1.53, 1.44), 0.75),
        Light(55, 12, (0.56, 0.57, 0.60), 0.35),
        Light(-150, 35, (0.60, 0.60, 0.60), 0.0),
        Light(150, 35, (0.80, 0.80, 0.80), 0.0),
    ),
    sky=(0.42, 0.43, 0.45),
    ground=(0.30, 0.28, 0.27),
    exposure=0.84,
)
"""High and from one side, so that folds throw shadows."""
_FINER = 2
"""Pictures are rendered this much larger and averaged: lashes and edges gain by it."""


_BEHIND = (0.50, 0.57, 0.64)
"""Linear light of the studio's wall: a light blue grey."""
_FALL = 0.14
"""Share of its light that the wall loses from its middle to an edge."""


class View(StrEnum):
    FRONT = "front"
    NECK = "neck"
    PROFILE = "profile"


@dataclass(frozen=True, slots=True)
class Stand:
    """Where the camera is and how the head is turned."""

    camera: Camera
    head: HeadPose


STANDS: dict[View, Stand] = {
    View.FRONT: Stand(Camera(distance=95.0, focal=4.4, aim=(0.013, -0.6)), HeadPose()),
    View.NECK: Stand(Camera(distance=95.0, focal=4.2, aim=(0.013, -6.2)), HeadPose()),
    View.PROFILE: Stand(Camera(distance=95.0, focal=5.0, aim=(-5.4, -2.2)), HeadPose(yaw=-60)),
}
_VIEWS = {21: View.NECK, 29: View.PROFILE}
"""Of the units that hardly show from in front."""


def view_of(au: int) -> View:
    return _VIEWS.get(au, View.FRONT)


def shown(au: int, intensity: float, side: Side = Side.BOTH) -> dict[int, float | tuple[float, float]]:
    """One AU with the companions that FACS scores with it; what shows on one side by itself on the left."""
    if side is Side.BOTH and au in ONE_SIDED:
        side = Side.LEFT
    beside = min(intensity, COMPANION_INTENSITY)
    return {other: _sides(beside, side) for other in BY_AU[au].companions} | {au: _sides(intensity, side)}


def _sides(intensity: float, side: Side) -> float | tuple[float, float]:
    if side is Side.BOTH:
        return intensity
    return (intensity, 0.0) if side is Side.LEFT else (0.0, intensity)


def background(size: int) -> F32:
    """(size, size, 3) linear light, brightest behind the head."""
    x, y = np.meshgrid(np.linspace(-1, 1, size), np.linspace(-1, 1, size))
    share = 1.04 - _FALL * (x * x + (y + 0.2) ** 2)
    return np.asarray(np.array(_BEHIND) * share[..., None], np.float32)


class Sitter:
    """One person in one look, ready to be shown."""

    def __init__(self, parts: Parts, look: Look = LOOK) -> None:
        self.parts = parts
        self.shape: F32 = parts.rig.person(np.zeros(facekit.IDENTITIES))
        self._dressed = parts.renderer.dress(look)

    def pose(self, units: Intensities | F32, stand: Stand, wipe: float = 0.0) -> Posed:
        """`wipe` as of `Rig.pose`."""
        return self.parts.rig.pose(self.shape, units, stand.head, wipe=wipe)

    def seen(self, units: Intensities | F32, view: View, size: int, wipe: float = 0.0) -> U8:
        """(size, size, 3) sRGB in the studio."""
        stand = STANDS[view]
        return self.picture(self.pose(units, stand, wipe), stand.camera, background(size))

    def picture(self, posed: Posed, camera: Camera, background: F32) -> U8:
        """A picture (h, w, 3) sRGB of the size of `background` (h, w, 3), linear light."""
        height, width = background.shape[:2]
        finer = (width * _FINER, height * _FINER)
        large = np.asarray(cv2.resize(background, finer, interpolation=cv2.INTER_LINEAR), np.float32)
        picture = self.parts.renderer.render(posed, self._dressed, camera, LIGHTING, large)
        return np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
