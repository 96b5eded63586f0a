"""A head of a given identity, posed: 44 Action Units left and right, head, gaze.

Centimetres in the head's frame: x to the person's left, y up, z to the front, origin between the ears.
Angles are degrees with the signs of `analysis.engine.types.Rows`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.engine.action_units import ACTION_UNITS, AU_COUNT, AU_INDEX
from analysis.engine.types import F32
from analysis.training import facekit, sculpts
from analysis.training.compositions import COMPOSITIONS, shape_weight
from analysis.training.facekit import FaceKit

Intensities = Mapping[int, float | tuple[float, float]]
"""AU number to intensity 0-5 of both sides, or (left, right)."""

_NECK_PIVOT = np.array([0.0, -4.0, -1.0], np.float32)
"""Where the skull turns on the neck."""
_NECK_FIXED, _NECK_FREE = -16.0, -9.5
"""cm: skin below the first stays with the shoulders, skin above the second turns with the head."""
_LID_FOLLOWS = {"up": 1 / 30, "down": 1 / 35, "in": 1 / 30, "out": 1 / 30}
"""Weight of the model's lid shapes per degree of gaze."""
_GAZE_LIMIT = 40.0
_MAX_CLOSED = 1.0
_SQUINT_IN_CLOSED = 0.7
"""Share of the squint that a closed eye takes back: the lids already meet."""
LIP_PARTERS = {25: 1.25, 27: 5.0, 19: 5.0, 37: 5.0, 32: 5.0, 10: 0.8, 16: 0.8, 22: 0.8, 8: 3.0}
"""AUs that let a dropped jaw open the lips, and how soon."""
_JAW_PARTS = 0.06
"""Jaw weight below which the lips still touch by themselves."""


@dataclass(frozen=True, slots=True)
class HeadPose:
    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0


@dataclass(frozen=True, slots=True)
class Gaze:
    """Of both eyes, against the head."""

    yaw: float = 0.0
    pitch: float = 0.0


@dataclass(frozen=True, slots=True)
class Posed:
    vertices: F32
    """(26719, 3) cm."""
    eye_centres: F32
    """(2, 3) left, right."""
    eye_axes: F32
    """(2, 3) unit vectors of the pupils."""
    rotation: F32
    """(3, 3) of the head; its second column is the head's upward direction."""
    intensities: F32
    """(44, 2) the Action Units posed, left and right."""


class Rig:
    """The head model with the sculpted shapes; made once, used for any number of faces."""

    def __init__(self, kit: FaceKit | None = None) -> None:
        self.kit = kit or facekit.load()
        self.shapes: dict[str, F32] = self.kit.expressions | sculpts.build(self.kit)
        self._turned = turning(self.kit.neutral)

    def person(self, identity: NDArray[np.floating]) -> F32:
        """The neutral face (26719, 3) of `identity` (100,), in standard deviations."""
        shift = np.tensordot(identity.astype(np.float32), self.kit.identities, axes=1)
        return np.asarray(self.kit.neutral + shift, np.float32)

    def pose(
        self,
        person: F32,
        action_units: Intensities | F32,
        head: HeadPose | None = None,
        gaze: Gaze | None = None,
        wipe: float = 0.0,
        extra: Mapping[str, float] | None = None,
    ) -> Posed:
        """Pose a face made by `person`; `action_units` as a mapping or as (44, 2) left and right, 0-5.

        `wipe` is where AU37's tongue is, -1 (right corner) to 1; `extra` adds weights of named shapes that
        are no Action Unit's, for the movements of speech.
        """
        head, gaze = head or HeadPose(), gaze or Gaze()
        intensities = as_array(action_units)
        vertices = person.copy()
        weights = self.weights(intensities, gaze)
        aside = wipe * shape_weight(float(intensities[AU_INDEX[37]].max()))
        for name, weight in (("tongueAside_L", aside), ("tongueAside_R", aside), *(extra or {}).items()):
            weights[name] = weights.get(name, 0.0) + weight
        for name, weight in weights.items():
            vertices += weight * self.shapes[name]
        centres, axes = self._turn_eyes(person, vertices, gaze)
        rotation = rotation_matrix(head.yaw, head.pitch, head.roll)
        vertices = turn_head(vertices, self._turned, rotation)
        return Posed(
            vertices=np.ascontiguousarray(vertices, np.float32),
            eye_centres=np.asarray((centres - _NECK_PIVOT) @ rotation.T + _NECK_PIVOT, np.float32),
            eye_axes=np.asarray(axes @ rotation.T, np.float32),
            rotation=rotation,
            intensities=intensities,
        )

    def weights(self, intensities: F32, gaze: Gaze) -> dict[str, float]:
        """Shape weights of Action Units (44, 2) and gaze, with what shapes do to each other settled."""
        weights: dict[str, float] = {}
        for composition in COMPOSITIONS:
            left, right = (float(v) for v in intensities[AU_INDEX[composition.au]])
            if left <= 0 and right <= 0:
                continue
            for part in composition.parts:
                for name, intensity in self._targets(part.shape, left, right):
                    weights[name] = weights.get(name, 0.0) + part.weight * composition.weight(intensity)
        self._follow_gaze(weights, gaze)
        _settle_lids(weights)
        _settle_lips(weights, intensities)
        return {name: weight for name, weight in weights.items() if weight}

    def _targets(self, shape: str, left: float, right: float) -> tuple[tuple[str, float], ...]:
        if shape in self.shapes:
            return ((shape, max(left, right)),)
        if shape == "jawSide":
            return (("jawLeft", left), ("jawRight", right))
        return ((f"{shape}_L", left), (f"{shape}_R", right))

    def _follow_gaze(self, weights: dict[str, float], gaze: Gaze) -> None:
        up = np.clip(gaze.pitch, -_GAZE_LIMIT, _GAZE_LIMIT)
        left = np.clip(gaze.yaw, -_GAZE_LIMIT, _GAZE_LIMIT)
        for side, outward in (("L", left), ("R", -left)):
            for name, angle, rate in (
                (f"eyeLookUp_{side}", up, _LID_FOLLOWS["up"]),
                (f"eyeLookDown_{side}", -up, _LID_FOLLOWS["down"]),
                (f"eyeLookOut_{side}", outward, _LID_FOLLOWS["out"]),
                (f"eyeLookIn_{side}", -outward, _LID_FOLLOWS["in"]),
            ):
                if angle > 0:
                    weights[name] = weights.get(name, 0.0) + float(angle) * rate

    def _turn_eyes(self, person: F32, vertices: F32, gaze: Gaze) -> tuple[F32, F32]:
        rotation = rotation_matrix(gaze.yaw, gaze.pitch, 0.0)
        centres = []
        for side in ("L", "R"):
            white = person[facekit.EYE_WHITES[side]]
            centre = (white.min(axis=0) + white.max(axis=0)) / 2
            # The eyeball keeps its shape: lid shapes carry parts of it along in the model.
            vertices[facekit.EYES[side]] = (person[facekit.EYES[side]] - centre) @ rotation.T + centre
            centres.append(centre)
        axes = np.repeat(rotation[None, :, 2], 2, axis=0)
        return np.asarray(centres, np.float32), np.asarray(axes, np.float32)


def as_array(action_units: Intensities | F32) -> F32:
    """(44, 2) left and right of either form; an AU without sides counts as the larger of the two."""
    if isinstance(action_units, np.ndarray):
        result = action_units.astype(np.float32)
    else:
        result = np.zeros((AU_COUNT, 2), np.float32)
        for au, value in action_units.items():
            result[AU_INDEX[au]] = value
    for row, unit in enumerate(ACTION_UNITS):
        if not unit.sided:
            result[row] = result[row].max()
    return np.clip(result, 0, 5)


def turning(points: F32) -> F32:
    """(n, 1) how far points (n, 3) of the unturned head go with it, 0 on the shoulders to 1."""
    share = np.clip((points[:, 1:2] - _NECK_FIXED) / (_NECK_FREE - _NECK_FIXED), 0, 1)
    return np.asarray(share * share * (3 - 2 * share), np.float32)


def turn_head(points: F32, share: F32, rotation: F32) -> F32:
    """Points (n, 3) with the head turned by `rotation`, each going by its `share` (n, 1)."""
    turned = (points - _NECK_PIVOT) @ rotation.T + _NECK_PIVOT
    return np.asarray(points + share * (turned - points), np.float32)


def rotation_matrix(yaw: float, pitch: float, roll: float) -> F32:
    """(3, 3) of a head turned by roll, then pitch, then yaw, in degrees."""
    a, b, c = np.radians([yaw, -pitch, -roll])
    turn = np.array([[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]])
    nod = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    tilt = np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
    return np.asarray(turn @ nod @ tilt, np.float32)


def _settle_lids(weights: dict[str, float]) -> None:
    """A lid closes once: closings add up to closed, and what narrows the eye gives way to it."""
    for side in ("L", "R"):
        blink = f"eyeBlink_{side}"
        down = 0.35 * weights.get(f"eyeLookDown_{side}", 0.0)
        closed = max(0.0, min(_MAX_CLOSED - down, weights.get(blink, 0.0)))
        weights[blink] = closed
        for name, share in ((f"eyeSquint_{side}", _SQUINT_IN_CLOSED), (f"eyeWide_{side}", 1.0)):
            if name in weights:
                weights[name] *= 1 - share * closed


def _settle_lips(weights: dict[str, float], intensities: F32) -> None:
    """The jaw drops behind closed lips; they part by AU25 (or by what opens them by force)."""
    jaw = weights["jawOpen"] = min(1.0, weights.get("jawOpen", 0.0))
    if jaw <= 0:
        return
    forced = max(float(intensities[AU_INDEX[au]].max()) * share for au, share in LIP_PARTERS.items())
    parted = min(1.0, forced / 5)
    weights["mouthClose"] = weights.get("mouthClose", 0.0) + max(0.0, jaw - _JAW_PARTS) * (1 - parted)
