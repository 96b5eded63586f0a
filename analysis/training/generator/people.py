"""One rendered person's frames, as the product's own networks see them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.engine.boxes import box_of
from analysis.engine.crops import aligned_crop
from analysis.engine.geometry import canonical
from analysis.engine.landmarks import FaceLandmarker, Roi
from analysis.engine.pose import head_pose
from analysis.engine.types import F32, U8, FaceMesh
from analysis.training import facekit
from analysis.training.generator import expressions, occluders, scenes
from analysis.training.generator.expressions import Expression
from analysis.training.generator.scenes import Recording
from analysis.training.generator.visibility import Visibility
from analysis.training.renderer.look import Look
from analysis.training.renderer.render import Dressed, Renderer
from analysis.training.renderer.scene import Camera
from analysis.training.rig import HeadPose, Posed, Rig

NEUTRAL_FRAMES = 3
EXPRESSION_FRAMES = 9
FRAMES_A_PERSON = NEUTRAL_FRAMES + EXPRESSION_FRAMES
SHAPE_SPREAD = 0.85
"""Standard deviation of the identity's coefficients; the head model's own is 1."""
_JITTER = 0.03
"""By how much the region given to the landmark network is off, in shares of its side."""
_RELIABLE = 0.5
"""The landmark network's presence under which the product leaves a frame out, too."""
_ROOT_OF_NOSE = 6


@dataclass(frozen=True, slots=True)
class Sample:
    """What the product would know of one frame, and what was posed."""

    landmarks: F32
    """(478, 3) in the face's own frame."""
    crop: U8
    """(128, 128) luma."""
    pose: F32
    """(3,) degrees as the product reads it."""
    presence: float
    labels: F32
    """(44, 2) intensities, left and right."""
    visible: F32
    """(44, 2) share of each AU's skin that shows."""
    neutral: bool
    """Whether it is one of the frames the person's neutral is taken from."""
    kind: str


@dataclass(frozen=True, slots=True)
class Shot:
    """A frame before the networks saw it."""

    picture: U8
    screen: F32
    """(478, 2) pixels where the landmarks' vertices fall."""
    visible: F32
    expression: Expression


class Studio:
    """All that rendering and reading frames needs; made once a process."""

    def __init__(self, landmarker: FaceLandmarker, rig: Rig | None = None) -> None:
        self._rig = rig or Rig()
        self._renderer = Renderer(self._rig.kit)
        self._landmarker = landmarker
        self._visibility = Visibility(self._rig.kit)
        own = self._rig.kit.landmarks
        # The iris has no vertex of its own; the root of the nose widens no face's outline.
        self._vertices = np.where(own < 0, own[_ROOT_OF_NOSE], own)

    def person(self, rng: np.random.Generator) -> list[Sample]:
        """Frames of one person in one recording: those of the neutral first."""
        return [
            sample for shot, calm in self.shots(rng) if (sample := self._read(shot, calm, rng)) is not None
        ]

    def shots(self, rng: np.random.Generator) -> list[tuple[Shot, bool]]:
        """The person's pictures, and whether each is one of the neutral."""
        shape = self._rig.person(rng.normal(0, SHAPE_SPREAD, facekit.IDENTITIES))
        dressed = self._renderer.dress(Look.random(rng))
        recording = scenes.draw(rng)
        habit = expressions.habit(rng)
        shots = []
        for number in range(FRAMES_A_PERSON):
            calm = number < NEUTRAL_FRAMES
            expression = expressions.near_neutral(rng, habit) if calm else expressions.draw(rng)
            head = scenes.calm_head(recording, rng) if calm else scenes.head_now(recording, rng)
            shots.append((self._shot(shape, dressed, recording, expression, head, rng, calm=calm), calm))
        return shots

    def _shot(
        self,
        shape: F32,
        dressed: Dressed,
        recording: Recording,
        expression: Expression,
        head: HeadPose,
        rng: np.random.Generator,
        *,
        calm: bool,
    ) -> Shot:
        posed = self._rig.pose(shape, expression.intensities, head, expression.gaze, expression.wipe)
        camera = scenes.camera_now(recording, rng)
        picture = self._renderer.render(
            posed, dressed, camera, scenes.light_now(recording, rng), recording.background
        )
        screen = self._on_screen(posed, camera, recording.size)
        mask: U8 | None = None
        if not calm and rng.random() < occluders.SHARE:
            box = box_of(screen)
            picture, mask = occluders.cover(picture, box[:2] + box[2:] / 2, float(box[2:].max()), rng)
        visible = self._visibility.shares(posed.vertices, screen, camera.distance, mask)
        return Shot(scenes.recorded(picture, recording, rng), screen, visible, expression)

    def _on_screen(self, posed: Posed, camera: Camera, size: int) -> F32:
        points = posed.vertices[self._vertices]
        over = camera.focal * size / (camera.distance - points[:, 2])
        x = size / 2 - camera.focal * size * camera.aim[0] / camera.distance + points[:, 0] * over
        y = size / 2 + camera.focal * size * camera.aim[1] / camera.distance - points[:, 1] * over
        return np.stack([x, y], axis=1).astype(np.float32)

    def _read(self, shot: Shot, calm: bool, rng: np.random.Generator) -> Sample | None:
        """What the landmark network finds; None where the product would not use it."""
        mesh = self._landmarker.locate(shot.picture, _region(shot.screen, rng))
        if mesh.presence < _RELIABLE:
            return None
        points = mesh.points[None]
        return Sample(
            landmarks=canonical(points)[0],
            crop=aligned_crop(shot.picture, mesh.points),
            pose=head_pose(points)[0],
            presence=mesh.presence,
            labels=shot.expression.intensities,
            visible=shot.visible,
            neutral=calm,
            kind=shot.expression.kind,
        )


def _region(screen: F32, rng: np.random.Generator) -> Roi:
    """As the product takes it from the frame before, a little off."""
    flat = np.concatenate([screen, np.zeros((len(screen), 1), np.float32)], axis=1)
    roi = Roi.from_mesh(FaceMesh(flat, presence=1.0, eyes_apart=0.0))
    dx, dy, grown, turned = rng.normal(0, _JITTER, 4)
    return Roi(roi.x + dx * roi.size, roi.y + dy * roi.size, roi.size * (1 + grown), roi.rotation + turned)


def stacked(samples: list[Sample]) -> dict[str, NDArray[np.generic]]:
    """Arrays of n samples, as small as their precision allows."""
    return {
        "landmarks": np.stack([s.landmarks for s in samples]).astype(np.float16),
        "crop": np.stack([s.crop for s in samples]),
        "pose": np.stack([s.pose for s in samples]).astype(np.float16),
        "presence": np.array([s.presence for s in samples], np.float16),
        "labels": np.stack([s.labels for s in samples]).astype(np.float16),
        "visible": np.stack([s.visible for s in samples]).astype(np.float16),
        "neutral": np.array([s.neutral for s in samples]),
        "kind": np.array([s.kind for s in samples]),
    }
