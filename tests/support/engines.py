"""Engines that measure nothing, for tests of what becomes of a run; they cut as they are told."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from analysis.domain.work.engine import Engine
from analysis.engine import ENGINE_VERSION
from analysis.engine.people import People, Place, Seen
from analysis.engine.result_types import AnalysisResult
from analysis.engine.segments import SPOOL, Cut, Plan, SegmentFacts
from analysis.engine.spool_parts import FOLLOWED, PARTS
from analysis.engine.types import MediaInfo
from tests.support.results import example_result, example_track

FRAMES = b"PAR1 the frames"
BLOCK = 256
INFO: MediaInfo = replace(example_result(60).media, frame_rate=Fraction(30), duration=2.0)


def plan_of(segments: int) -> Plan:
    """Segments of 256 frames each; one is a recording in one piece."""
    if segments == 1:
        return Plan(INFO, (Cut(0, 0),))
    cuts = [Cut(n, n * BLOCK, BLOCK, n * BLOCK, (n + 1) * BLOCK) for n in range(segments)]
    return Plan(INFO, tuple(cuts))


def leave_spool(folder: Path) -> None:
    """An empty spool, as a stretch without a face leaves."""
    (folder / SPOOL).mkdir()
    for name in (*PARTS, *FOLLOWED):
        (folder / SPOOL / name).touch()


def facts_of(cut: Cut) -> SegmentFacts:
    return SegmentFacts(cut.number, cut.first_frame, cut.frames or 60, 0.0, 2.0, False, False, (), ())


def face(track: int, *, substantial: bool = True) -> Seen:
    """In view for half a minute, or too short to ask about."""
    seconds = 30.0 if substantial else 0.3
    place = Place(1.0, 100.0 * track, 40.0, 80.0, 90.0)
    return Seen(track, 1.0, 1.0 + seconds, seconds, substantial, ((1.0, 1.0 + seconds),), (place,))


def asked_about(*faces: Seen) -> list[dict[str, Any]]:
    """As `Run.people` holds them."""
    return [one.to_json() | {"engine": ENGINE_VERSION} for one in faces]


def result_of(faces: Sequence[Seen], told: People) -> AnalysisResult:
    """A result in which nothing was measured of those who are withheld."""
    tracks = [replace(example_track(60, one.track), withheld=told.withheld.get(one.track)) for one in faces]
    ordered = sorted(tracks, key=lambda one: (one.withheld is not None, one.track not in told.subject))
    return replace(example_result(60, tracks=tuple(ordered)), subject_absent=not told.subject)


def fake_engine(
    segments: int = 1,
    plan: Callable[..., Any] | None = None,
    segment: Callable[..., Any] | None = None,
    finish: Callable[..., Any] | None = None,
    faces: Sequence[Seen] = (),
) -> Engine:
    """What is not given goes well. `segment` is called before what goes well, with the same arguments.

    A run that asks who is who is told of `faces`, and its result is of those.
    """

    def planned(path: Path, limits: Any, sha256: str, alive: Callable[[], None]) -> Plan:
        alive()
        return plan_of(segments)

    def run_segment(
        path: Path, folder: Path, plan: Plan, number: int, limits: Any, progress: Any
    ) -> SegmentFacts:
        progress("analysing", 10, BLOCK)
        if segment:
            segment(path, folder, plan, number, limits, progress)
        leave_spool(folder)
        return facts_of(plan.segments[number])

    def finished(plan: Plan, parts: Any, folder: Path, progress: Any, config: Any) -> Any:
        numbers = [facts.number for _place, facts in parts]
        assert numbers == [cut.number for cut in plan.segments]
        told = config.who(tuple(faces)) if config.who else None
        progress("scoring", 0, 1)
        (folder / "frames.parquet").write_bytes(FRAMES)
        progress("scoring", 1, 1)
        return result_of(faces, told) if told else example_result(60)

    return Engine(plan or planned, run_segment, finish or finished)
