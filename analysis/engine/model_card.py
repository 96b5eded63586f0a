"""What is known of the Action Unit model: where it comes from, and how well it was measured, for each AU.

The card is a JSON file beside the weights. Training writes `files`, `inputs` and `training`; `manage.py
evaluate aus` writes `accuracy`. The product reads it and says no more than stands there.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from analysis.engine.action_units import AU_NUMBERS
from analysis.engine.errors import ModelMismatchError, ModelsMissingError
from analysis.engine.result_types import ModelFact

WEIGHTS = Path(__file__).parent / "weights"
"""The built-in model."""
CARD, ENCODER, HEAD = "card.json", "au_encoder.onnx", "au_head.onnx"
FORMAT = 1


class Grade(StrEnum):
    """Synthetic grade of an AU by its ICC(3,1) on rendered people that no training has seen."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


GRADE_FROM: tuple[tuple[Grade, float], ...] = ((Grade.A, 0.75), (Grade.B, 0.60), (Grade.C, 0.40))
"""Least ICC(3,1) of each grade; the bands up to 0.74 are those of Cicchetti (1994)."""


class Reason(StrEnum):
    """Why an Action Unit is hard to see, or cannot be seen, in one camera's picture of a face."""

    NECK_OUTSIDE = "neck_outside"
    """It happens on the neck, which the face crop leaves out."""
    DEPTH_ONLY = "depth_only"
    """It moves towards the camera or away, which a single view from in front hardly shows."""
    HARDLY_MOVES_SKIN = "hardly_moves_skin"
    """A muscle hardens under skin that stays where it is."""
    FEW_PIXELS = "few_pixels"
    """What changes is a few pixels large at the size faces are filmed."""
    FOLD_ONLY = "fold_only"
    """It shows as a fold of the skin, which light, age and other units draw as well."""
    INSIDE_MOUTH = "inside_mouth"
    """Tongue or teeth do it, mostly behind the lips."""
    LIDS_ALIKE = "lids_alike"
    """It narrows or widens the eye as gaze and other units of the lids do."""
    LIPS_ALIKE = "lips_alike"
    """It narrows or tightens the lips as other units of the lips do."""
    TOLD_BY_TIME = "told_by_time"
    """Its course alone tells it from closed eyes; a short one is seen in few frames."""
    SHARED_SKIN = "shared_skin"
    """It moves the same skin as other units, and is not told from them well enough."""


_HARD: dict[Reason, tuple[int, ...]] = {
    Reason.NECK_OUTSIDE: (21,),
    Reason.DEPTH_ONLY: (29, 33, 34, 35),
    Reason.HARDLY_MOVES_SKIN: (31,),
    Reason.FEW_PIXELS: (38, 39),
    Reason.FOLD_ONLY: (11, 14),
    Reason.INSIDE_MOUTH: (19, 32, 36, 37),
    Reason.LIDS_ALIKE: (5, 7, 41, 42, 43, 44),
    Reason.LIPS_ALIKE: (8, 16, 18, 22, 23, 24, 28),
    Reason.TOLD_BY_TIME: (45, 46),
}
REASONS: dict[int, Reason] = dict.fromkeys(AU_NUMBERS, Reason.SHARED_SKIN) | {
    au: reason for reason, units in _HARD.items() for au in units
}
"""For every AU, what makes it hard; said where the AU is of grade D."""


def grade(icc: float) -> Grade:
    return next((name for name, low in GRADE_FROM if icc >= low), Grade.D)


@dataclass(frozen=True, slots=True)
class Evidence:
    """How well one AU was measured. Figures are on rendered people unless `real` says otherwise."""

    au: int
    icc: float
    """ICC(3,1), -1 to 1."""
    r: float
    mae: float
    """Points of the 0-5 scale."""
    f1: float
    """Of presence at B or above."""
    skew_f1: float
    """F1 as it would be were the AU present in half of the frames."""
    inside: float
    """Share 0-1 of truths inside the 95 % interval."""
    real: Mapping[str, float]
    """Clip to Pearson's r with OpenFace; empty where no real video was compared."""

    @property
    def grade(self) -> Grade:
        return grade(self.icc)


@dataclass(frozen=True, slots=True)
class ModelCard:
    """The card of one model, checked against its files."""

    name: str
    version: str
    sha256: str
    """Of the card's bytes; the card holds the hashes of the weights."""
    evidence: Mapping[int, Evidence]
    """By AU number; all 44."""
    facts: Mapping[str, Any]
    """The card as it stands in the file."""

    @property
    def label(self) -> str:
        """Name and version, as results and calibrations name the model."""
        return f"{self.name} {self.version}"

    @property
    def models(self) -> tuple[ModelFact, ModelFact]:
        """The card, and the encoder: codes mean something to the encoder that made them alone."""
        encoder = str(self.facts["files"][ENCODER]["sha256"])
        return ModelFact(self.name, self.sha256), ModelFact(f"{self.name}-encoder", encoder)

    @property
    def weak(self) -> frozenset[int]:
        """AUs of grade D: shown apart, and no signal or emotion state is made of them."""
        return frozenset(au for au, found in self.evidence.items() if found.grade is Grade.D)

    @property
    def spread_terms(self) -> NDArray[np.float32] | None:
        """(44, 5) what `spreads.refitted` makes of the head's spread; None where the card has none yet."""
        if "spread_terms" not in self.facts:
            return None
        return np.array([self.facts["spread_terms"][str(au)] for au in AU_NUMBERS], np.float32)

    @classmethod
    def load(cls, folder: Path = WEIGHTS) -> Self:
        """Read the card of the model in `folder`.

        Raises ModelsMissingError where a file is absent, ModelMismatchError where one is not what the card
        says, or where the card is no card of this format.
        """
        try:
            content = (folder / CARD).read_bytes()
            facts = json.loads(content)
            _verify(folder, facts)
            return cls(
                name=str(facts["name"]),
                version=str(facts["version"]),
                sha256=hashlib.sha256(content).hexdigest(),
                evidence=_evidence(facts["accuracy"]),
                facts=facts,
            )
        except FileNotFoundError as error:
            raise ModelsMissingError(folder=str(folder)) from error
        except (ValueError, KeyError, TypeError) as error:
            raise ModelMismatchError(name=CARD) from error


def _verify(folder: Path, facts: dict[str, Any]) -> None:
    if facts["format"] != FORMAT:
        raise ModelMismatchError(name=CARD)
    for name in (ENCODER, HEAD):
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != facts["files"][name]["sha256"]:
            raise ModelMismatchError(name=name)


def _evidence(accuracy: dict[str, Any]) -> dict[int, Evidence]:
    """Every AU's figures; real ones from every clip that has the AU."""
    figures = accuracy["synthetic"]["action_units"]
    clips = accuracy["real"]["clips"]
    result = {}
    for au in AU_NUMBERS:
        real = {
            name: clip["action_units"][str(au)]
            for name, clip in clips.items()
            if str(au) in clip["action_units"]
        }
        names = ("icc", "r", "mae", "f1", "skew_f1", "inside")
        result[au] = Evidence(au=au, real=real, **{name: float(figures[str(au)][name]) for name in names})
    return result
