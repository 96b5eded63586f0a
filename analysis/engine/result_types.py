"""A whole analysis as one frozen value."""

from collections.abc import Callable
from dataclasses import dataclass

from analysis.engine.finding_types import TrackResult
from analysis.engine.findings.cohorts import Cohort
from analysis.engine.types import MediaInfo


@dataclass(frozen=True, slots=True)
class ModelFact:
    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class AUEvidence:
    """How well the model measures one AU, as its card said when the recording was analysed."""

    au: int
    grade: str
    """A to D by ICC(3,1) on rendered people; D feeds no signal."""
    icc: float
    real: dict[str, float]
    """By clip of real people, Pearson's r with another system; empty where none was compared."""
    reason: str
    """`model_card.Reason` that makes the AU hard to see."""


@dataclass(frozen=True, slots=True)
class ModelEvidence:
    """The Action Unit model's card in short, as it was when the recording was analysed."""

    name: str
    version: str
    card_sha256: str
    measured: str
    """Day of the measurement, as in the card (YYYY-MM-DD)."""
    people: int
    """Rendered people the synthetic figures come from, none of them in the training data."""
    frames: int
    clips: dict[str, float]
    """By clip of real people, mean r over all AUs that move in the other system, unscored as 0."""
    action_units: tuple[AUEvidence, ...]
    """All 44, in the order of `ACTION_UNITS`."""


@dataclass(frozen=True, slots=True)
class AnalysisResult:
    """What `result.json` holds."""

    engine_version: str
    configuration: dict[str, float | int | str]
    configuration_sha256: str
    models: tuple[ModelFact, ...]
    media: MediaInfo
    frames: int
    """Decoded."""
    start_time: float
    end_time: float
    """Seconds, timestamps of the first and the last frame."""
    excluded: dict[str, int]
    """Rows of the frame table by exclusion code."""
    frames_sha256: str
    """Of the frame table's Parquet file."""
    warnings: tuple[str, ...]
    """`Warn` values."""
    tracks: tuple[TrackResult, ...]
    """First the person the recording is about: the one most seen, in the stretch marked as neutral where
    there is one. Then the others, longest scored first, and last those that are withheld."""
    evidence: ModelEvidence | None = None
    """None in results of versions before the trained model."""
    cohort: Cohort | None = None
    """Declared for the person seen most, with the parameters it had when the recording was analysed."""
    subject_absent: bool = False
    """The person the recording is about is none of those of whom something was measured."""

    @property
    def main(self) -> TrackResult | None:
        """The face of the person the recording is about; None where nothing was measured of it."""
        first = self.tracks[0] if self.tracks else None
        return None if first is None or first.withheld or self.subject_absent else first

    @property
    def seconds(self) -> float:
        """From the first to the last frame."""
        return self.end_time - self.start_time


Progress = Callable[[str, int, int | None], None]
"""Called with the stage (`analysing`, `scoring`, `reporting`), frames done, and the total where it
is known; may raise `CancelledError` to stop."""
