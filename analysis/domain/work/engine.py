"""The engine as runs use it: what meets the file in a confined child, pass 2 in the worker itself."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from analysis import confined
from analysis.engine.analyse import Config, score
from analysis.engine.probe import Limits
from analysis.engine.result_types import AnalysisResult, Progress
from analysis.engine.runtime import Models, load_models
from analysis.engine.segments import Part, Plan, SegmentFacts, merge

Alive = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Engine:
    """The steps of an analysis; each may raise the subclasses of `EngineError`."""

    plan: Callable[[Path, Limits, str, Alive], Plan]
    """File and its SHA-256 to how it is cut; `Alive` is called often, and may raise CancelledError."""
    run_segment: Callable[[Path, Path, Plan, int, Limits, Progress], SegmentFacts]
    """Pass 1 of one segment; leaves `spool` in the folder."""
    finish: Callable[[Plan, Iterable[Part], Path, Progress, Config], AnalysisResult]
    """Merging and pass 2; leaves `frames.parquet` in the folder. Raises SegmentsDifferError."""


def _plan(path: Path, limits: Limits, sha256: str, alive: Alive) -> Plan:
    return confined.plan(path, limits, settings.SEGMENT_FRAMES, sha256, alive)


def _run_segment(
    path: Path, folder: Path, plan: Plan, number: int, limits: Limits, progress: Progress
) -> SegmentFacts:
    return confined.run_segment(path, folder, plan, number, Path(settings.MODELS_FOLDER), limits, progress)


def _finish(
    plan: Plan, parts: Iterable[Part], folder: Path, progress: Progress, config: Config
) -> AnalysisResult:
    models = _models()
    merged = merge(plan, parts, folder / "merged")
    return score(merged, folder, models, config, progress)


@cache
def _models() -> Models:
    """Once a worker process, after the fork: sessions do not survive it."""
    return load_models(settings.MODELS_FOLDER)


REAL = Engine(_plan, _run_segment, _finish)
