"""Distances between landmarks in the face's own frame, which tell of single Action Units.

Every measure is linear in the landmarks, so all of them are one matrix product. A measure is the mean
of some landmarks along one axis less the mean of others nearby: what is near moves alike when the frame is
a little off, and cancels. Units are those of `geometry` (about 9 cm).
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from analysis.engine.geometry import canonical
from analysis.engine.types import F32

NOSE_BASE = (2,)


class Axis(StrEnum):
    OUT = "out"
    """Away from the midline towards the side that is measured."""
    UP = "up"
    FRONT = "front"


@dataclass(frozen=True, slots=True)
class Measure:
    """Mean of `right` (the person's) less the mean of `right_from`, and the same on the left.

    A measure without sides has its landmarks in `left` and `left_from`, and nothing on the right.
    """

    key: str
    axis: Axis
    left: tuple[int, ...]
    left_from: tuple[int, ...] = ()
    right: tuple[int, ...] = ()
    right_from: tuple[int, ...] = ()

    @property
    def sided(self) -> bool:
        return bool(self.right)


_UP, _OUT, _FRONT = Axis.UP, Axis.OUT, Axis.FRONT
_R_LID_TOP, _L_LID_TOP = (159, 158, 160), (386, 385, 387)
_R_LID_LOW, _L_LID_LOW = (145, 144, 153), (374, 373, 380)

MEASURES: tuple[Measure, ...] = (
    Measure("brow_inner", _UP, (336, 285), (362,), (107, 55), (133,)),
    Measure("brow_outer", _UP, (300, 293, 334), (), (70, 63, 105), ()),
    Measure("brow_side", _OUT, (336, 285), (9, 8), (107, 55), (9, 8)),
    Measure("brow_tilt", _UP, (285,), (282,), (55,), (52,)),
    Measure("lid_over_iris", _UP, _L_LID_TOP, (473,), _R_LID_TOP, (468,)),
    Measure("lid_upper", _UP, _L_LID_TOP, (263, 362), _R_LID_TOP, (33, 133)),
    Measure("lid_lower", _UP, _L_LID_LOW, (263, 362), _R_LID_LOW, (33, 133)),
    Measure("eye_opening", _UP, _L_LID_TOP, _L_LID_LOW, _R_LID_TOP, _R_LID_LOW),
    Measure("cheek", _UP, (280, 330, 347, 346), (), (50, 101, 118, 117), ()),
    Measure("nose_wing", _UP, (420, 360, 358), (285,), (198, 131, 129), (55,)),
    Measure("upper_lip_side", _UP, (269, 270), NOSE_BASE, (39, 40), NOSE_BASE),
    Measure("corner_height", _UP, (291,), NOSE_BASE, (61,), NOSE_BASE),
    Measure("corner_width", _OUT, (291,), NOSE_BASE, (61,), NOSE_BASE),
    Measure("corner_depth", _FRONT, (291,), (0, 17), (61,), (0, 17)),
    Measure("corner_over_lips", _UP, (291,), (308, 311, 402), (61,), (78, 81, 178)),
    Measure("lips_over_corners", _UP, (0, 17), (61, 291)),
    Measure("lower_lip", _UP, (17, 84, 314), NOSE_BASE),
    Measure("lip_gap", _UP, (13, 82, 312), (14, 87, 317)),
    Measure("upper_lip_red", _UP, (0, 37, 267), (13, 82, 312)),
    Measure("lower_lip_red", _UP, (14, 87, 317), (17, 84, 314)),
    Measure("lips_front", _FRONT, (0, 17, 13, 14), NOSE_BASE),
    Measure("chin_boss", _UP, (199, 200), NOSE_BASE),
    Measure("jaw", _UP, (152, 148, 377), NOSE_BASE),
    Measure("jaw_side", _OUT, (152, 148, 377), (2, 164), (152, 148, 377), (2, 164)),
)
MEASURE_INDEX: dict[str, int] = {measure.key: i for i, measure in enumerate(MEASURES)}
MEASURE_COUNT = len(MEASURES)


def _landmarks_used() -> list[int]:
    return sorted(
        {i for m in MEASURES for part in (m.left, m.left_from, m.right, m.right_from) for i in part}
    )


LANDMARKS_USED = _landmarks_used()
_COLUMN = {landmark: i for i, landmark in enumerate(LANDMARKS_USED)}
_AXIS_OF = {Axis.OUT: 0, Axis.UP: 1, Axis.FRONT: 2}


def _weights(axis: Axis, plus: tuple[int, ...], minus: tuple[int, ...], sign: float) -> F32:
    weights = np.zeros((len(LANDMARKS_USED), 3), dtype=np.float32)
    for part, share in ((plus, sign), (minus, -sign)):
        for landmark in part:
            weights[_COLUMN[landmark], _AXIS_OF[axis]] += share / len(part)
    return weights.ravel()


def _matrix() -> F32:
    """(landmarks used x 3, 2 x measures): left columns, then right; one without sides stands in both."""
    left = [_weights(m.axis, m.left, m.left_from, 1.0) for m in MEASURES]
    right = [
        _weights(m.axis, m.right, m.right_from, -1.0 if m.axis is Axis.OUT else 1.0) if m.sided else own
        for m, own in zip(MEASURES, left, strict=True)
    ]
    return np.stack(left + right, axis=1)


_MATRIX = _matrix()


def read(points: F32) -> F32:
    """Measures of n faces (n, 478, 3) in pixels: (n, 2, measures), side 0 the person's left, 1 the right."""
    return from_shape(canonical(points, LANDMARKS_USED))


def from_shape(used: F32) -> F32:
    """Measures (n, 2, measures) of landmarks in the face's own frame, (n, len(LANDMARKS_USED), 3)."""
    return (used.reshape(len(used), len(LANDMARKS_USED) * 3) @ _MATRIX).reshape(-1, 2, MEASURE_COUNT)
