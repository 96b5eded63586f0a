"""Pass 1: pictures in, rows of geometry and quality out, written to the spool.

Nothing here depends on the person's neutral, so it never has to be repeated for a new one. Of how a face
looks, its code is kept and the colours at its landmarks; crops are gone with their batch.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from analysis.engine import cover, crops, pose, quality
from analysis.engine.ahead import ahead
from analysis.engine.au_network import AUNetwork
from analysis.engine.clock import StageClock
from analysis.engine.tracks import Follower, Sighting
from analysis.engine.types import F32, GRID, LANDMARKS, NO_TRACK, U8, Exclusion, Frame, Rows

QUEUED_FRAMES = 6
"""Decoded pictures that may wait for the networks; bounds the memory, not the speed."""
BATCH_ROWS = 64
"""Rows measured and spooled together; a batch amortises what numpy costs a call."""


class Spool(Protocol):
    def append(self, rows: Rows, looks: cover.Looks) -> None: ...


@dataclass(frozen=True, slots=True)
class Decoded:
    """How much of the recording there was."""

    frames: int
    start_time: float
    end_time: float
    """Seconds, timestamps of the first and the last frame."""

    @property
    def seconds(self) -> float:
        return self.end_time - self.start_time


_NO_BOX = np.zeros(4, dtype=np.float32)
_NO_QUALITY = np.zeros(3, dtype=np.float32)
_NO_POINTS = np.zeros((LANDMARKS, 3), dtype=np.float32)
_NO_COLOUR = np.zeros((cover.SURFACE, 3), dtype=np.uint8)
_NO_CROP = np.zeros((crops.SIDE, crops.SIDE), dtype=np.int8)


@dataclass(frozen=True, slots=True)
class _Row:
    """One face in one frame, or a frame without any."""

    frame: int
    time: float
    track: int = NO_TRACK
    box: F32 = field(default_factory=lambda: _NO_BOX)
    presence: float = 0.0
    eyes_apart: float = 0.0
    quality: F32 = field(default_factory=lambda: _NO_QUALITY)
    points: F32 = field(default_factory=lambda: _NO_POINTS)
    colour: U8 = field(default_factory=lambda: _NO_COLOUR)
    crop: NDArray[np.int8] = field(default_factory=lambda: _NO_CROP)


def run(
    frames: Iterable[Frame],
    follower: Follower,
    network: AUNetwork,
    spool: Spool,
    progress: Callable[[int], None],
    clock: StageClock,
) -> Decoded:
    """Follow the faces of all frames; write one row a face, or one for a frame without any.

    Decoding runs ahead in a thread of its own: it and the networks let go of the interpreter lock.
    """
    decoded = Decoded(0, 0.0, 0.0)
    batch: list[_Row] = []
    for frame in ahead(_timed(frames, clock), QUEUED_FRAMES):
        batch += _rows_of(frame, follower, clock)
        start = decoded.start_time if decoded.frames else frame.time
        decoded = Decoded(decoded.frames + 1, start, frame.time)
        # No batch goes over the grid: networks give other last digits for the same row in another batch.
        if len(batch) >= BATCH_ROWS or frame.index % GRID == GRID - 1:
            spool.append(_measured(batch, network, clock), _looks(batch))
            batch = []
            progress(decoded.frames)
    if batch:
        spool.append(_measured(batch, network, clock), _looks(batch))
    progress(decoded.frames)
    return decoded


def _timed(frames: Iterable[Frame], clock: StageClock) -> Iterator[Frame]:
    source = iter(frames)
    while True:
        with clock.stage("decode"):
            frame = next(source, None)
        if frame is None:
            return
        yield frame


def _rows_of(frame: Frame, follower: Follower, clock: StageClock) -> list[_Row]:
    with clock.stage("tracks"):
        faces = follower.see(frame)
    if not faces:
        return [_Row(frame.index, frame.time)]
    with clock.stage("quality"):
        return [_row(frame, face, clock) for face in faces]


def _row(frame: Frame, face: Sighting, clock: StageClock) -> _Row:
    mesh = face.mesh
    with clock.stage("appearance"):
        crop = crops.evened(crops.aligned_crop(frame.image, mesh.points))
    return _Row(
        frame.index,
        frame.time,
        face.tracklet,
        face.box,
        mesh.presence,
        mesh.eyes_apart,
        quality.measure(frame.image, mesh.points, face.box),
        mesh.points,
        cover.colours(frame.image, mesh.points),
        crop,
    )


def _looks(batch: list[_Row]) -> cover.Looks:
    return cover.Looks(
        colour=np.stack([row.colour for row in batch]),
        eyes_apart=np.array([row.eyes_apart for row in batch], dtype=np.float32),
        presence=np.array([row.presence for row in batch], dtype=np.float32),
    )


def _measured(batch: list[_Row], network: AUNetwork, clock: StageClock) -> Rows:
    """The batch as arrays, with pose, gaze, the reason for an exclusion, and codes."""
    with clock.stage("pose"):
        points = np.stack([row.points for row in batch])
        faces = np.array([row.track != NO_TRACK for row in batch])
        angles = np.zeros((len(batch), 5), dtype=np.float32)
        if faces.any():
            angles[faces, :3] = pose.head_pose(points[faces])
            angles[faces, 3:] = pose.gaze(points[faces])
        reasons = [_exclusion(row, turned) for row, turned in zip(batch, angles[:, :3], strict=True)]
        excluded = np.array(reasons, dtype=np.uint8)
        return Rows(
            frame=np.array([row.frame for row in batch], dtype=np.int32),
            time=np.array([row.time for row in batch], dtype=np.float64),
            track=np.array([row.track for row in batch], dtype=np.int32),
            box=np.stack([row.box for row in batch]),
            confidence=np.array([row.presence for row in batch], dtype=np.float32),
            pose=angles[:, :3],
            gaze=angles[:, 3:],
            quality=np.stack([row.quality for row in batch]),
            excluded=excluded,
            points=points,
            code=_codes(batch, excluded, network, clock),
        )


def _codes(batch: list[_Row], excluded: U8, network: AUNetwork, clock: StageClock) -> F32:
    """(n, code); zeros where a row is excluded."""
    with clock.stage("appearance"):
        codes = np.zeros((len(batch), network.code_length), dtype=np.float32)
        seen = np.flatnonzero(excluded == Exclusion.NONE)
        if len(seen):
            codes[seen] = network.encode(np.stack([batch[i].crop for i in seen]))
        return codes


def _exclusion(row: _Row, turned: F32) -> Exclusion:
    if row.track == NO_TRACK:
        return Exclusion.NO_FACE
    return quality.exclusion(row.box, turned, row.quality)
