"""Follow every face through the frames of one grid block.

A face is followed from its last landmarks; the detector looks again when a face was lost and
every `DETECT_EVERY` frames for people who have come. All of it starts anew every `GRID` frames,
and nothing here looks across that border, so blocks may be analysed apart; `joining` makes
stable tracks of the blocks' tracklets.

The thresholds are the product's own choices, made on clips with cuts, hands over the face
and people entering; each states what it tells apart.
"""

from dataclasses import dataclass, field
from typing import Protocol

import cv2
import numpy as np

from analysis.engine.boxes import box_of, overlap
from analysis.engine.clock import StageClock
from analysis.engine.landmarks import Roi
from analysis.engine.types import F32, GRID, U8, Detection, FaceMesh, Frame

DETECT_EVERY = 15
"""Frames between two looks for new people; half a second at 30 frames a second."""
MAX_FACES = 6
"""Faces followed at once; the largest are taken."""
ADMITTED = 0.75
"""Detector's score from which a new face is taken up. On the development clips real faces, half covered
ones too, score 0.84 and more; lettering and clouds taken for faces at most 0.70."""
PRESENT = 0.5
"""The network's face flag above which its landmarks are used."""
SAME_FACE = 0.3
"""Overlap (intersection over union) from which a detection is the face already followed."""
JUMP = 0.25
"""Overlap of a face's box with itself one frame earlier, under which the network has jumped elsewhere."""
CUT = 0.11
"""Mean absolute change of a 48x27 picture (0-1) between two frames, above which it is a cut."""
OTHER_FACE = 0.35
"""Correlation of a face's aligned 24x24 picture with its last one, under which it is someone else."""

THUMB = (48, 27)


class Detector(Protocol):
    def detect(self, image: U8) -> list[Detection]: ...


class Landmarker(Protocol):
    def locate(self, image: U8, roi: Roi) -> FaceMesh: ...


@dataclass(slots=True)
class Tracklet:
    """An unbroken stretch of one face within one block; what `joining` needs of it."""

    number: int
    """Unique in the recording."""
    shot: int
    """Unique in the recording; a cut begins a new one."""
    first_frame: int
    last_frame: int
    first_time: float
    last_time: float
    first_box: F32
    last_box: F32
    first_look: F32
    """(576,) the aligned face, zero mean and unit length."""
    last_look: F32


@dataclass(slots=True)
class BlockEdge:
    """The thumbnails of a block's first and last frame, and its first and last shot."""

    block: int
    first: U8
    last: U8
    first_shot: int
    last_shot: int


@dataclass(slots=True)
class _Followed:
    tracklet: Tracklet
    mesh: FaceMesh


@dataclass(frozen=True, slots=True)
class Sighting:
    """One face in one frame."""

    tracklet: int
    mesh: FaceMesh
    box: F32
    """(4,) x, y, width, height in pixels."""


@dataclass(slots=True)
class Follower:
    """Follows faces frame by frame; feed it frames in order, from a multiple of `GRID` on."""

    detector: Detector
    landmarker: Landmarker
    clock: StageClock = field(default_factory=StageClock)
    tracklets: list[Tracklet] = field(default_factory=list)
    """Every tracklet so far, in order of appearance."""
    edges: list[BlockEdge] = field(default_factory=list)
    """One a block."""
    _active: list[_Followed] = field(default_factory=list)
    _shot: int = 0
    _born: int = 0

    def see(self, frame: Frame) -> tuple[Sighting, ...]:
        """Advance every followed face to this frame and take up new ones."""
        place = frame.index % GRID
        self._notice_cut(frame, thumbnail(frame.image))
        lost = self._advance(frame)
        if lost or not self._active or place % DETECT_EVERY == 0:
            self._admit(frame)
        self.edges[-1].last_shot = self._shot
        return tuple(Sighting(one.tracklet.number, one.mesh, one.tracklet.last_box) for one in self._active)

    def _notice_cut(self, frame: Frame, thumb: U8) -> None:
        block, place = divmod(frame.index, GRID)
        if place == 0:
            self._active, self._born = [], 0
            self._shot = unique_number(block, 0)
            self.edges.append(BlockEdge(block, thumb, thumb, self._shot, self._shot))
        elif is_cut(self.edges[-1].last, thumb):
            self._active = []
            self._shot += 1
        self.edges[-1].last = thumb

    def _advance(self, frame: Frame) -> bool:
        """Move each followed face to this frame; True when one was lost."""
        before, self._active = self._active, []
        for one in before:
            mesh = self._locate(frame, Roi.from_mesh(one.mesh))
            box, track = box_of(mesh.points), one.tracklet
            if mesh.presence < PRESENT or overlap(box, track.last_box) < JUMP or self._follows(box):
                continue
            look = aligned_look(frame.image, mesh.points)
            if float(look @ track.last_look) < OTHER_FACE:
                self._shot += 1  # Someone else in the same place: what comes next is not joined to it.
                continue
            track.last_frame, track.last_time = frame.index, frame.time
            track.last_box, track.last_look = box, look
            self._active.append(_Followed(track, mesh))
        return len(self._active) < len(before)

    def _admit(self, frame: Frame) -> None:
        """Take up faces that are not yet followed, largest first."""
        with self.clock.stage("faces"):
            found = self.detector.detect(frame.image)
        sure = [face for face in found if face.score >= ADMITTED]
        for detection in sorted(sure, key=lambda face: -float(face.box[2] * face.box[3])):
            if len(self._active) >= MAX_FACES:
                break
            if self._follows(detection.box):
                continue
            mesh = self._locate(frame, Roi.from_detection(detection))
            # The detector's keypoints are coarse: the landmarks themselves give the better crop.
            mesh = self._locate(frame, Roi.from_mesh(mesh))
            if mesh.presence >= PRESENT and not self._follows(box_of(mesh.points)):
                self._active.append(_Followed(self._begin(frame, mesh), mesh))

    def _locate(self, frame: Frame, roi: Roi) -> FaceMesh:
        with self.clock.stage("landmarks"):
            return self.landmarker.locate(frame.image, roi)

    def _follows(self, box: F32) -> bool:
        return any(overlap(box, one.tracklet.last_box) > SAME_FACE for one in self._active)

    def _begin(self, frame: Frame, mesh: FaceMesh) -> Tracklet:
        number = unique_number(frame.index // GRID, self._born)
        self._born += 1
        box, look = box_of(mesh.points), aligned_look(frame.image, mesh.points)
        track = Tracklet(
            number, self._shot, frame.index, frame.index, frame.time, frame.time, box, box, look, look
        )
        self.tracklets.append(track)
        return track


def unique_number(block: int, within: int) -> int:
    """A number unique in the recording, from the block's number and one within the block."""
    return block * GRID * MAX_FACES + within


def thumbnail(image: U8) -> U8:
    """(27, 48) uint8: the green channel, sampled, then averaged to a small picture."""
    height, width = image.shape[:2]
    step = max(1, min(height // (4 * THUMB[1]), width // (4 * THUMB[0])))
    coarse = np.ascontiguousarray(image[::step, ::step, 1])
    return cv2.resize(coarse, THUMB, interpolation=cv2.INTER_AREA).astype(np.uint8)


def is_cut(before: U8, after: U8) -> bool:
    """Whether two thumbnails belong to different shots.

    The mean is taken out first, so that a light switched on is no cut.
    """
    change = after.astype(np.float32) - before.astype(np.float32)
    return float(np.abs(change - change.mean()).mean()) > CUT * 255


def aligned_look(image: U8, points: F32) -> F32:
    """(576,) float32 of unit length: the face, eyes level, as 24x24 with its mean taken out."""
    eyes = points[263, :2] - points[33, :2]
    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    scale = 24.0 / max(float((high - low).max()), 1.0)
    centre = (low + high) / 2
    angle = float(np.degrees(np.arctan2(eyes[1], eyes[0])))
    matrix = cv2.getRotationMatrix2D((float(centre[0]), float(centre[1])), angle, scale)
    matrix[:, 2] += 12.0 - centre
    patch = cv2.warpAffine(image, matrix, (24, 24), flags=cv2.INTER_LINEAR)[:, :, 1]
    look = patch.astype(np.float32).ravel()
    look -= look.mean()
    length = float(np.linalg.norm(look))
    return look / np.float32(length) if length > 0 else look
