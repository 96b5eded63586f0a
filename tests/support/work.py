"""The queue of wake-ups, answered by hand: who takes what, and in which order, without a clock."""

from uuid import UUID

from django.utils import timezone
from django_q.conf import Conf
from django_q.models import OrmQ

from analysis.domain.work.engine import Engine
from analysis.domain.work.execute import execute
from analysis.domain.work.wakeups import ANALYSE_TASK
from analysis.models import WorkerBeat
from echodepth.queue import OldestFirst
from echodepth.tenancy import tenant
from tests.support.engines import fake_engine


def wakeups() -> list[UUID]:
    """Runs that wake-ups are queued for, in the order in which they would be taken."""
    return [UUID(row.task["args"][1]) for row in _queued()]


def _queued() -> list[OrmQ]:
    rows = OldestFirst(Conf.CLUSTER_NAME).get_connection()
    return [row for row in rows if row.task["func"] == ANALYSE_TASK]


def take() -> tuple[UUID, UUID]:
    """Take the first wake-up out of the queue: organisation and run."""
    row = _queued()[0]
    row.delete()
    organisation, run = row.task["args"]
    return UUID(organisation), UUID(run)


def answer(engine: Engine | None = None) -> UUID:
    """What a worker does with the first wake-up; the run it was for."""
    organisation, run = take()
    with tenant(organisation):
        execute(run, engine or fake_engine())
    return run


def answer_all(engine: Engine | None = None, most: int = 200) -> list[UUID]:
    """As one worker would, until nothing is queued; the runs in the order of their turns."""
    turns = []
    while wakeups():
        turns.append(answer(engine))
        assert len(turns) <= most
    return turns


def see_workers(*machines: int) -> None:
    """Machines with so many live workers each, and no others."""
    WorkerBeat.objects.all().delete()
    now = timezone.now()
    for number, workers in enumerate(machines):
        WorkerBeat.objects.create(cluster=f"machine {number}", beat_at=now, seen_at=now, workers=workers)
