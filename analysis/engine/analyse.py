"""The whole analysis of one recording: probe, pass 1 and joining (`segments`), pass 2, frame table."""

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import cv2
import numpy as np

from analysis.engine import (
    ENGINE_VERSION,
    cover,
    frame_table,
    neutral_choice,
    pass1,
    pass2,
    quality,
    segments,
    tracks,
)
from analysis.engine.clock import StageClock
from analysis.engine.evidence import evidence_of
from analysis.engine.finding_types import TrackResult
from analysis.engine.findings import patterns, reliability, signal_table
from analysis.engine.findings.cohorts import Cohort
from analysis.engine.joining import LONGEST_GAP
from analysis.engine.model_card import ModelCard
from analysis.engine.neutral_choice import Given, Kept, Span, Told
from analysis.engine.people import People, Seen, seen
from analysis.engine.probe import Limits
from analysis.engine.result_types import AnalysisResult, Progress
from analysis.engine.runtime import Models
from analysis.engine.segments import Merged
from analysis.engine.spool import SpoolReader
from analysis.engine.types import GRID, NO_TRACK, AUSeries, Exclusion, Rows, Warn

LOWEST_FRAME_RATE = 15.0
"""Frames a second under which blinks and short displays are missed: a blink lasts 0.1 to 0.4 s."""
FRAMES_FILE = "frames.parquet"
Watch = Callable[[Rows, AUSeries], None]


@dataclass(frozen=True, slots=True)
class Config:
    """What may differ between two analyses of one file."""

    limits: Limits = field(default_factory=Limits)
    neutral: Given | None = None
    """Where the person seen most in it shows a neutral face, or an earlier result whose neutral and range to
    take for the person seen most in the recording. None: every person's neutral is estimated."""
    cohort: Cohort | None = None
    """That of the person seen most, where it was declared."""
    who: Callable[[tuple[Seen, ...]], People] | None = None
    """Asked who the faces are once they are known; may raise, which ends the scoring before it began. None:
    every face is analysed, and the person seen most is the one the recording is about."""

    def facts(self, card: ModelCard, people: People | None = None) -> dict[str, float | int | str]:
        """Everything that shapes the numbers, flat, as `result.json` states it."""
        shaped: dict[str, float | int | str] = {
            "grid_frames": GRID,
            "detect_every_frames": tracks.DETECT_EVERY,
            "max_faces": tracks.MAX_FACES,
            "join_gap_seconds": LONGEST_GAP,
            "action_unit_model": card.label,
            "emotion_patterns": patterns.VERSION,
            "signal_table": signal_table.VERSION,
            "interval_fit": reliability.version(),
        }
        return (
            shaped
            | self._neutral_facts(card)
            | self._cohort_facts()
            | (people.facts() if people else {})
            | {f"limit_{name}": value for name, value in asdict(self.limits).items()}
            | {f"threshold_{name}": value for name, value in asdict(quality.THRESHOLDS).items()}
            | {f"cover_{name}": value for name, value in asdict(cover.THRESHOLDS).items()}
        )

    def _cohort_facts(self) -> dict[str, float | int | str]:
        if self.cohort is None:
            return {}
        # An organisation's calibrations are numbered by itself: only the numbers tell two of them apart.
        numbers = json.dumps([asdict(one) for one in self.cohort.parameters], sort_keys=True)
        return {
            "cohort": self.cohort.key,
            "cohort_version": self.cohort.version,
            "cohort_sha256": hashlib.sha256(numbers.encode()).hexdigest(),
        }

    def _neutral_facts(self, card: ModelCard) -> dict[str, float | int | str]:
        if isinstance(self.neutral, Span):
            return {"neutral_start": self.neutral.start, "neutral_end": self.neutral.end}
        earlier = self.neutral
        if isinstance(earlier, Kept):
            told, _ = neutral_choice.told_of(earlier, card)
            earlier = earlier.result if told else None
        if earlier is None:
            return {}
        # One recording may have results with several neutrals: the frame table tells them apart.
        return {
            "neutral_from_sha256": earlier.media.sha256,
            "neutral_from_frames_sha256": earlier.frames_sha256,
        }


def analyse(
    path: Path,
    folder: Path,
    models: Models,
    config: Config,
    progress: Progress,
    clock: StageClock | None = None,
    watch: Watch | None = None,
) -> AnalysisResult:
    """Analyse a recording in one piece; leave `frames.parquet` in `folder` and return the rest.

    `progress` is called with (`analysing`, frames, total or None) and (`scoring`, tracks, tracks),
    and may raise `CancelledError`. Raises the subclasses of `EngineError` for a file that cannot be
    analysed, and for a neutral in `config` that cannot be used. Temporary files lie in `folder` and
    are gone at the end. `watch` is called with each track's rows, without landmarks, and their series, which
    is one of these files.
    """
    clock = clock or StageClock()
    neutral_choice.told_of(config.neutral, models.action_units.card)  # Refused before the work, not after it.
    with clock.stage("probe"):
        plan = segments.plan(path, config.limits)
    work = folder / "work"
    work.mkdir(parents=True)
    try:
        facts = segments.run_segment(path, work, plan, 0, models, config.limits, progress, clock)
        merged = segments.merge(plan, [(work, facts)], work)
        return score(merged, folder, models, config, progress, clock, watch)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def score(
    merged: Merged,
    folder: Path,
    models: Models,
    config: Config,
    progress: Progress,
    clock: StageClock | None = None,
    watch: Watch | None = None,
) -> AnalysisResult:
    """Pass 2 of a recording whose segments are merged; as `analyse`, which is the whole of it.

    What lies in the merged folder is used up: score once.
    """
    people = None
    if config.who:
        people = config.who(seen(SpoolReader(merged.folder / segments.SPOOL)))
        if not people.subject:  # what is known of the subject is never taken for another person
            config = replace(config, neutral=None, cohort=None)
    told, refused = neutral_choice.told_of(config.neutral, models.action_units.card)
    cv2.setNumThreads(1)  # As in pass 1.
    return _Scoring(
        merged, folder, models, config, people, told, refused, progress, clock or StageClock(), watch
    ).run()


@dataclass(frozen=True, slots=True)
class _Scoring:
    merged: Merged
    folder: Path
    models: Models
    config: Config
    people: People | None
    told: Told | None
    refused: Warn | None
    """Why a kept neutral is not taken."""
    progress: Progress
    clock: StageClock
    watch: Watch | None

    def run(self) -> AnalysisResult:
        decoded, spool = self.merged.decoded, SpoolReader(self.merged.folder / segments.SPOOL)
        withheld = self._withhold(spool)
        subject = neutral_choice.subject_track(spool, self.told, self.people)
        scored = self._pass2(spool, subject)
        with self.clock.stage("frame table"):
            table = self.folder / FRAMES_FILE
            frame_table.write_parquet(table, pass2.table_blocks(spool, scored))
        configuration = self.config.facts(self.models.action_units.card, self.people)
        return AnalysisResult(
            engine_version=ENGINE_VERSION,
            configuration=configuration,
            configuration_sha256=hashlib.sha256(
                json.dumps(configuration, sort_keys=True).encode()
            ).hexdigest(),
            models=self.models.facts,
            media=self.merged.info,
            frames=decoded.frames,
            start_time=decoded.start_time,
            end_time=decoded.end_time,
            excluded=_counts(spool),
            frames_sha256=_sha256(table),
            warnings=self._warnings(scored, withheld, subject),
            evidence=evidence_of(self.models.action_units.card),
            cohort=self.config.cohort,
            tracks=tuple(
                sorted(
                    [*(one.result for one in scored), *withheld],
                    key=lambda t: (t.withheld is not None, t.track != subject, -t.quality.scored_frames),
                )
            ),
            subject_absent=bool(self.people) and subject is None,
        )

    def _withhold(self, spool: SpoolReader) -> list[TrackResult]:
        """What there is to say of the faces that are left out; before anything else reads them."""
        tracks = spool.columns().track
        left_out = self.people.withheld if self.people else {}
        return [
            pass2.withhold(spool, track, np.flatnonzero(tracks == track), why)
            for track, why in sorted(left_out.items())
            if (tracks == track).any()
        ]

    def _pass2(self, spool: SpoolReader, subject: int | None) -> list[pass2.ScoredTrack]:
        track_of_row = spool.columns().track
        left_out = [NO_TRACK, *(self.people.withheld if self.people else ())]
        numbers = np.unique(track_of_row[~np.isin(track_of_row, left_out)])
        scored = []
        for done, number in enumerate(numbers):
            self.progress("scoring", done, len(numbers))
            rows = np.flatnonzero(track_of_row == number)
            known = self._known(int(number), subject)
            network = self.models.action_units
            one = pass2.score_track(spool, int(number), rows, network, known, self.merged.folder, self.clock)
            scored.append(one)
            if self.watch:
                self.watch(spool.columns(rows), one.series)
        self.progress("scoring", len(numbers), len(numbers))
        return scored

    def _known(self, track: int, subject: int | None) -> pass2.Known:
        """A person may be several tracks: a cut ends one. A stretch lies in one of them."""
        if track == subject:
            return pass2.Known(self.told, self.config.cohort)
        if self.people and track in self.people.subject:
            return pass2.Known(None if isinstance(self.told, Span) else self.told, self.config.cohort)
        return pass2.Known()

    def _warnings(
        self, scored: list[pass2.ScoredTrack], withheld: list[TrackResult], subject: int | None
    ) -> tuple[str, ...]:
        found = _warnings(self.merged.decoded, self.merged.truncated, scored, self.refused)
        if withheld and not scored:
            return tuple(Warn.ALL_WITHHELD if code == Warn.NO_FACE else code for code in found)
        theirs = self.people.subject if self.people else ()
        if self.people and subject is None and any(one.result.track not in theirs for one in scored):
            return (*found, Warn.SUBJECT_WITHHELD)
        return found


def _counts(spool: SpoolReader) -> dict[str, int]:
    found = Counter(Exclusion(code).code for code in spool.columns().excluded.tolist())
    return {code: found[code] for code in sorted(found) if code}


def _warnings(
    decoded: pass1.Decoded, truncated: bool, scored: list[pass2.ScoredTrack], refused: Warn | None
) -> tuple[str, ...]:
    found = []
    if truncated:
        found.append(Warn.TRUNCATED)
    if not scored:
        found.append(Warn.NO_FACE)
    elif all(signal.overall is None for one in scored for signal in one.result.signals):
        found.append(Warn.TOO_LITTLE_FACE_TIME)
    if (
        decoded.frames > 1
        and decoded.seconds > 0
        and (decoded.frames - 1) / decoded.seconds < LOWEST_FRAME_RATE
    ):
        found.append(Warn.LOW_FRAME_RATE)
    if refused:
        found.append(refused)
    return tuple(warn.value for warn in found)


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
