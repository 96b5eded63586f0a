"""The trained Action Unit network: a face's crop to a code, a frame against the neutral to Action Units.

Both networks always run in blocks of one size. Kernels may be chosen by the number of rows, and then a row's
last digits would depend on how many rows ran beside it.
"""

from dataclasses import dataclass

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from analysis.engine import spreads
from analysis.engine.action_units import AU_COUNT
from analysis.engine.geometry import canonical
from analysis.engine.model_card import ModelCard
from analysis.engine.types import F32, Neutral, Rows

HEAD_ROWS = 64
"""Rows the head compares at once."""
_LEAST = 1e-3


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the head says of n rows; each is (n, 44, 2): AUs as in `ACTION_UNITS`, left then right."""

    intensity: F32
    """0-5. Rows of AU45 and AU46 mean nothing: AU43 holds every closing of the lids."""
    spread: F32
    """Standard deviation, in points of the 0-5 scale."""
    visibility: F32
    """0-1, how much of the skin that shows the AU is in view, as a share of what the head says of the
    neutral: nothing covers that, so what the head misses there, it misses for the person's looks."""


@dataclass(frozen=True, slots=True)
class AUNetwork:
    """Both networks, ready to run, and their card. Shared by threads, not by forked processes."""

    card: ModelCard
    encoder: ort.InferenceSession
    """`crop` (n, 128, 128), evened; gives `code` (n, code)."""
    head: ort.InferenceSession
    """Landmarks, pose and code of frame and neutral; gives `intensity`, `spread`, `visibility`."""

    @property
    def code_length(self) -> int:
        """Numbers in a code, as the head takes it."""
        return next(int(one.shape[1]) for one in self.head.get_inputs() if one.name == "code")

    def encode(self, crops: NDArray[np.int8]) -> F32:
        """Codes (n, code) of crops (n, 128, 128) as `crops.evened` leaves them.

        One by one: several at once are no faster, and take memory.
        """
        codes = np.empty((len(crops), self.code_length), dtype=np.float32)
        for code, crop in zip(codes, crops, strict=True):
            code[:] = self.encoder.run(None, {"crop": crop[None].astype(np.float32)})[0][0]
        return codes

    def compare(self, rows: Rows, neutral: Neutral) -> Estimate:
        """What each of n rows shows against the neutral."""
        return self.compare_faces((canonical(rows.points), rows.pose, rows.code), neutral)

    def compare_faces(self, faces: tuple[F32, F32, F32], neutral: Neutral) -> Estimate:
        """As `compare`, of faces given by landmarks in their own frame, pose and code of n each."""
        face = (neutral.shape, neutral.pose, neutral.code)
        known = {
            name: np.repeat(part[None], HEAD_ROWS, axis=0) for name, part in zip(_KNOWN, face, strict=True)
        }
        intensity, spread, seen = self._told(faces, known)
        resting = self._told(tuple(part[None] for part in face), known)[2]
        terms = self.card.spread_terms
        return Estimate(
            intensity=intensity,
            spread=spread if terms is None else spreads.refitted(intensity, spread, terms),
            visibility=np.minimum(seen / np.maximum(resting, _LEAST), 1),
        )

    def _told(self, faces: tuple[F32, ...], known: dict[str, F32]) -> F32:
        """(3, n, 44, 2), the head's outputs for landmarks, pose and code of n faces."""
        n = len(faces[0])
        found = np.empty((len(_OUTPUTS), n, AU_COUNT, 2), dtype=np.float32)
        for start in range(0, n, HEAD_ROWS):
            here = slice(start, start + HEAD_ROWS)
            block = {name: _filled(part[here]) for name, part in zip(_TOLD, faces, strict=True)}
            for one, output in zip(found, self.head.run(_OUTPUTS, known | block), strict=True):
                one[here] = output[: len(one[here])]
        return found


_TOLD = ("landmarks", "pose", "code")
_KNOWN = tuple(f"neutral_{name}" for name in _TOLD)
_OUTPUTS = ("intensity", "spread", "visibility")


def _filled(values: F32) -> F32:
    """The rows and zeros after them, `HEAD_ROWS` in all."""
    block = np.zeros((HEAD_ROWS, *values.shape[1:]), dtype=np.float32)
    block[: len(values)] = values
    return block
