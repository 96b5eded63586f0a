"""How the work of the whole installation stands, over every organisation: ids, states, numbers and times.

For readiness, metrics and the platform's page. Everything here is read as a sweep reads it, so it can show
no title, no name and no file.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, Min, Q
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django_q.models import OrmQ

from analysis.domain.work.beats import SEEN_WITHIN
from analysis.enums import FINAL_STATES, WORKING_STATES, RunState, SegmentState, UploadState
from analysis.models import Run, Segment, Upload, WorkerBeat
from echodepth.tenancy import sweeping

LATE_AFTER = timedelta(minutes=10)
"""Work that waits for longer is late where no worker is busy; a failed attempt rests for five minutes."""
FORGOTTEN_AFTER = timedelta(days=7)
"""Machines that were not seen for this long are listed no more."""
SPENT = "attempts_spent"
"""Code of a run whose every attempt ended with the worker's death."""
LISTED = 100
"""Most runs of one list."""


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine's workers as they were last seen."""

    name: str
    workers: int
    seen_at: datetime | None
    """By the process that watches them."""
    beat_at: datetime
    """When one of them last took or worked on a task."""

    @property
    def is_there(self) -> bool:
        return self.seen_at is not None and timezone.now() - self.seen_at < SEEN_WITHIN


@dataclass(frozen=True, slots=True)
class Queue:
    """Wake-ups that no worker took, and the work that nobody has."""

    wakeups: int
    runs: int
    segments: int
    oldest_at: datetime | None
    """Since when the oldest of the runs or wake-ups waits; None where nothing does."""

    @property
    def age(self) -> timedelta:
        return max(timezone.now() - self.oldest_at, timedelta()) if self.oldest_at else timedelta()


@dataclass(frozen=True, slots=True)
class Seen:
    """A run as the platform may see it."""

    organisation_id: UUID
    id: UUID
    state: str
    error_code: str
    attempts: int
    frames_done: int
    frames_total: int | None
    requested_at: datetime
    started_at: datetime | None
    analysing_since: datetime | None
    heartbeat_at: datetime | None
    finished_at: datetime | None

    @property
    def state_name(self) -> str:
        return str(RunState(self.state).label)

    @property
    def percent(self) -> int | None:
        """None while the number of frames is not known."""
        return min(100, 100 * self.frames_done // self.frames_total) if self.frames_total else None

    @property
    def waiting_since(self) -> datetime:
        """When somebody last had it."""
        return self.heartbeat_at or self.requested_at

    @property
    def frames_a_second(self) -> float:
        """Since its first one was begun with; 0 where nothing can be said."""
        if self.state != RunState.ANALYSING or not (self.analysing_since and self.heartbeat_at):
            return 0.0
        seconds = (self.heartbeat_at - self.analysing_since).total_seconds()
        return self.frames_done / seconds if seconds > 0 else 0.0


def machines() -> list[Machine]:
    """Those seen in the last week, by name."""
    since = timezone.now() - FORGOTTEN_AFTER
    found = WorkerBeat.objects.filter(Q(seen_at__gte=since) | Q(beat_at__gte=since)).order_by("cluster")
    return [Machine(row.cluster, row.workers, row.seen_at, row.beat_at) for row in found]


def queue() -> Queue:
    """What waits in this moment."""
    tasks = OrmQ.objects.filter(lock__lte=timezone.now())
    wakeups = tasks.aggregate(number=Count("pk"), oldest=Min("lock"))
    waiting_since = Coalesce(F("heartbeat_at"), F("requested_at"))
    with sweeping():
        requested = Run.objects.filter(state=RunState.REQUESTED).order_by()
        runs = requested.aggregate(number=Count("pk"), oldest=Min(waiting_since))
        segments = Segment.objects.filter(state=SegmentState.WAITING).order_by().count()
    times = [time for time in (wakeups["oldest"], runs["oldest"]) if time]
    return Queue(wakeups["number"], runs["number"], segments, min(times, default=None))


def is_late(waiting: Queue, workers: Iterable[Machine]) -> bool:
    """Whether work waits although nobody is at any: behind a long recording, a queue may well be old."""
    busy = any(timezone.now() - machine.beat_at < SEEN_WITHIN for machine in workers)
    return waiting.age >= LATE_AFTER and not busy


def runs_under_way() -> list[Seen]:
    """Those a worker or the report's writer has, the longest at work first."""
    return _seen(Q(state__in={*WORKING_STATES, RunState.REPORTING}), "started_at")


def runs_waiting() -> list[Seen]:
    """The longest waiting first."""
    return _seen(Q(state=RunState.REQUESTED), "requested_at")


def failures(since: datetime) -> dict[str, int]:
    """How many runs failed since then, by code, the most first."""
    with sweeping():
        failed = Run.objects.filter(state=RunState.FAILED, finished_at__gte=since).order_by()
        rows = failed.values_list("error_code").annotate(number=Count("pk"))
        return dict(sorted(rows, key=lambda row: (-row[1], row[0])))


def failed_runs(since: datetime) -> list[Seen]:
    """The latest first; what killed its workers stands in front of the others."""
    found = _seen(Q(state=RunState.FAILED, finished_at__gte=since), "-finished_at")
    return sorted(found, key=lambda run: run.error_code != SPENT)


def runs_by_state() -> dict[str, int]:
    """Of every state, also those that no run is in."""
    return dict.fromkeys(RunState.values, 0) | _counted(Run)


def runs_ended() -> dict[tuple[str, str], int]:
    """Kept runs by final state and error code."""
    with sweeping():
        ended = Run.objects.filter(state__in=FINAL_STATES).order_by()
        rows = ended.values_list("state", "error_code").annotate(number=Count("pk"))
        return {(state, code): number for state, code, number in rows}


def segments_by_state() -> dict[str, int]:
    return dict.fromkeys(SegmentState.values, 0) | _counted(Segment)


def uploads_by_state() -> dict[str, int]:
    """Those that have not expired."""
    return dict.fromkeys(UploadState.values, 0) | _counted(Upload, Q(expires_at__gt=Now()))


def _counted(model: type[Run | Segment | Upload], which: Q | None = None) -> dict[str, int]:
    with sweeping():
        rows = model.objects.filter(which or Q()).order_by()
        return dict(rows.values_list("state").annotate(number=Count("pk")))


def _seen(which: Q, order: str) -> list[Seen]:
    columns = ["organisation_id", "pk", *list(Seen.__dataclass_fields__)[2:]]
    with sweeping():
        return [
            Seen(*row)
            for row in Run.objects.filter(which).order_by(order, "pk").values_list(*columns)[:LISTED]
        ]
