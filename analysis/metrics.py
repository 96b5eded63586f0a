"""What the database knows of the work, as Prometheus metrics: counted anew at each question."""

from collections.abc import Iterator

from django.db import DatabaseError
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily, Metric

from analysis.domain import operations as work
from echodepth.metrics import REGISTRY


class Work:
    """Gauges, also of what has ended: a recording that is deleted takes its runs along."""

    def describe(self) -> list[Metric]:
        """Nothing: without this the registry would ask the database when it is made."""
        return []

    def collect(self) -> Iterator[Metric]:
        """While the database is away, that alone is told beside what this process counts itself."""
        try:
            found = list(self._counted())
        except DatabaseError:
            found = []
        yield _one("echodepth_database_up", "Whether the database answered: 1 or 0.", int(bool(found)))
        yield from found

    def _counted(self) -> Iterator[Metric]:
        yield from _queue()
        yield from _workers()
        yield _by("echodepth_runs", "Kept runs by state.", work.runs_by_state())
        yield _by("echodepth_segments", "Segments of runs under way, by state.", work.segments_by_state())
        yield _by("echodepth_uploads", "Uploads that have not expired, by state.", work.uploads_by_state())
        yield _ended()
        frames = sum(run.frames_a_second for run in work.runs_under_way())
        yield _one(
            "echodepth_engine_frames_per_second",
            "Frames analysed a second by all runs under way, since each was begun.",
            frames,
        )


def _queue() -> Iterator[Metric]:
    waiting = work.queue()
    yield _one("echodepth_queue_wakeups", "Wake-ups in the queue that no worker took.", waiting.wakeups)
    yield _one(
        "echodepth_queue_oldest_seconds",
        "For how long the oldest wake-up or requested run waits; 0 where nothing does.",
        waiting.age.total_seconds(),
    )


def _workers() -> Iterator[Metric]:
    machines = work.machines()
    there = [machine for machine in machines if machine.is_there]
    yield _one("echodepth_worker_machines", "Machines whose workers are there.", len(there))
    yield _one("echodepth_workers", "Worker processes that are there.", sum(one.workers for one in there))
    now = timezone.now()
    for name, text, times in (
        ("seen", "Since the workers of any machine were last seen.", [one.seen_at for one in machines]),
        ("beat", "Since any worker last took or did a task.", [one.beat_at for one in machines]),
    ):
        latest = max((time for time in times if time), default=None)
        if latest:
            age = max((now - latest).total_seconds(), 0)
            yield _one(f"echodepth_workers_last_{name}_seconds", text, age)


def _ended() -> Metric:
    family = GaugeMetricFamily(
        "echodepth_runs_ended", "Kept runs that ended, by result and error code.", labels=["result", "code"]
    )
    for (result, code), number in work.runs_ended().items():
        family.add_metric([result, code], number)
    return family


def _by(name: str, text: str, counted: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=["state"])
    for state, number in counted.items():
        family.add_metric([state], number)
    return family


def _one(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value=value)


def connect() -> None:
    """Called once, when the app is ready."""
    REGISTRY.register(Work())
