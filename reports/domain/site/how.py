"""The way of a recording through the product: its steps, and how long each thing made on the way is there."""

from dataclasses import dataclass
from typing import Self

from accounts.domain.retention import limits
from accounts.domain.retention.limits import Limit
from accounts.enums import DataClass
from analysis.engine.quality import Thresholds


@dataclass(frozen=True, slots=True)
class Step:
    key: str
    name: str
    lines: tuple[str, ...]
    """The name as it is broken in the drawing."""
    said: tuple[str, ...]
    """What is said where the step fails, in a few words, broken likewise."""
    human: bool = False
    """Whether a person does it."""


@dataclass(frozen=True, slots=True)
class Life:
    """Something that is made on the way, and from which step to which it is there."""

    name: str
    made: str
    gone: str
    erased: bool
    """Whether it stays until its due date; else it goes with the work itself."""
    why: str = ""
    """Said at the end of what goes early."""


STEPS = (
    Step("declare", "Declare", ("Declare",), ("use refused,", "with its source"), human=True),
    Step("decode", "Decode", ("Decode",), ("file refused,", "with a code")),
    Step("follow", "Follow", ("Follow",), ("frame excluded,", "with a reason")),
    Step("neutral", "Neutral", ("Neutral",), ("how it was", "found")),
    Step("action-units", "Action Units", ("Action", "Units"), ("“not visible”,", "never zero")),
    Step("combinations", "Events and combinations", ("Events and", "combinations"), ("“none of", "these”")),
    Step("signals", "Signals", ("Signals",), ("“not enough", "to score”")),
    Step("calibration", "Calibration", ("Calibration",), ("“no evidence”", "by cohort")),
    Step("report", "Report", ("Report",), ("what is", "left out")),
    Step("review", "Review", ("Review",), ("sent back,", "with remarks"), human=True),
    Step("erasure", "Erasure", ("Erasure",), ("what holds", "it back")),
)

LIVES = (
    Life("Recording", "decode", "erasure", erased=True),
    Life("Pictures", "decode", "follow", erased=False, why="never written to disk"),
    Life("Frame landmarks", "follow", "report", erased=False, why="gone when the analysis ends"),
    Life("Neutral face", "neutral", "erasure", erased=True),
    Life("Frame table", "action-units", "erasure", erased=True),
    Life("Result", "combinations", "erasure", erased=True),
    Life("Report", "report", "erasure", erased=True),
)


@dataclass(frozen=True, slots=True)
class How:
    steps: tuple[Step, ...]
    lives: tuple[Life, ...]
    thresholds: Thresholds
    """Outside of which a face is not measured."""
    media: Limit
    frames: Limit
    findings: Limit
    reports: Limit
    geometry: Limit
    """How long each is kept where nobody chose."""

    @classmethod
    def shipped(cls) -> Self:
        return cls(
            steps=STEPS,
            lives=LIVES,
            thresholds=Thresholds(),
            media=limits.of(DataClass.MEDIA),
            frames=limits.of(DataClass.FRAMES),
            findings=limits.of(DataClass.FINDINGS),
            reports=limits.of(DataClass.REPORTS),
            geometry=limits.of(DataClass.GEOMETRY),
        )


def index_of(key: str) -> int:
    """A step's place on the way, from 0."""
    return [step.key for step in STEPS].index(key)
