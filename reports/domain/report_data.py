"""What a report shows, frozen: charts, pages and the PDF read this and nothing else.

Keys (signals, components, states, reasons) are the engine's; their words stand in `reports.labels`.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from analysis.engine.action_units import ACTION_UNITS, ActionUnit, Group, letter
from analysis.engine.finding_types import Activity, Blinks, OwnRange, Smiles
from analysis.engine.findings.patterns import PATTERNS
from analysis.engine.result_types import AUEvidence, ModelFact
from analysis.engine.types import U8, Interval, MediaInfo
from reports.domain.cohort_page import CohortLine, CohortPage
from reports.domain.displays import EpisodeLine, EventLine, MovementKind, ScoreLine, SmileLine
from reports.domain.measured import Measured
from reports.domain.questions import Questions
from reports.domain.signals import SignalReport
from reports.domain.span import Span

DETAILED_TRACKS = 4
STRONGEST_EVENTS = 20
OF_ONE_UNIT = 3
_THRESHOLD = "threshold_"


@dataclass(frozen=True, slots=True)
class Signature:
    """Of the reviewer who signed a report."""

    name: str
    signed_at: datetime
    """Aware."""
    remarks: str
    draft_sha256: str
    """Of the draft that was read, in hexadecimal."""


@dataclass(frozen=True, slots=True)
class RecordingFacts:
    """Who and what the report is about; empty strings and None where there is nothing to say."""

    title: str
    original_name: str
    organisation: str = ""
    project: str = ""
    subject: str = ""
    recording_id: str = ""
    run_id: str = ""
    uploaded_at: datetime | None = None
    analysed_at: datetime | None = None
    """Both aware; shown in `time_zone`."""
    time_zone: str = "UTC"
    neutral_from: str = ""
    """Title and day of the recording that a kept neutral comes from."""
    signature: Signature | None = None
    """None while the report is a draft."""


@dataclass(frozen=True, slots=True)
class Count:
    """Rows of the frame table under one exclusion code, and their share of all (0-1)."""

    code: str
    frames: int
    share: float


@dataclass(frozen=True, slots=True)
class AUFinding:
    """One scored Action Unit over a track; letters are FACS A-E, empty below A."""

    unit: ActionUnit
    mean: Interval
    mean_letter: str
    p95: float
    p95_letter: str
    maximum: float
    present_share: float
    left_mean: float | None
    right_mean: float | None
    leans: str
    """`left` or `right` where the mean is one-sided, else empty."""
    scored_share: float
    """Of the frames in which the face was seen, 0-1."""
    evidence: AUEvidence | None
    """None in results of versions before the trained model."""
    events: int
    strongest: str
    """The event of highest peak in FACS notation, such as `R12D`; empty when there was none."""
    strongest_at: float | None
    """Seconds of its apex."""

    @property
    def still(self) -> bool:
        """Whether the unit never rose to B: its row may stand back."""
        return not self.events and not self.present_share


@dataclass(frozen=True, slots=True)
class GroupReport:
    """The Action Units of one of the four groups, but for those of grade D."""

    group: Group
    findings: tuple[AUFinding, ...]
    not_scorable: tuple[ActionUnit, ...]
    """By the model of an earlier version, in any frame."""
    not_visible: tuple[ActionUnit, ...]
    """Scorable, but never seen well enough on this track; of grade D or not."""


@dataclass(frozen=True, slots=True)
class NeutralFact:
    source: str
    frames: int
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class QualityFact:
    frames: int
    scored_frames: int
    scored_share: float
    scored_seconds: float
    excluded: tuple[Count, ...]
    face_width: float
    sharpness: float
    luma: float
    yaw: float | None
    pitch: float | None
    """Degrees, medians; None, as the two below, in results of versions that did not tell."""
    covered_share: float | None
    """Of the frames, 0-1."""
    coverage: float | None
    """Share 0-1 of the time that was scored."""


@dataclass(frozen=True, slots=True)
class TrackReport:
    """One face, from its first frame to its last."""

    number: int
    start: float
    end: float
    scored: bool
    """Whether the signals have numbers; False reads "not enough to score"."""
    quality: QualityFact
    neutral: NeutralFact | None
    signals: tuple[SignalReport, ...]
    groups: tuple[GroupReport, ...]
    weak: tuple[AUFinding, ...]
    """Those of grade D, which feed nothing else here, in order of number."""
    events: tuple[EventLine, ...]
    """In order of onset; none of a unit of grade D."""
    episodes: tuple[EpisodeLine, ...]
    scores: tuple[ScoreLine, ...]
    """Of every pattern of the table, highest first; empty in results of versions that had none."""
    smiles: Smiles | None
    """None where AU6 or AU12 is of grade D."""
    smile_lines: tuple[SmileLine, ...]
    """In order of onset."""
    blinks: Blinks | None
    """None in results of versions that did not count them."""
    movements: tuple[MovementKind, ...]
    """Of every kind; empty in results of versions that looked for none."""
    own_range: OwnRange | None
    activity: Activity
    coverage: U8 | None
    """(bins,) `Exclusion` that held for most of each bin; bins are equal parts of the recording."""

    @property
    def has_findings(self) -> bool:
        return bool(self.weak) or any(group.findings for group in self.groups)

    @property
    def largest_side(self) -> float:
        """Largest mean of a side, for drawings to share a scale."""
        found = [finding for group in self.groups for finding in group.findings]
        return max((max(one.left_mean or 0.0, one.right_mean or 0.0) for one in found), default=0.0)

    @property
    def most_present(self) -> tuple[AUFinding, ...]:
        """The three Action Units most often at B or above, of those that ever were."""
        shown = [finding for group in self.groups for finding in group.findings if finding.present_share > 0]
        shown.sort(key=lambda finding: (-finding.present_share, finding.unit.number))
        return tuple(shown[:3])

    @property
    def best_episode(self) -> EpisodeLine | None:
        return max(self.episodes, key=lambda episode: episode.fit.value, default=None)

    @property
    def brief(self) -> tuple[EventLine, ...]:
        """Possible brief displays."""
        return tuple(event for event in self.events if event.brief)

    @property
    def shown_scores(self) -> tuple[ScoreLine, ...]:
        return tuple(line for line in self.scores if line.shown)

    @property
    def other_scores(self) -> tuple[ScoreLine, ...]:
        return tuple(line for line in self.scores if not line.shown)

    @property
    def usual(self) -> tuple[tuple[ActionUnit, float, str], ...]:
        """The person's own upper range where it reaches A: unit, intensity 0-5, letter; highest first.

        Without Action Units of grade D.
        """
        if self.own_range is None:
            return ()
        weak = {finding.unit for finding in self.weak}
        ends = zip(ACTION_UNITS, self.own_range.high.tolist(), strict=True)
        found = [(unit, high, letter(high)) for unit, high in ends if letter(high) and unit not in weak]
        return tuple(sorted(found, key=lambda one: (-one[1], one[0].number)))

    @property
    def strongest_events(self) -> tuple[EventLine, ...]:
        """At most `STRONGEST_EVENTS`, `OF_ONE_UNIT` of one Action Unit, in order of onset."""
        return _strongest(self.events, STRONGEST_EVENTS, OF_ONE_UNIT)

    @property
    def peaks(self) -> tuple[EventLine, ...]:
        """The strongest event of each of the six Action Units that went highest, in order of apex."""
        return tuple(sorted(_strongest(self.events, 6, 1), key=lambda event: event.apex))


def _strongest(events: tuple[EventLine, ...], most: int, of_one_unit: int) -> tuple[EventLine, ...]:
    seen: Counter[int] = Counter()
    chosen = []
    for event in sorted(events, key=lambda event: (-event.peak, event.onset, event.unit.number)):
        seen[event.unit.number] += 1
        if seen[event.unit.number] <= of_one_unit:
            chosen.append(event)
    return tuple(sorted(chosen[:most], key=lambda event: (event.onset, event.unit.number)))


@dataclass(frozen=True, slots=True)
class WithheldFace:
    """A face of which nothing was measured: who the person is, and why."""

    number: int
    start: float
    end: float
    """Seconds: when it was first and last seen."""
    frames: int
    role: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReportData:
    facts: RecordingFacts
    media: MediaInfo
    frames: int
    span: Span
    warnings: tuple[str, ...]
    excluded: tuple[Count, ...]
    tracks: tuple[TrackReport, ...]
    engine_version: str
    configuration: tuple[tuple[str, str], ...]
    configuration_sha256: str
    models: tuple[ModelFact, ...]
    frames_sha256: str
    measured: Measured | None
    """None in results of versions before the trained model."""
    cohort: CohortLine | None
    """Declared for the person seen most, with the numbers it had at the analysis."""
    cohorts: CohortPage
    """The list that this version ships; `cohort` may be of another, or of an organisation's calibration."""
    questions: Questions | None
    """As `measured`."""
    withheld: tuple[WithheldFace, ...] = ()
    """Faces that are left out; none of them is among `tracks`."""
    subject_absent: bool = False
    """Nothing was measured of the person the recording is about: the first of `tracks` is somebody else."""

    @property
    def weak(self) -> frozenset[int]:
        """Action Units of grade D."""
        return frozenset(unit.au for unit in self.measured.weak) if self.measured else frozenset()

    @property
    def thresholds(self) -> tuple[tuple[str, str], ...]:
        """The settings beyond which a face has no Action Units in a frame, with their values."""
        return tuple((name, value) for name, value in self.configuration if name.startswith(_THRESHOLD))

    @property
    def unsought(self) -> tuple[str, ...]:
        """Patterns that too many Action Units of grade D keep from being looked for."""
        return tuple(pattern.key for pattern in PATTERNS if not pattern.known(self.weak.__contains__))

    @property
    def detailed(self) -> tuple[TrackReport, ...]:
        """The faces with a section of their own: those with findings, at most `DETAILED_TRACKS`."""
        return tuple(track for track in self.tracks if track.has_findings)[:DETAILED_TRACKS]

    @property
    def listed(self) -> tuple[TrackReport, ...]:
        """All other faces."""
        shown = {track.number for track in self.detailed}
        return tuple(track for track in self.tracks if track.number not in shown)

    @property
    def identifier(self) -> str:
        """What stands on every page: the recording's id, or the input's hash where there is none."""
        return self.facts.recording_id or self.media.sha256[:16]
