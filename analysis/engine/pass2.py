"""Pass 2: from the spool alone to every track's Action Units and findings, and the frame table's rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analysis.engine import cover, neutral_choice, scoring, series_store, visibility
from analysis.engine.action_units import AU_COUNT
from analysis.engine.au_network import AUNetwork
from analysis.engine.clock import StageClock
from analysis.engine.finding_types import Activity, TrackQuality, TrackResult, Withheld
from analysis.engine.findings.cohorts import Cohort
from analysis.engine.findings.track import describe_track
from analysis.engine.neutral_choice import Carried, Told
from analysis.engine.spool import BLOCK, SpoolReader
from analysis.engine.types import U8, AUSeries, AUState, Exclusion, Neutral, Rows

I64 = NDArray[np.int64]
_COMPARED = 128
"""Rows whose colours are compared at once; more would not stay in the processor's cache."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a track's person beforehand."""

    told: Told | None = None
    """Their neutral or where it is; None for it to be estimated."""
    cohort: Cohort | None = None
    """None where none was declared."""


@dataclass(frozen=True, slots=True)
class ScoredTrack:
    """One track: where its rows lie in the spool, and what was scored of them."""

    track: int
    rows: I64
    """(n,) indices into the spool, in order of time."""
    series: AUSeries
    result: TrackResult


def score_track(
    spool: SpoolReader,
    track: int,
    rows: I64,
    network: AUNetwork,
    known: Known,
    folder: Path,
    clock: StageClock,
) -> ScoredTrack:
    """Find what is covered and the track's neutral, score its rows against it, and say what they show.

    Raises NeutralUnusableError.
    """
    with clock.stage("cover"):
        regions = _covered(spool, rows)
    with clock.stage("neutral"):
        face = neutral_choice.choose(spool, rows, regions, known.told)
    with clock.stage("action units"):
        series = _series(spool, rows, regions, network, face, folder / f"track-{track}")
    with clock.stage("findings"):
        usual = known.told.own_range if isinstance(known.told, Carried) else None
        weak, columns = network.card.weak, spool.columns(rows)
        result = describe_track(track, columns, series, face, weak, usual, known.cohort, regions)
    return ScoredTrack(track, rows, series, result)


def withhold(spool: SpoolReader, track: int, rows: I64, why: Withheld) -> TrackResult:
    """The track as what is left of it where nothing may be measured: from when to when it was seen.

    Its rows say so from here on, and have no measurement of their own any more.
    """
    spool.amend(rows, np.full(len(rows), Exclusion.WITHHELD, np.uint8), np.zeros(len(rows), np.float32))
    time, nothing = spool.columns(rows).time, float("nan")
    counts = {Exclusion.WITHHELD.code: len(rows)}
    return TrackResult(
        track=track,
        start=float(time[0]),
        end=float(time[-1]),
        quality=TrackQuality(len(rows), 0, 0.0, counts, nothing, nothing, nothing),
        neutral=None,
        summaries=(),
        events=(),
        emotions=(),
        signals=(),
        smiles=None,
        activity=Activity(float(time[0]), 0.0, np.zeros((0, 0), np.float32)),
        withheld=why,
    )


def _covered(spool: SpoolReader, rows: I64) -> U8:
    """(n,) `cover.Region` flags; exclusions and confidence in the spool are brought up to date."""
    columns, known = spool.columns(rows), _reference(spool, rows)
    shares, apart = np.zeros((len(rows), 3), dtype=np.float32), np.zeros(len(rows), dtype=np.float32)
    confidence = np.zeros(len(rows), dtype=np.float32)
    for start in range(0, len(rows), _COMPARED):
        here = slice(start, start + _COMPARED)
        looks = spool.read_looks(rows[here])
        apart[here], confidence[here] = looks.eyes_apart, looks.presence
        if known is not None:
            found = cover.compare(looks.colour, columns.pose[here], known)
            shares[here] = found.shares
            confidence[here] *= 1 - found.whole
    regions = cover.covered(shares, apart)
    newly = visibility.too_much(regions) & (columns.excluded == Exclusion.NONE)
    spool.amend(rows, np.where(newly, Exclusion.COVERED, columns.excluded).astype(np.uint8), confidence)
    return regions


def _reference(spool: SpoolReader, rows: I64) -> cover.Reference | None:
    """How the track's face looks; None of too few rows."""
    usable = rows[spool.columns(rows).excluded == Exclusion.NONE]
    if len(usable) < cover.THRESHOLDS.fewest:
        return None
    chosen = usable[:: max(1, -(-len(usable) // cover.REFERENCE_ROWS))]
    # Row by row: in a long recording the chosen ones lie far apart, and what is between need not be read.
    points = np.concatenate([spool.read_rows(one).points for one in chosen[:, None]])
    colour = np.concatenate([spool.read_looks(one).colour for one in chosen[:, None]])
    return cover.reference(colour, points)


def _series(
    spool: SpoolReader, rows: I64, regions: U8, network: AUNetwork, face: Neutral | None, folder: Path
) -> AUSeries:
    if face is None:
        return series_store.store([series_store.unscored(len(rows), UNSEEN)], len(rows), folder)
    scored = visibility.hide(scoring.score_track(spool.blocks(rows), face, network), regions)
    return series_store.store(scored, len(rows), folder)


UNSEEN = np.full(AU_COUNT, AUState.NOT_VISIBLE, dtype=np.uint8)
"""The state of each AU in a row without numbers."""


def table_blocks(spool: SpoolReader, tracks: list[ScoredTrack]) -> Iterator[tuple[Rows, AUSeries]]:
    """All rows of the recording in order of frame and track, with their series."""
    columns = spool.columns()
    order = np.lexsort((columns.track, columns.frame))
    owner, place = _owners(len(order), tracks)
    for start in range(0, len(order), BLOCK):
        rows = order[start : start + BLOCK]
        yield spool.columns(rows), _gathered(owner[rows], place[rows], tracks)


def _owners(count: int, tracks: list[ScoredTrack]) -> tuple[I64, I64]:
    """For each row of the spool: which of `tracks` it belongs to (-1: none), and its place in it."""
    owner, place = np.full(count, -1, dtype=np.int64), np.zeros(count, dtype=np.int64)
    for number, scored in enumerate(tracks):
        owner[scored.rows] = number
        place[scored.rows] = np.arange(len(scored.rows))
    return owner, place


def _gathered(owner: I64, place: I64, tracks: list[ScoredTrack]) -> AUSeries:
    gathered = series_store.unscored(len(owner), UNSEEN)
    for number in np.unique(owner[owner >= 0]):
        here = owner == number
        # A track's rows within a block lie together in its own series, so this reads one stretch of disk.
        first, last = place[here].min(), place[here].max() + 1
        stretch = series_store.part(tracks[number].series, slice(first, last))
        series_store.put(gathered, here, stretch, place[here] - first)
    return gathered
