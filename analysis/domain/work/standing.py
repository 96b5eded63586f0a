"""How a run under way stands: how long it will take by what was really done of it, or what it waits for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from math import ceil

from django.db.models import Prefetch, prefetch_related_objects
from django.utils import timezone

from analysis.domain.work import beats
from analysis.enums import RunState, SegmentState
from analysis.models import Run, Segment

EVIDENCE_SECONDS = 10.0
EVIDENCE_FRAMES = 256
"""Before so much was done nothing is said of the time that is left."""


class Waiting(Enum):
    """Why nobody is at work on a run that is not over."""

    NO_WORKER = auto()
    """No worker process lives on any machine."""
    TURN = auto()
    """Workers are at other recordings."""
    AGAIN = auto()
    """An attempt broke off, and rests."""
    MISSING = auto()
    """It was not requested yet: something is missing that the project's declaration requires."""
    SILENT = auto()
    """The worker that had it was not heard of in time; another one takes it over."""


@dataclass(frozen=True, slots=True)
class Standing:
    waiting: Waiting | None = None
    seconds_left: int | None = None
    """Of pass 1, the long part; None before there is evidence, and while nobody is at it."""


def tell(runs: Sequence[Run]) -> None:
    """Give each run its `standing`; two queries at most, however many there are."""
    workers = beats.live_workers() if runs else 0
    cut = [run for run in runs if run.state == RunState.ANALYSING and run.plan]
    prefetch_related_objects(cut, Prefetch("segments", Segment.objects.defer("facts")))
    now = timezone.now()
    for run in runs:
        run.standing = _standing(run, workers, now)  # type: ignore[attr-defined]


def of(run: Run) -> Standing:
    """What `tell` told of the run."""
    told: Standing = getattr(run, "standing", Standing())
    return told


def _standing(run: Run, workers: int, now: datetime) -> Standing:
    if run.is_final or run.state == RunState.ASSIGNING:
        return Standing()
    if run.is_held_back:
        return Standing(Waiting.MISSING if run.recording.analysis_wanted else None)
    segments = list(run.segments.all()) if run.state == RunState.ANALYSING and run.plan else []
    if not (_live(run, now) or any(_live(one, now) for one in segments)):
        return Standing(_waiting(run, segments, workers))
    return Standing(seconds_left=_seconds_left(run, segments, now))


def _live(held: Run | Segment, now: datetime) -> bool:
    return held.lease_until is not None and held.lease_until > now


def _waiting(run: Run, segments: Sequence[Segment], workers: int) -> Waiting | None:
    if workers == 0:
        return Waiting.NO_WORKER
    if run.lease_until is not None or any(one.state == SegmentState.WORKING for one in segments):
        return Waiting.SILENT
    if run.state == RunState.REQUESTED or segments:
        return Waiting.AGAIN if run.error_code else Waiting.TURN
    return None


def _seconds_left(run: Run, segments: Sequence[Segment], now: datetime) -> int | None:
    """By the frames a second since the first, turns of other runs and lost workers included.

    More workers do not make one segment quicker: near the end the longest of those that are left decides.
    """
    if run.state != RunState.ANALYSING or run.analysing_since is None or not run.frames_total:
        return None
    elapsed = (now - run.analysing_since).total_seconds()
    if elapsed < EVIDENCE_SECONDS or run.frames_done < EVIDENCE_FRAMES:
        return None
    left = max(0, run.frames_total - run.frames_done) * elapsed / run.frames_done
    busy = sum(_busy(one, now) for one in segments)
    longest = max((one.frames - one.frames_done for one in segments), default=0)
    return ceil(max(left, longest * busy / run.frames_done))


def _busy(segment: Segment, now: datetime) -> float:
    """Seconds a worker was at it, for what is done of it now; none where the worker fell silent."""
    silent = segment.state == SegmentState.WORKING and not _live(segment, now)
    if segment.started_at is None or segment.state == SegmentState.WAITING or silent:
        return 0.0
    return ((segment.finished_at or now) - segment.started_at).total_seconds()
