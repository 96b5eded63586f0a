"""What is said about one face track, as frozen values."""

from dataclasses import dataclass

from analysis.engine.types import F32, F64, Interval, Neutral


@dataclass(frozen=True, slots=True)
class AUSummary:
    """One Action Unit over a whole track; numbers are None when it was never scored."""

    au: int
    state: str
    """`AUState.code` that says the most: scored if any frame was."""
    scored_frames: int
    mean: Interval | None
    p95: float | None
    maximum: float | None
    present_share: float | None
    """Share of scored frames at B or above, 0-1."""
    left_mean: float | None
    right_mean: float | None


@dataclass(frozen=True, slots=True)
class Event:
    """One activation of an AU: from where it rises above A, over its apex, to where it falls below A."""

    au: int
    side: str
    """`both`, `left` or `right`."""
    onset: float
    apex: float
    offset: float
    """Seconds."""
    peak: float
    """Intensity at the apex, 0-5."""
    onset_velocity: float
    offset_velocity: float
    """Points a second, mean from A to nine tenths of the peak and back, both positive; 0 where that part
    was not seen."""
    first_frame: int
    apex_frame: int
    last_frame: int
    brief: bool = False
    """A possible brief display: shorter than 0.5 s, in a recording whose frame rate can tell (25 or more)."""
    full_from: float | None = None
    full_to: float | None = None
    """Seconds: when it first reached and last left nine tenths of its peak; None in results of versions that
    did not tell."""


@dataclass(frozen=True, slots=True)
class EmotionEpisode:
    """A stretch in which an AU combination of the declared table was shown."""

    state: str
    """Key of the state in the pattern table."""
    combination: str
    """What was seen at its strongest frame, in FACS notation, for example `6C+12D+25B`."""
    start: float
    apex: float
    end: float
    fit: Interval
    """0-100, how well combination and intensity fit the pattern."""


@dataclass(frozen=True, slots=True)
class EmotionScore:
    """How far a pattern was shown over the whole track."""

    state: str
    """Key of the state in the pattern table."""
    score: Interval | None
    """0-100, mean over the scored time; None where too many of its AUs were not scored."""
    seconds: float
    """In episodes of it."""


@dataclass(frozen=True, slots=True)
class SignalPoint:
    time: float
    """Seconds, the middle of the window."""
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Moment:
    """When a component moved a signal, and by how many points at most."""

    start: float
    end: float
    """Seconds."""
    moved: float


@dataclass(frozen=True, slots=True)
class Component:
    """One part of a signal and how far it moved the recording's value."""

    key: str
    weight: float
    level: float
    """0-1, mean over the windows."""
    moved: float
    """Points (of 100) by which it moved the value."""
    available: bool = True
    """False for a declared component that nothing measures yet (speech): it moves nothing."""
    moments: tuple[Moment, ...] = ()
    """When it moved the value most, at most five, in order of time."""


@dataclass(frozen=True, slots=True)
class Signal:
    """One of the three signals of a track; `overall` is None when there is not enough to score."""

    key: str
    """`trust`, `credibility` or `resistance`."""
    overall: Interval | None
    series: tuple[SignalPoint, ...]
    components: tuple[Component, ...]
    calibrated: Interval | None = None
    """`overall` after calibration to the declared cohort; None where no cohort was declared."""
    calibrated_series: tuple[SignalPoint, ...] = ()


@dataclass(frozen=True, slots=True)
class Smile:
    """One display of AU12 at B or above."""

    side: str
    """`both`, `left` or `right`."""
    onset: float
    apex: float
    offset: float
    """Seconds."""
    peak: float
    """0-5"""
    onset_seconds: float | None
    """From A to nine tenths of the peak; None where the rise was not seen."""
    offset_seconds: float | None
    """From nine tenths of the peak to A; None where the fall was not seen."""
    cheeks: float | None
    """Mean intensity of AU6 while the smile is at nine tenths of its peak or above, 0-5; None where it was
    not scored then, or is measured too badly to tell."""
    duchenne: bool
    """Whether `cheeks` is at B or above."""
    asymmetry: float | None
    """Left less right over their sum in the same time, -1 to 1; None where a side was not in view."""


@dataclass(frozen=True, slots=True)
class Smiles:
    """Displays of AU12 at B or above, by whether AU6 was present at the apex."""

    duchenne: int
    without_au6: int
    duchenne_seconds: float
    without_au6_seconds: float


@dataclass(frozen=True, slots=True)
class Blinks:
    """Blinks (AU45) of a track."""

    count: int
    per_minute: Interval | None
    """Of the time the eyes could be seen; None where that, or the frame rate, was too little."""


@dataclass(frozen=True, slots=True)
class Movement:
    """A stretch in which head or eyes did something, against the person's own usual direction."""

    kind: str
    """`nod`, `shake` or `gaze_aversion`."""
    start: float
    end: float
    """Seconds."""
    size: float
    """Degrees: of a nod or shake the largest way from one turning point to the next, of gaze the farthest
    from the usual direction."""


@dataclass(frozen=True, slots=True)
class OwnRange:
    """What is usual for the person: the range against which a display is called unusual."""

    source: str
    """`measured` in this track, or `carried` from an earlier recording of the same subject."""
    seconds: float
    """Scored time it was read from."""
    high: F32
    """(44,) 90th percentile of each AU's intensity, NaN where it was never scored."""
    usual: F64 | None = None
    """(2,) degrees, yaw and pitch that head and eyes together mostly have; None where open eyes were never
    seen."""


@dataclass(frozen=True, slots=True)
class TrackQuality:
    frames: int
    """In which the track was seen."""
    scored_frames: int
    scored_seconds: float
    excluded: dict[str, int]
    """Frames by exclusion code."""
    median_face_width: float
    """Pixels."""
    median_sharpness: float
    median_luma: float
    median_yaw: float | None = None
    median_pitch: float | None = None
    """Degrees, signs as in `Rows`. None, as the two below, in results of versions that did not tell."""
    covered_share: float | None = None
    """Share 0-1 of the frames in which something lay over a part of the face."""
    coverage: float | None = None
    """Share 0-1 of the time from the first frame to the last that was scored."""


@dataclass(frozen=True, slots=True)
class Activity:
    """Mean intensity of each AU in at most 600 equal bins, for charts."""

    start: float
    bin_seconds: float
    intensity: F32
    """(44, bins), NaN where nothing was scored."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """Why nothing was measured of a face; both are the caller's words, which the engine only repeats."""

    role: str
    """What the person is to whoever had the recording analysed."""
    reason: str
    """Stable code of what keeps them out."""


@dataclass(frozen=True, slots=True)
class TrackResult:
    """Everything said about one face track."""

    track: int
    start: float
    end: float
    quality: TrackQuality
    neutral: Neutral | None
    """None when no frame could be scored."""
    summaries: tuple[AUSummary, ...]
    """All 44, in the order of `ACTION_UNITS`."""
    events: tuple[Event, ...]
    emotions: tuple[EmotionEpisode, ...]
    signals: tuple[Signal, ...]
    smiles: Smiles | None
    """None where the model measures AU6 or AU12 too badly to count."""
    activity: Activity
    smile_displays: tuple[Smile, ...] = ()
    blinks: Blinks | None = None
    """None in results of versions that did not count them."""
    movements: tuple[Movement, ...] = ()
    emotion_scores: tuple[EmotionScore, ...] = ()
    """Of every pattern of the table."""
    own_range: OwnRange | None = None
    withheld: Withheld | None = None
    """Set of a face of which nothing was measured: times and number of frames are all there is then, and all
    tuples and arrays are empty."""
