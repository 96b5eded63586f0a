"""Finds faces in a picture with MediaPipe's two single-shot detectors (BlazeFace).

One is made for faces that fill the picture, one for small and distant faces; of a face that
both see, the surer one's box is taken.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from analysis.engine.runtime import FaceNetworks
from analysis.engine.sampling import halve, halvings
from analysis.engine.types import F32, U8, Detection

MIN_SCORE = 0.5
"""A face is reported from this score; the detectors' own choice for the short range."""
OVERLAP = 0.3
"""Intersection over union from which two boxes are one face; the detectors' own choice."""

_KEYPOINTS = 6
_NEAR_SIZE, _FAR_SIZE = 128, 192
"""Pixels, sides of the networks' inputs."""


@dataclass(frozen=True, slots=True)
class _Layer:
    """A feature map of `cells` x `cells` positions with `anchors` boxes each."""

    cells: int
    anchors: int


@dataclass(frozen=True, slots=True)
class _Candidates:
    """n boxes in pixels of the picture, best first."""

    corners: F32
    """(n, 4) left, top, right, bottom."""
    keypoints: F32
    """(n, 6, 2)"""
    scores: F32
    """(n,) 0-1."""


class _Detector:
    """One network with the geometry of its anchors."""

    def __init__(self, session: ort.InferenceSession, size: int, layers: tuple[_Layer, ...]) -> None:
        self._session = session
        self._size = size
        self._anchors = _anchor_centres(layers)
        self._outputs = _outputs_by_width(session)

    def candidates(self, image: U8, factor: int) -> _Candidates:
        """Every box with at least MIN_SCORE, in pixels of a picture `factor` times as large as `image`."""
        tensor, scale, offset = letterbox(image, self._size)
        boxes, logits = self._session.run(self._outputs, {"image": tensor})
        # The sigmoid is monotone: select before computing it.
        chosen = np.flatnonzero(logits[0, :, 0] >= _logit(MIN_SCORE))
        chosen = chosen[np.argsort(-logits[0, chosen, 0], kind="stable")]
        raw = boxes[0, chosen].reshape(-1, 2 + _KEYPOINTS, 2)
        anchors = self._anchors[chosen, None] * self._size
        centres, sizes = raw[:, 0] + anchors[:, 0], raw[:, 1]
        corners = np.stack([centres - sizes / 2, centres + sizes / 2], axis=1)
        scores = 1 / (1 + np.exp(-logits[0, chosen, 0].astype(np.float64)))
        return _Candidates(
            corners=((corners - offset) / scale * factor).reshape(-1, 4).astype(np.float32),
            keypoints=((raw[:, 2:] + anchors - offset) / scale * factor).astype(np.float32),
            scores=scores.astype(np.float32),
        )


class FaceDetector:
    """Detects faces in single pictures; keeps nothing between calls."""

    def __init__(self, networks: FaceNetworks) -> None:
        self._near = _Detector(networks.short_range, _NEAR_SIZE, (_Layer(16, 2), _Layer(8, 6)))
        self._far = _Detector(networks.full_range, _FAR_SIZE, (_Layer(48, 1),))

    def detect(self, image: U8) -> list[Detection]:
        """Faces in an (height, width, 3) uint8 RGB picture of any size.

        In pixels of the picture, best first. Boxes may reach over the picture's edge. The
        smallest faces found are about 6 % of the picture's longer side.
        """
        sides = image.shape[:2]
        times = min(halvings(max(sides) / _FAR_SIZE), min(sides).bit_length() - 1)
        small, factor = halve(image, times), 2**times
        found = suppress(self._near.candidates(small, factor)) + suppress(self._far.candidates(small, factor))
        faces: list[Detection] = []
        for face in sorted(found, key=lambda face: -face.score):
            if not any(_same_face(face, other) for other in faces):
                faces.append(face)
        return faces


def letterbox(image: U8, size: int) -> tuple[F32, F32, F32]:
    """The whole picture in the middle of a black square of `size` pixels.

    Returns the network's input (1, size, size, 3) in -1 to 1, and the scale (2,) and offset
    (2,), x first, that take a position in the picture to one in the square.
    """
    height, width = image.shape[:2]
    fit = size / max(height, width)
    inner = (max(1, round(width * fit)), max(1, round(height * fit)))
    left, top = (size - inner[0]) // 2, (size - inner[1]) // 2
    square = np.zeros((size, size, 3), np.uint8)
    square[top : top + inner[1], left : left + inner[0]] = cv2.resize(image, inner)
    tensor = square.astype(np.float32)
    tensor *= 1 / 127.5
    tensor -= 1
    scale = np.array([inner[0] / width, inner[1] / height], np.float32)
    return tensor[None], scale, np.array([left, top], np.float32)


def suppress(candidates: _Candidates) -> list[Detection]:
    """One detection a face: each best box together with those over it, averaged by score.

    The averaging is what the detectors were made for (weighted non-maximum suppression); it
    keeps a box from jumping between neighbouring anchors.
    """
    faces = []
    rest = np.arange(candidates.scores.size)
    while rest.size:
        overlaps = _overlap(candidates.corners[rest[0]], candidates.corners[rest])
        group = rest[overlaps > OVERLAP]
        # A box without area overlaps nothing, itself included.
        group = group if group.size else rest[:1]
        faces.append(_average(candidates, group))
        rest = np.setdiff1d(rest, group, assume_unique=True)
    return faces


def _average(candidates: _Candidates, group: NDArray[np.intp]) -> Detection:
    weights = candidates.scores[group] / candidates.scores[group].sum()
    corners = weights @ candidates.corners[group]
    return Detection(
        box=np.concatenate([corners[:2], corners[2:] - corners[:2]]).astype(np.float32),
        score=float(candidates.scores[group[0]]),
        keypoints=np.tensordot(weights, candidates.keypoints[group], axes=1).astype(np.float32),
    )


def _overlap(one: F32, many: F32) -> F32:
    """Intersection over union of (4,) corners with each of (n, 4)."""
    low = np.maximum(one[:2], many[:, :2])
    high = np.minimum(one[2:], many[:, 2:])
    shared = np.prod(np.maximum(high - low, 0), axis=1)
    areas = np.prod(np.maximum(many[:, 2:] - many[:, :2], 0), axis=1)
    area = np.prod(np.maximum(one[2:] - one[:2], 0))
    return np.asarray(shared / np.maximum(areas + area - shared, np.float32(1e-9)), np.float32)


def _same_face(one: Detection, other: Detection) -> bool:
    corners = np.concatenate([other.box[:2], other.box[:2] + other.box[2:]])[None]
    return bool(_overlap(np.concatenate([one.box[:2], one.box[:2] + one.box[2:]]), corners)[0] > OVERLAP)


def _anchor_centres(layers: tuple[_Layer, ...]) -> F32:
    """(n, 2) x, y of every anchor as a share of the square; cells in rows, a cell's anchors together."""
    centres = []
    for layer in layers:
        y, x = (np.mgrid[: layer.cells, : layer.cells] + 0.5) / layer.cells
        centres.append(np.repeat(np.stack([x.ravel(), y.ravel()], axis=1), layer.anchors, axis=0))
    return np.concatenate(centres).astype(np.float32)


def _outputs_by_width(session: ort.InferenceSession) -> list[str]:
    """Names of the box output (16 numbers an anchor) and of the score output (1)."""
    return [output.name for output in sorted(session.get_outputs(), key=lambda output: -output.shape[2])]


def _logit(probability: float) -> float:
    return float(np.log(probability / (1 - probability)))
