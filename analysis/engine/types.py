"""Plain values that flow through the engine; every array's shape, dtype and unit is stated.

Frames are counted from 0 in decode order. Times are seconds as the frame's own timestamp
gives them. Pixels are those of the upright picture, x right, y down. Left and right of a
face are the person's own. Intensities are 0-5 (see `action_units.LETTER_THRESHOLDS`).
"""

import re
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
I32 = NDArray[np.int32]
U8 = NDArray[np.uint8]

LANDMARKS = 478
CODE = 256
"""Numbers that the built-in Action Unit network keeps of a face's look; another may keep more or fewer."""
GRID = 256
"""Frames after which detection and everything temporal starts anew, so that a result does
not depend on where a recording was cut. Segments are multiples of it."""

NO_TRACK = -1

_PLAIN_FRACTION = re.compile(r"-?[0-9]{1,12}(/[0-9]{1,12})?")
"""FFmpeg's fractions are of two numbers of 32 bits."""


def fraction_of(said: Any) -> Fraction:
    """What `str` made of a fraction of a media file. Raises ValueError, or ZeroDivisionError.

    `Fraction` itself would also read "1e999999999", and be busy with its digits for hours.
    """
    if not isinstance(said, str) or not _PLAIN_FRACTION.fullmatch(said):
        raise ValueError("no fraction")
    return Fraction(said)


class Exclusion(IntEnum):
    """Why a row of the frame table carries no Action Units."""

    NONE = 0
    NO_FACE = 1
    FACE_TOO_SMALL = 2
    TURNED_AWAY = 3
    BLURRED = 4
    TOO_DARK = 5
    TOO_BRIGHT = 6
    OUT_OF_PICTURE = 7
    COVERED = 8
    WITHHELD = 9
    """The person's face is left out: see `people`."""

    @property
    def code(self) -> str:
        """As it stands in the column `excluded`; empty when not excluded."""
        return "" if self is Exclusion.NONE else self.name.lower()


class AUState(IntEnum):
    """Whether an Action Unit has a number in this frame, and if not, why."""

    SCORED = 0
    NOT_VISIBLE = 1
    NOT_SCORABLE = 2
    """By this model, in any frame."""

    @property
    def code(self) -> str:
        """As it stands in the columns `AUnn_state`."""
        return self.name.lower()


class Warn(StrEnum):
    """Something the reader must know about a result that could be made."""

    TRUNCATED = "truncated"
    NO_FACE = "no_face"
    TOO_LITTLE_FACE_TIME = "too_little_face_time"
    LOW_FRAME_RATE = "low_frame_rate"
    KEPT_NEUTRAL_MISSING = "kept_neutral_missing"
    """The result that the person's neutral was kept from is gone; it was estimated instead."""
    KEPT_NEUTRAL_OF_OTHER_MODEL = "kept_neutral_of_other_model"
    ALL_WITHHELD = "all_withheld"
    """Nothing was measured of any of the faces, because none of them may be."""
    SUBJECT_WITHHELD = "subject_withheld"
    """The person the recording is about is not among those of whom something was measured."""


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """Facts of a media file, read from the container and its first packets."""

    sha256: str
    size: int
    """Bytes."""
    container: str
    codec: str
    width: int
    """Pixels, of the upright picture."""
    height: int
    rotation: int
    """Degrees clockwise (0, 90, 180, 270) that turn the stored picture upright."""
    frame_rate: Fraction | None
    """Average frames a second as the container states it; None where it does not."""
    time_base: Fraction
    duration: float | None
    """Seconds as the header states; None in many browser recordings."""
    has_audio: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """One decoded picture."""

    index: int
    time: float
    image: U8
    """(height, width, 3) uint8 RGB, upright, contiguous."""


@dataclass(frozen=True, slots=True)
class Detection:
    """A face as the detector sees it, in pixels."""

    box: F32
    """(4,) x, y, width, height."""
    score: float
    keypoints: F32
    """(6, 2): right eye, left eye, nose tip, mouth centre, right ear, left ear."""


@dataclass(frozen=True, slots=True)
class FaceMesh:
    """478 landmarks of one face: 468 of the surface with lips and eyes refined, 10 of the irises."""

    points: F32
    """(478, 3) pixels; z on the scale of x, towards the camera negative."""
    presence: float
    """0-1, the network's belief that the crop holds a face."""
    eyes_apart: float
    """Percent of the face's longer side by which the network's two readings of an eye (on the surface, and
    refined) are apart, mean over its points, of the eye where they are further apart."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Pass-1 rows (one a frame and face, in order of frame then track) or a slice of them; n rows.

    A frame with no face has one row with `track` -1, zeros elsewhere and `excluded` NO_FACE.
    """

    frame: I32
    """(n,)"""
    time: F64
    """(n,) seconds."""
    track: I32
    """(n,) stable number from 1, or -1."""
    box: F32
    """(n, 4) x, y, width, height in pixels."""
    confidence: F32
    """(n,) 0-1, how far the face is seen: the landmark network's face flag as pass 1 writes it, after pass 2
    times the share of its points that look as in most of the track (see `cover`)."""
    pose: F32
    """(n, 3) yaw, pitch, roll in degrees: yaw > 0 turns to the person's left, pitch > 0 looks up,
    roll > 0 tilts clockwise as the viewer sees it."""
    gaze: F32
    """(n, 2) yaw, pitch of the eyes in the head, degrees, signs as for the pose."""
    quality: F32
    """(n, 3): sharpness (variance of the Laplacian of the 96 px face), mean luma 0-255, share of the face box
    inside the picture 0-1."""
    excluded: U8
    """(n,) `Exclusion`."""
    points: F32
    """(n, 478, 3) landmarks in pixels of the upright picture."""
    code: F32
    """(n, 256) the face's look as the Action Unit network's encoder tells it; zeros in rows that pass 1
    excluded."""


@dataclass(frozen=True, slots=True)
class AUSeries:
    """Action Units of n rows; row i of each array is `ACTION_UNITS[i]`. NaN where not scored."""

    intensity: F32
    """(44, n) 0-5."""
    left: F32
    """(44, n) 0-5, NaN where FACS has no sides."""
    right: F32
    """(44, n)"""
    spread: F32
    """(44, n) standard deviation, in points of the 0-5 scale."""
    state: U8
    """(44, n) `AUState`."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A value 0-100 or 0-5 with the bounds of its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Neutral:
    """The face a track's Action Units are measured from."""

    source: str
    """`estimated`, `marked` or `carried`."""
    frames: int
    """How many frames it was read from."""
    start: float
    end: float
    """Seconds: first and last of those frames, in the recording it was read from."""
    shape: F32
    """(478, 3) landmarks in the face's own frame (see `geometry.canonical`)."""
    pose: F32 = field(default_factory=lambda: np.zeros(0, dtype=np.float32))
    """(3,) degrees, as in `Rows`; empty in results that were made without the network."""
    code: F32 = field(default_factory=lambda: np.zeros(0, dtype=np.float32))
    """(256,) as in `Rows`; empty in results that were made without the network."""
