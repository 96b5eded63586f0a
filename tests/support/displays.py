"""What the person of `tests.support.results` did besides single Action Units; made up, but in their times."""

import numpy as np

from analysis.engine.action_units import AU_COUNT, AU_INDEX
from analysis.engine.finding_types import Blinks, EmotionScore, Moment, Movement, OwnRange, Smile
from analysis.engine.findings.patterns import PATTERNS
from analysis.engine.types import Interval

_SCORES = {
    "happiness": (Interval(31.4, 26.0, 38.1), 7.7),
    "surprise": (Interval(12.2, 7.5, 18.0), 2.6),
    "anger": (Interval(6.3, 2.9, 13.4), 0.0),
}
_HIGH = {1: 2.6, 6: 2.4, 12: 3.3, 17: 0.7, 25: 1.9, 31: 1.8}


def example_smiles(seconds: float) -> tuple[Smile, ...]:
    """Two Duchenne displays and one without AU6, as far as they fit."""
    smiles = (
        Smile("both", 4.1, 5.2, 7.9, 3.4, 0.55, 1.2, 2.7, duchenne=True, asymmetry=-0.02),
        Smile("right", 20.1, 20.7, 22.9, 2.2, 0.31, 0.24, 0.4, duchenne=False, asymmetry=-0.41),
        Smile("both", 31.1, 33.0, 35.9, 4.1, 0.62, None, 3.2, duchenne=True, asymmetry=0.05),
    )
    return tuple(smile for smile in smiles if smile.offset < seconds)


def example_blinks(seconds: float) -> Blinks:
    count = int(seconds / 3.1)
    rate = count / max(seconds, 1.0) * 60
    return Blinks(count, Interval(rate, 0.7 * rate, 1.35 * rate) if seconds >= 10 else None)


def example_movements(seconds: float) -> tuple[Movement, ...]:
    movements = (
        Movement("nod", 5.0, 6.2, 6.4),
        Movement("gaze_aversion", 11.5, 13.1, 21.0),
        Movement("gaze_aversion", 27.0, 27.9, 14.2),
    )
    return tuple(movement for movement in movements if movement.end < seconds)


def example_scores() -> tuple[EmotionScore, ...]:
    """Of every pattern; the last of the table was not scored."""
    scores = []
    for pattern in PATTERNS:
        value, seconds = _SCORES.get(pattern.key, (Interval(1.5, 0.2, 4.0), 0.0))
        scores.append(EmotionScore(pattern.key, value, seconds))
    return (*scores[:-1], EmotionScore(PATTERNS[-1].key, None, 0.0))


def example_moments(place: int, moved: float, seconds: float) -> tuple[Moment, ...]:
    """When the component of that place in its signal moved it most."""
    times = ((4.0 + place, 7.5 + place, 2.4), (31.0 + place / 2, 34.0 + place / 2, 3.0))
    return tuple(Moment(start, end, moved * factor) for start, end, factor in times if end < seconds)


def example_range(seconds: float) -> OwnRange:
    high = np.zeros(AU_COUNT, np.float32)
    for au, value in _HIGH.items():
        high[AU_INDEX[au]] = value
    return OwnRange("measured", seconds, high)
