"""What the lists show of a recording and its result, small enough for the run's row."""

from typing import TypedDict

from analysis.engine.result_types import AnalysisResult
from analysis.engine.types import MediaInfo


class MediaFacts(TypedDict):
    """`Run.media_facts`."""

    seconds: float | None
    """None while neither header nor analysis has told."""
    start: float | None
    """Timestamp of the first frame, seconds; None before an analysis."""
    width: int
    height: int
    frame_rate: float | None
    frames: int | None
    codec: str
    has_audio: bool


class SignalValue(TypedDict):
    value: float
    low: float
    high: float


class Summary(TypedDict):
    """`Run.summary`."""

    tracks: int
    scored_seconds: float
    """Of the track that the signals are of: the person the recording is about; 0 where nothing was measured
    of that person."""
    signals: dict[str, SignalValue | None]
    """By the signal's key; None where there was not enough to score."""
    warnings: list[str]


def media_facts(media: MediaInfo, result: AnalysisResult | None = None) -> MediaFacts:
    """Facts as the header states them, or, with a result, as they were measured."""
    return {
        "seconds": result.seconds if result else media.duration,
        "start": result.start_time if result else None,
        "width": media.width,
        "height": media.height,
        "frame_rate": float(media.frame_rate) if media.frame_rate else None,
        "frames": result.frames if result else None,
        "codec": media.codec,
        "has_audio": media.has_audio,
    }


def summary(result: AnalysisResult) -> Summary:
    """The result in the few numbers a list shows."""
    main = result.main
    return {
        "tracks": len(result.tracks),
        "scored_seconds": main.quality.scored_seconds if main else 0.0,
        "signals": {
            signal.key: {
                "value": signal.overall.value,
                "low": signal.overall.low,
                "high": signal.overall.high,
            }
            if signal.overall
            else None
            for signal in (main.signals if main else ())
        },
        "warnings": list(result.warnings),
    }
