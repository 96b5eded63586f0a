"""How the Action Unit model was measured, in the few figures a reader asks for first."""

from collections import Counter
from dataclasses import dataclass
from typing import Self

from analysis.engine.model_card import Grade
from analysis.engine.result_types import AUEvidence, ModelEvidence


@dataclass(frozen=True, slots=True)
class ClipAgreement:
    """A recording of real people, and the mean r with another system over all AUs that move there."""

    name: str
    mean_r: float


@dataclass(frozen=True, slots=True)
class Measured:
    name: str
    version: str
    card_sha256: str
    day: str
    people: int
    frames: int
    """Rendered, and never trained on."""
    units: int
    good: int
    """Action Units of grade A or B."""
    fair: int
    """Of grade C."""
    weak: tuple[AUEvidence, ...]
    """Of grade D."""
    clips: tuple[ClipAgreement, ...]

    @classmethod
    def of(cls, evidence: ModelEvidence) -> Self:
        grades = Counter(unit.grade for unit in evidence.action_units)
        return cls(
            name=evidence.name,
            version=evidence.version,
            card_sha256=evidence.card_sha256,
            day=evidence.measured,
            people=evidence.people,
            frames=evidence.frames,
            units=len(evidence.action_units),
            good=grades[Grade.A] + grades[Grade.B],
            fair=grades[Grade.C],
            weak=tuple(unit for unit in evidence.action_units if unit.grade == Grade.D),
            clips=tuple(ClipAgreement(name, mean) for name, mean in evidence.clips.items()),
        )

    @property
    def lowest(self) -> ClipAgreement | None:
        return min(self.clips, key=lambda clip: clip.mean_r, default=None)

    @property
    def highest(self) -> ClipAgreement | None:
        return max(self.clips, key=lambda clip: clip.mean_r, default=None)
