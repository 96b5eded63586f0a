"""Everything that is said about one face track, put together."""

from analysis.engine.finding_types import OwnRange, TrackResult
from analysis.engine.findings import own_range, reliability
from analysis.engine.findings.activity import activity
from analysis.engine.findings.blinks import count_blinks
from analysis.engine.findings.cohorts import Cohort
from analysis.engine.findings.emotions import describe_emotions
from analysis.engine.findings.events import find_events
from analysis.engine.findings.movements import find_movements
from analysis.engine.findings.quality import track_quality
from analysis.engine.findings.signals import describe_signals
from analysis.engine.findings.smiles import count_smiles, find_smiles
from analysis.engine.findings.summary import summarise
from analysis.engine.types import U8, AUSeries, Exclusion, Neutral, Rows


def describe_track(
    track: int,
    rows: Rows,
    series: AUSeries,
    neutral: Neutral | None,
    weak: frozenset[int] = frozenset(),
    carried_range: OwnRange | None = None,
    cohort: Cohort | None = None,
    regions: U8 | None = None,
) -> TrackResult:
    """Findings of one track from its n rows, in order of time, and their series.

    `weak` are the numbers of the AUs that the model measures too badly for anything to be made of them: they
    have summaries and events, and feed no emotion state, no signal and no count of smiles.
    `carried_range` is the person's range in an earlier recording, which is taken before this track's own;
    `cohort` is what the signals are also calibrated to; `regions` (n,) are `cover.Region` flags.

    The rows' landmarks are not looked at and may be left out: (n, 0, 3). The series may be
    memory-mapped: few of its rows are held at once. docs/benchmarks.md has the time a row takes.
    """
    with reliability.of_track(series):
        events = find_events(series, rows.time, rows.frame, weak)
        smiles = find_smiles(events, series, rows.time, weak)
        emotions = describe_emotions(series, rows.time, weak)
        usual = own_range.of_track(rows, series, carried_range, weak)
        return TrackResult(
            track=track,
            start=float(rows.time[0]),
            end=float(rows.time[-1]),
            quality=track_quality(rows, regions),
            neutral=neutral,
            summaries=summarise(series, rows.time),
            events=events,
            emotions=emotions.episodes,
            emotion_scores=emotions.scores,
            signals=describe_signals(rows, series, weak, usual, cohort),
            smiles=count_smiles(smiles, weak),
            smile_displays=smiles,
            blinks=count_blinks(events, series, rows.time, weak),
            movements=find_movements(rows, series, rows.excluded == Exclusion.NONE, weak),
            activity=activity(series, rows.time),
            own_range=usual,
        )
