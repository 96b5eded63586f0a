"""Which part of a face something lies over: a hand, a cup, a microphone.

The landmark network goes on drawing a face over a hand, and its face flag stays at 1, so it is looked at
the skin instead. Pass 1 keeps each face's colours at its landmarks: they move with the face and its
expression, so that a cheek's point stays on the cheek. Pass 2 compares them to what most of the track
shows there, after the light (level, colour and a slope across the face) is taken out. In a region that is
covered many points differ at once. Closed eyes change many points too, but on them the network's two
readings of an eye, the surface's and the refined one, stay together; under a hand they fall apart.

Limits: something that covers a face for more than half of its track is taken for the face, and what differs
little from the skin it lies on is not seen.
"""

from dataclasses import dataclass
from enum import IntFlag

import cv2
import numpy as np
from numpy.typing import NDArray

from analysis.engine.geometry import canonical
from analysis.engine.landmarks import LEFT_EYE, LIPS, RIGHT_EYE
from analysis.engine.sampling import halve, halvings
from analysis.engine.types import F32, U8

Flags = NDArray[np.bool_]

SURFACE = 468
"""Landmarks whose colour is kept; the irises are left out."""
_FACE_PIXELS = 96
"""Pixels, about, that a face is reduced to before its colours are read: noise and pores average out."""
_RING = 20
_LID_CONTOUR = 16
_CHANGING = (*LIPS[_RING : 2 * _RING], *RIGHT_EYE[:_LID_CONTOUR], *LEFT_EYE[:_LID_CONTOUR])
"""The inner edge of the lips and the lids' edges, where teeth, mouth, eye and lid show by turns."""
POINTS = np.setdiff1d(np.arange(SURFACE), _CHANGING)
"""(k,) landmarks that are compared."""
REFERENCE_ROWS = 400
"""Rows the uncovered face is read from, evenly spaced; bounds memory whatever the length."""
_DARK = np.float32(0.08)
"""Share of the face's middle brightness added before the logarithm: noise in the dark then counts little."""
_DARK_SKIN = (np.float32(30), np.float32(0.15))
"""At least so many grey levels are added, less so many times the middle brightness: a highlight on dark skin
is as many levels as one on light skin, and would be a large part of so little light."""
_FITS = 3


class Region(IntFlag):
    """Parts of a face that may be covered apart; the parting lines run under the eyes and under the nose."""

    NONE = 0
    UPPER = 1
    MID = 2
    LOWER = 4


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When a region is covered. The product's own choices; docs/findings.md says what was measured."""

    differs: float = 0.18
    """Distance of a point's colour from the reference, in natural logarithms: about 18 % of light."""
    noisy: float = 2.5
    """Or so many times the lower quartile of the row's distances, so that a grainy picture is no cover."""
    turned: float = 90.0
    """Degrees of turn at which a point must differ by twice as much, as the light on it is another."""
    upper: float = 0.27
    """Share of a region's points that differ from which it is covered."""
    mid: float = 0.25
    lower: float = 0.30
    held: float = 0.20
    """Share from which a region that is covered in a row before or after is covered still."""
    eyes_apart: float = 1.65
    """Percent of the face's longer side by which the two readings of an eye are apart, mean over its points;
    the upper region needs this as well, because closed eyes and raised brows change much of it."""
    eyes_held: float = 1.5
    """The same, for an upper region that is covered in a row before or after."""
    upper_alone: float = 0.45
    """Share of the upper region from which it is covered whatever the eyes."""
    fewest: int = 15
    """Rows of a track under which nothing is compared."""


THRESHOLDS = Thresholds()
REACH = 2
"""Rows before and after a covered one that count as covered: so far the smoothing of measures looks, and
a hand on its way covers less than it hides."""
_BORDERS = (-0.08, -0.52)
"""Heights (units of `geometry`) that part the regions: under the eyes, under the nose."""
_CORE = 0.65
"""Points further than this from the midline lie at the face's outline, where hair and background show."""
_FACING = 0.35
"""Cosine between a point's surface and the line of sight under which it is not compared."""
_MIDDLE = np.array((0.0, -0.3, -0.6), dtype=np.float32)
_RADII = np.array((0.8, 1.0, 0.9), dtype=np.float32)
"""An ellipsoid about the shape of a head, for which way the surface faces."""


@dataclass(frozen=True, slots=True)
class Looks:
    """What pass 1 keeps of n faces for this."""

    colour: U8
    """(n, 468, 3) RGB."""
    eyes_apart: F32
    """(n,) see `Thresholds.eyes_apart`."""
    presence: F32
    """(n,) 0-1, the landmark network's face flag."""


@dataclass(frozen=True, slots=True)
class Difference:
    """How much of n faces does not look like the reference."""

    shares: F32
    """(n, 3) 0-1, share of the compared points that differ: upper, mid, lower region."""
    whole: F32
    """(n,) the same of all compared points."""


@dataclass(frozen=True, slots=True)
class Reference:
    """How a track's face looks uncovered."""

    tones: F32
    """(k, 3) log luma, and red and blue against green."""
    shape: F32
    """(k, 3) places in the face's own frame."""


def colours(image: U8, points: F32) -> U8:
    """(468, 3) RGB at the landmarks (478, 3) in pixels of an (height, width, 3) picture."""
    height, width = image.shape[:2]
    low = np.clip(np.floor(points[:SURFACE, :2].min(axis=0)) - 1, 0, (width - 1, height - 1)).astype(int)
    high = np.clip(np.ceil(points[:SURFACE, :2].max(axis=0)) + 2, low + 1, (width, height)).astype(int)
    crop = image[low[1] : high[1], low[0] : high[0]]
    times = min(halvings(float((high - low).max()) / _FACE_PIXELS), int((high - low).min()).bit_length() - 1)
    small, factor = halve(crop, times), 2**times
    places = ((points[:SURFACE, :2] - low + 0.5) / factor - 0.5).astype(np.float32)
    x, y = np.ascontiguousarray(places.T)[..., None]
    found = cv2.remap(small, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(found[:, 0], dtype=np.uint8)


def reference(colour: U8, points: F32) -> Reference:
    """The uncovered face: what most of n rows show; colours (n, 468, 3) and landmarks (n, 478, 3)."""
    shape = np.median(canonical(points, POINTS.tolist()), axis=0).astype(np.float32)
    seen = _tones(colour)
    tones = np.median(seen - np.median(seen, axis=1, keepdims=True), axis=0).astype(np.float32)
    for _ in range(2):
        tones += np.median(_residuals(seen, Reference(tones, shape)), axis=0)
    return Reference(tones, shape)


def compare(colour: U8, pose: F32, known: Reference, thresholds: Thresholds = THRESHOLDS) -> Difference:
    """Colours (n, 468, 3) of faces turned by `pose` (n, 3) degrees (as in `Rows`) against the reference."""
    distance = np.sqrt((_residuals(_tones(colour), known) ** 2).sum(axis=2))
    turn = np.hypot(pose[:, 0], pose[:, 1])
    noise = np.quantile(distance[:, ::4], 0.25, axis=1)
    least = np.maximum(thresholds.differs, thresholds.noisy * noise) * (1 + turn / thresholds.turned)
    differs = distance > least[:, None]
    compared = _facing(known.shape, pose) & (np.abs(known.shape[:, 0]) < _CORE)
    upper, lower = known.shape[:, 1] >= _BORDERS[0], known.shape[:, 1] < _BORDERS[1]
    shares = [_share(differs, compared & part) for part in (upper, ~upper & ~lower, lower)]
    return Difference(np.stack(shares, axis=1), _share(differs, compared))


def covered(shares: F32, eyes_apart: F32, thresholds: Thresholds = THRESHOLDS) -> U8:
    """(n,) `Region` flags of a track's rows in order, from what `compare` and pass 1 found in them."""
    surely = shares > np.array((thresholds.upper, thresholds.mid, thresholds.lower), dtype=np.float32)
    still = shares > thresholds.held
    plainly = shares[:, 0] > thresholds.upper_alone
    surely[:, 0] &= plainly | (eyes_apart > thresholds.eyes_apart)
    still[:, 0] &= plainly | (eyes_apart > thresholds.eyes_held)
    flags = np.zeros(len(shares), dtype=np.uint8)
    for column, region in enumerate((Region.UPPER, Region.MID, Region.LOWER)):
        flags[_widened(_held(surely[:, column], still[:, column]))] |= np.uint8(region)
    return flags


def _held(surely: Flags, still: Flags) -> Flags:
    """Unbroken runs of `still` with at least one `surely` in them."""
    still = still | surely
    run = np.cumsum(np.diff(still, prepend=False))
    return np.asarray(still & np.isin(run, run[surely]))


def _widened(flags: Flags) -> Flags:
    """With the `REACH` rows on either side of every flagged one."""
    if not flags.any():
        return flags
    return np.asarray(np.convolve(flags, np.ones(2 * REACH + 1))[REACH : REACH + len(flags)] > 0)


def _share(differs: Flags, compared: Flags) -> F32:
    """(n,) share of the compared points that differ; of fewer than eight, as if they were eight."""
    share = (differs & compared).sum(axis=1) / np.maximum(compared.sum(axis=1), 8)
    return np.asarray(share, dtype=np.float32)


def _tones(colour: U8) -> F32:
    """(n, k, 3) log luma, and red and blue against green, of the compared points."""
    light = colour[:, POINTS].astype(np.float32)
    middle = np.median(light[:, ::4, 1], axis=1)
    added = np.maximum(_DARK * middle + 1, _DARK_SKIN[0] - _DARK_SKIN[1] * middle)
    logs = np.log(light + added[:, None, None])
    green = logs[..., 1]
    return np.stack([logs.mean(axis=2), logs[..., 0] - green, logs[..., 2] - green], axis=2)


def _residuals(seen: F32, known: Reference) -> F32:
    """(n, k, 3) what is left of the difference from the reference once the light is taken out.

    The light is a level and a slope over the face's three axes for each tone. It is fitted with weights
    that fall with what a point differs by (Cauchy's), so that a hand does not count as light.
    """
    design = np.column_stack([np.ones(len(known.shape), dtype=np.float32), known.shape])
    squares = (design[:, :, None] * design[:, None]).reshape(len(design), -1)
    difference = seen - known.tones
    # The fit begins near its end, at the middle difference; every fourth point is enough for that.
    difference -= np.median(difference[:, ::4], axis=1, keepdims=True)
    left = difference
    for _ in range(_FITS):
        weights = 1 / (1 + (left**2).sum(axis=2) / np.float32(0.01))
        normal = (weights @ squares).reshape(-1, 4, 4) + np.eye(4, dtype=np.float32) * np.float32(1e-3)
        target = np.stack([(weights * difference[..., i]) @ design for i in range(3)], axis=2)
        left = difference - design @ np.linalg.solve(normal, target)
    return np.asarray(left, dtype=np.float32)


def _facing(shape: F32, pose: F32) -> Flags:
    """(n, k) which points turn towards the camera."""
    normal = (shape - _MIDDLE) / _RADII**2
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    yaw, pitch = np.radians(pose[:, 0]), np.radians(pose[:, 1])
    sight = np.stack([-np.sin(yaw) * np.cos(pitch), np.sin(pitch), np.cos(yaw) * np.cos(pitch)], axis=1)
    return np.asarray(sight @ normal.T > _FACING)
