"""What a track is measured from: its own estimated neutral, one marked in it, or one carried over.

A neutral that is carried over brings the person's range along (`findings.own_range`).
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.engine import neutral
from analysis.engine.errors import NeutralOfOtherModelError, NeutralUnusableError
from analysis.engine.finding_types import OwnRange
from analysis.engine.model_card import ModelCard
from analysis.engine.people import People
from analysis.engine.result_types import AnalysisResult
from analysis.engine.spool import SpoolReader
from analysis.engine.types import NO_TRACK, U8, Exclusion, Neutral, Warn

I64 = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the recording, by the frames' own timestamps; both ends belong to it."""

    start: float
    end: float
    """Seconds."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An earlier result whose neutral was kept for the person, to be taken where it can be."""

    result: AnalysisResult | None
    """None where it is gone."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What is taken over from an earlier result."""

    neutral: Neutral
    own_range: OwnRange | None
    """None where it was not known, or another version of the model measured it."""


Given = Span | AnalysisResult | Kept
"""What an analysis may be given; an earlier result by itself must be usable, a kept one need not be."""
Told = Span | Carried
"""Where the person most seen shows a neutral face, or which one to take."""


def told_of(given: Given | None, card: ModelCard) -> tuple[Told | None, Warn | None]:
    """What is told by what was given, and why a kept neutral is not taken.

    Raises as `carried` where the result given is not a kept one.
    """
    if isinstance(given, AnalysisResult):
        return carried(given, card), None
    if not isinstance(given, Kept):
        return given, None
    if given.result is None:
        return None, Warn.KEPT_NEUTRAL_MISSING
    try:
        return carried(given.result, card), None
    except NeutralOfOtherModelError:
        return None, Warn.KEPT_NEUTRAL_OF_OTHER_MODEL
    except NeutralUnusableError:
        return None, Warn.KEPT_NEUTRAL_MISSING


def carried(earlier: AnalysisResult, card: ModelCard) -> Carried:
    """The neutral of the person an earlier recording shows most, and that person's range.

    Raises NeutralOfOtherModelError where another encoder made it, since its codes mean nothing to this one,
    and NeutralUnusableError where the recording has no neutral.
    """
    model, encoder = card.models
    if encoder not in earlier.models:
        raise NeutralOfOtherModelError(name=card.name, version=card.version)
    track = earlier.main
    if track is None or track.neutral is None:
        raise NeutralUnusableError
    # A range is in points of the scale, which another version measures otherwise.
    usual = track.own_range if model in earlier.models else None
    return Carried(replace(track.neutral, source="carried"), usual and replace(usual, source="carried"))


def subject_track(spool: SpoolReader, told: Told | None, people: People | None = None) -> int | None:
    """The person most seen, whom `told` is about: usable in most rows of the stretch, or of the recording.

    Where it was told who the `people` are, of the recording's subject's tracks the one most seen.
    None where there is no such track. Raises NeutralUnusableError where none is usable in the stretch.
    """
    columns = spool.columns()
    usable = (columns.excluded == Exclusion.NONE) & (columns.track != NO_TRACK)
    if people:
        usable &= np.isin(columns.track, sorted(people.subject))
    if isinstance(told, Span):
        usable &= (columns.time >= told.start) & (columns.time <= told.end)
        if not usable.any():
            raise NeutralUnusableError(start=told.start, end=told.end)
    if not usable.any():
        return None
    numbers, counts = np.unique(columns.track[usable], return_counts=True)
    return int(numbers[counts.argmax()])


def choose(spool: SpoolReader, rows: I64, regions: U8, told: Told | None) -> Neutral | None:
    """Neutral of one track with these rows and covered regions; None where no row of it is measured.

    Raises NeutralUnusableError where the stretch told has no usable row.
    """
    if isinstance(told, Carried):
        return told.neutral
    bare = rows[regions == 0]
    if told is not None:
        return _marked(spool, bare, told)
    return next(filter(None, (_estimated(spool, some) for some in (bare, rows))), None)


def _estimated(spool: SpoolReader, rows: I64) -> Neutral | None:
    sampled = neutral.sample(spool.blocks(rows), len(rows))
    return neutral.estimate(sampled) if sampled else None


def _marked(spool: SpoolReader, rows: I64, span: Span) -> Neutral:
    time = spool.columns(rows).time
    inside = rows[(time >= span.start) & (time <= span.end)]
    sampled = neutral.sample(spool.blocks(inside), len(inside))
    if sampled is None:
        raise NeutralUnusableError(start=span.start, end=span.end)
    return neutral.marked(sampled)
