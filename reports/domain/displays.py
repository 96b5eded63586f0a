"""What a face did, as the report lists it: events, smiles, combinations, movements, each a frozen line."""

from dataclasses import dataclass
from typing import Self

from analysis.engine.action_units import ACTION_UNITS, AU_INDEX, ActionUnit, letter
from analysis.engine.finding_types import EmotionEpisode, EmotionScore, Event, Movement, Smile
from analysis.engine.findings.blinks import CONVERSATION
from analysis.engine.findings.patterns import PATTERNS
from analysis.engine.types import Interval

SHOWN_FROM = 10.0
"""Mean fit (0-100) from which a pattern stands in the first rows; the product's own choice."""
_SIDE_PREFIX = {"both": "", "left": "L", "right": "R"}
_ORDER = {pattern.key: place for place, pattern in enumerate(PATTERNS)}


def event_code(event: Event | Smile) -> str:
    """FACS notation of an event at its apex, such as `1C` or `R12D`."""
    au = event.au if isinstance(event, Event) else 12
    return f"{_SIDE_PREFIX[event.side]}{au}{letter(event.peak)}"


@dataclass(frozen=True, slots=True)
class EventLine:
    """An activation in FACS notation; times in seconds, velocities in points a second."""

    unit: ActionUnit
    code: str
    side: str
    onset: float
    apex: float
    offset: float
    peak: float
    onset_velocity: float
    offset_velocity: float
    first_frame: int
    apex_frame: int
    last_frame: int
    brief: bool
    """A possible brief display: under half a second, at a frame rate that can tell."""

    @classmethod
    def of(cls, event: Event) -> Self:
        return cls(
            unit=ACTION_UNITS[AU_INDEX[event.au]],
            code=event_code(event),
            side=event.side,
            onset=event.onset,
            apex=event.apex,
            offset=event.offset,
            peak=event.peak,
            onset_velocity=event.onset_velocity,
            offset_velocity=event.offset_velocity,
            first_frame=event.first_frame,
            apex_frame=event.apex_frame,
            last_frame=event.last_frame,
            brief=event.brief,
        )

    @property
    def duration(self) -> float:
        return self.offset - self.onset


@dataclass(frozen=True, slots=True)
class SmileLine:
    """A display of AU12; times in seconds, intensities 0-5 with their letters."""

    code: str
    """AU12 with its letter at the apex, and AU6 before it where it was seen: `6C+12D`."""
    duchenne: bool
    onset: float
    apex: float
    offset: float
    peak: float
    rise: float | None
    fall: float | None
    """Seconds from A to nine tenths of the peak and back; None where that was not seen."""
    cheeks: float | None
    asymmetry: float | None
    """Left less right over their sum, -1 to 1."""

    @classmethod
    def of(cls, smile: Smile) -> Self:
        cheeks = letter(smile.cheeks) if smile.cheeks is not None else ""
        return cls(
            code=f"6{cheeks}+{event_code(smile)}" if cheeks else event_code(smile),
            duchenne=smile.duchenne,
            onset=smile.onset,
            apex=smile.apex,
            offset=smile.offset,
            peak=smile.peak,
            rise=smile.onset_seconds,
            fall=smile.offset_seconds,
            cheeks=smile.cheeks,
            asymmetry=smile.asymmetry,
        )


@dataclass(frozen=True, slots=True)
class EpisodeLine:
    state: str
    combination: str
    start: float
    apex: float
    end: float
    fit: Interval

    @classmethod
    def of(cls, episode: EmotionEpisode) -> Self:
        return cls(episode.state, episode.combination, episode.start, episode.apex, episode.end, episode.fit)


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """How far a pattern was shown over the recording."""

    combination: str
    """The pattern's Action Units in FACS notation; empty where the table no longer has it."""
    state: str
    score: Interval | None
    seconds: float
    episodes: int

    @property
    def shown(self) -> bool:
        """Whether it stands in the first rows: it had an episode, or was near one for long."""
        return bool(self.episodes) or (self.score is not None and self.score.value >= SHOWN_FROM)


def score_lines(
    scores: tuple[EmotionScore, ...], episodes: tuple[EmotionEpisode, ...]
) -> tuple[ScoreLine, ...]:
    """Highest first, those without a score last; the table's order where they are equal."""
    codes = {pattern.key: pattern.code for pattern in PATTERNS}
    lines = [
        ScoreLine(
            codes.get(score.state, ""),
            score.state,
            score.score,
            score.seconds,
            sum(episode.state == score.state for episode in episodes),
        )
        for score in scores
    ]
    return tuple(sorted(lines, key=_rank))


def _rank(line: ScoreLine) -> tuple[float, int]:
    value = line.score.value if line.score else -1.0
    return -value, _ORDER.get(line.state, len(_ORDER))


def against(rate: Interval) -> str:
    """Where a rate of blinks stands to that of conversation: `under`, `over`, `within`, or `open`."""
    low, high = CONVERSATION
    if rate.high < low:
        return "under"
    if rate.low > high:
        return "over"
    return "within" if low <= rate.low and rate.high <= high else "open"


@dataclass(frozen=True, slots=True)
class MovementLine:
    kind: str
    start: float
    end: float
    size: float
    """Degrees."""

    @property
    def duration(self) -> float:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class MovementKind:
    """All movements of one kind, in order of time."""

    kind: str
    lines: tuple[MovementLine, ...]

    @property
    def seconds(self) -> float:
        return sum(line.duration for line in self.lines)

    @property
    def largest(self) -> MovementLine | None:
        return max(self.lines, key=lambda line: line.size, default=None)


MOVEMENTS = ("nod", "shake", "gaze_aversion")
"""The order in which they are told."""


def movement_kinds(movements: tuple[Movement, ...]) -> tuple[MovementKind, ...]:
    """Every kind, with or without a movement."""
    lines = [MovementLine(one.kind, one.start, one.end, one.size) for one in movements]
    return tuple(MovementKind(kind, tuple(line for line in lines if line.kind == kind)) for kind in MOVEMENTS)
