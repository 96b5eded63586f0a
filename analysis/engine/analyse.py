"""The whole analysis of one recording: probe, pass 1, joining, pass 2, frame table."""

import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import cv2
import numpy as np

from analysis.engine import ENGINE_VERSION, cover, frame_table, neutral_choice, pass1, pass2, quality, tracks
from analysis.engine.clock import StageClock
from analysis.engine.decode import FrameReader
from analysis.engine.errors import NoFramesError
from analysis.engine.evidence import evidence_of
from analysis.engine.faces import FaceDetector
from analysis.engine.findings import patterns, reliability, signal_table
from analysis.engine.findings.cohorts import Cohort
from analysis.engine.joining import LONGEST_GAP, join
from analysis.engine.landmarks import FaceLandmarker
from analysis.engine.model_card import ModelCard
from analysis.engine.neutral_choice import Given, Kept, Span, Told
from analysis.engine.probe import Limits, probe
from analysis.engine.result_types import AnalysisResult, Progress
from analysis.engine.runtime import Models
from analysis.engine.spool import SpoolReader, SpoolWriter
from analysis.engine.types import GRID, NO_TRACK, AUSeries, Exclusion, MediaInfo, Rows, Warn

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

    def facts(self, card: ModelCard) -> dict[str, float | int | str]:
        """Everything that shapes the numbers, flat, as `result.json` states it."""
        shaped: dict[str, float | int | str] = {
            "grid_frames": GRID,
            "detect_every_frames": tracks.DETECT_EVERY,
            "max_faces": tracks.MAX_FACES,
            "join_gap_seconds": LONGEST_GAP,
            "action_unit_model": f"{card.name} {card.version}",
            "emotion_patterns": patterns.VERSION,
            "signal_table": signal_table.VERSION,
            "interval_fit": reliability.version(),
        }
        return (
            shaped
            | self._neutral_facts(card)
            | self._cohort_facts()
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
    """Analyse a recording; leave `frames.parquet` in `folder` and return the rest.

    `progress` is called with (`analysing`, frames, total or None) and (`scoring`, tracks, tracks),
    and may raise `CancelledError`. Raises the subclasses of `EngineError` for a file that cannot be
    analysed, and for a neutral in `config` that cannot be used. Temporary files lie in `folder` and
    are gone at the end. `watch` is called with each track's rows, without landmarks, and their series, which
    is one of these files.
    """
    clock = clock or StageClock()
    told, refused = neutral_choice.told_of(config.neutral, models.action_units.card)
    cv2.setNumThreads(1)  # Its thread pool costs more than it gives on pictures of this size.
    with clock.stage("probe"):
        info = probe(path, config.limits)
    work = folder / "work"
    work.mkdir(parents=True)
    try:
        return _Analysis(
            path, folder, work, models, config, told, refused, progress, clock, info, watch
        ).run()
    finally:
        shutil.rmtree(work, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class _Analysis:
    path: Path
    folder: Path
    work: Path
    models: Models
    config: Config
    told: Told | None
    refused: Warn | None
    """Why a kept neutral is not taken."""
    progress: Progress
    clock: StageClock
    info: MediaInfo
    watch: Watch | None

    def run(self) -> AnalysisResult:
        decoded, truncated = self._pass1()
        spool = SpoolReader(self.work / "spool")
        subject = neutral_choice.subject_track(spool, self.told)
        scored = self._pass2(spool, subject)
        with self.clock.stage("frame table"):
            table = self.folder / FRAMES_FILE
            frame_table.write_parquet(table, pass2.table_blocks(spool, scored))
        configuration = self.config.facts(self.models.action_units.card)
        return AnalysisResult(
            engine_version=ENGINE_VERSION,
            configuration=configuration,
            configuration_sha256=hashlib.sha256(
                json.dumps(configuration, sort_keys=True).encode()
            ).hexdigest(),
            models=self.models.facts,
            media=self.info,
            frames=decoded.frames,
            start_time=decoded.start_time,
            end_time=decoded.end_time,
            excluded=_counts(spool),
            frames_sha256=_sha256(table),
            warnings=_warnings(decoded, truncated, scored, self.refused),
            evidence=evidence_of(self.models.action_units.card),
            cohort=self.config.cohort,
            tracks=tuple(
                sorted(
                    (one.result for one in scored),
                    key=lambda t: (t.track != subject, -t.quality.scored_frames),
                )
            ),
        )

    def _pass1(self) -> tuple[pass1.Decoded, bool]:
        follower = tracks.Follower(FaceDetector(self.models), FaceLandmarker(self.models), self.clock)
        total = _expected_frames(self.info)
        with (
            FrameReader(self.path, self.info, self.config.limits) as reader,
            SpoolWriter(self.work / "spool") as spool,
        ):
            decoded = pass1.run(
                reader,
                follower,
                self.models.action_units,
                spool,
                lambda done: self.progress("analysing", done, total),
                self.clock,
            )
            truncated = reader.truncated
        if not decoded.frames:
            raise NoFramesError
        SpoolReader(self.work / "spool").set_tracks(join(follower.tracklets, follower.edges))
        return decoded, truncated

    def _pass2(self, spool: SpoolReader, subject: int | None) -> list[pass2.ScoredTrack]:
        track_of_row = spool.columns().track
        numbers = np.unique(track_of_row[track_of_row != NO_TRACK])
        scored = []
        for done, number in enumerate(numbers):
            self.progress("scoring", done, len(numbers))
            rows = np.flatnonzero(track_of_row == number)
            known = pass2.Known(self.told, self.config.cohort) if number == subject else pass2.Known()
            network = self.models.action_units
            one = pass2.score_track(spool, int(number), rows, network, known, self.work, self.clock)
            scored.append(one)
            if self.watch:
                self.watch(spool.columns(rows), one.series)
        self.progress("scoring", len(numbers), len(numbers))
        return scored


def _expected_frames(info: MediaInfo) -> int | None:
    """How many frames the header promises; only for showing progress."""
    if info.duration is None or info.frame_rate is None:
        return None
    return max(1, round(info.duration * info.frame_rate))


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
