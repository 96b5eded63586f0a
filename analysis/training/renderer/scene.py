"""The ctypes side of raster.c, and the camera and lights it takes."""

import ctypes
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MAX_LIGHTS = 4
_f, _i = ctypes.c_float, ctypes.c_int32
Colour = tuple[float, float, float]
"""Linear light, red, green, blue."""


@dataclass(frozen=True, slots=True)
class Camera:
    """Looks along -z at a point of the head, from in front."""

    distance: float = 70.0
    """cm from the head's origin (between the ears)."""
    focal: float = 2.0
    """Focal length in heights of the picture."""
    aim: tuple[float, float] = (0.0, -1.0)
    """cm, the point in the plane of the head's origin that is in the middle of the picture."""


@dataclass(frozen=True, slots=True)
class Light:
    """A far light."""

    azimuth: float
    """Degrees, positive from the person's left."""
    elevation: float
    """Degrees, positive from above."""
    colour: Colour
    shadow: float = 1.0
    """0 throws no shadow, 1 a full one."""

    @property
    def direction(self) -> tuple[float, float, float]:
        """Unit vector towards the light."""
        a, e = math.radians(self.azimuth), math.radians(self.elevation)
        return math.cos(e) * math.sin(a), math.sin(e), math.cos(e) * math.cos(a)


@dataclass(frozen=True, slots=True)
class Lighting:
    lights: tuple[Light, ...] = (
        Light(35, 35, (1.45, 1.40, 1.32), 0.85),
        Light(-45, 10, (0.45, 0.48, 0.55), 0.5),
        Light(160, 30, (0.5, 0.5, 0.5), 0.0),
    )
    """At most four."""
    sky: Colour = (0.50, 0.52, 0.56)
    ground: Colour = (0.28, 0.26, 0.24)
    exposure: float = 0.8
    softness: float = 0.6
    """cm of depth over which a shadow sets in."""


class CScene(ctypes.Structure):
    """`Scene` of raster.c."""

    _fields_ = [
        *((name, _i) for name in ("vertices", "triangles", "width", "height", "samples")),
        *((name, _i) for name in ("texture_width", "texture_height", "lights")),
        *((name, _f) for name in ("focal", "centre_x", "centre_y", "distance", "texel")),
        ("sky", _f * 3),
        ("ground", _f * 3),
        *((name, _f) for name in ("exposure", "shadow_softness")),
        ("iris_inner", _f * 3),
        ("iris_outer", _f * 3),
        ("sclera", _f * 3),
        *((name, _f) for name in ("pupil", "iris", "limbus")),
        ("eye_centre", _f * 3 * 2),
        ("eye_axis", _f * 3 * 2),
        ("scatter", _f * 3),
        ("cloth", _f * 3),
        ("up", _f * 3),
    ]


class CLight(ctypes.Structure):
    """`Light` of raster.c."""

    _fields_ = [("direction", _f * 3), ("colour", _f * 3), ("shadow", _f)]


class CInputs(ctypes.Structure):
    """`Inputs` of raster.c."""

    _fields_ = [
        (name, ctypes.c_void_p)
        for name in (
            "position",
            "uv",
            "colour",
            "triangle",
            "material",
            "albedo",
            "height",
            "gloss",
            "background",
        )
    ]


def c_lights(lighting: Lighting) -> ctypes.Array[CLight]:
    """The lights as C takes them."""
    lights = lighting.lights[:MAX_LIGHTS]
    result = (CLight * MAX_LIGHTS)()
    for at, light in enumerate(lights):
        result[at] = CLight((_f * 3)(*light.direction), (_f * 3)(*light.colour), light.shadow)
    return result


def address(array: NDArray[np.generic]) -> int:
    """Of a contiguous array's first element."""
    return int(array.ctypes.data)
