from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from analysis.domain.work import beats
from analysis.models import WorkerBeat

pytestmark = pytest.mark.django_db
OLD = beats.SILENT_AFTER + timedelta(seconds=5)


def waiting_task(age):
    OrmQ.objects.create(key="echodepth", payload="x", lock=timezone.now() - age)


def note(cluster, age):
    WorkerBeat.objects.create(cluster=cluster, beat_at=timezone.now() - age)


def test_beat_keeps_one_row_a_cluster():
    beats.beat("a")
    beats.beat("b")
    WorkerBeat.objects.update(beat_at=timezone.now() - OLD)
    beats.beat("a")
    age = {row.cluster: timezone.now() - row.beat_at for row in WorkerBeat.objects.all()}
    assert age["a"] < timedelta(seconds=5)
    assert age["b"] >= OLD


def test_a_cluster_that_lets_tasks_wait_is_silent():
    note("a", OLD)
    waiting_task(beats.WAITING_AFTER + timedelta(seconds=5))
    assert beats.is_silent("a", timezone.now() - OLD)


def test_a_cluster_that_never_beat_is_silent_only_some_time_after_its_start():
    waiting_task(OLD)
    assert beats.is_silent("a", timezone.now() - OLD)
    assert not beats.is_silent("a", timezone.now())


@pytest.mark.parametrize(
    ("beat_age", "task_age"),
    [
        (timedelta(seconds=30), OLD),  # at work on something long
        (OLD, timedelta(seconds=5)),  # the task has only just come
        (OLD, -timedelta(hours=20)),  # taken by a worker, to be tried again later
        (OLD, None),  # nothing to do
    ],
)
def test_a_cluster_is_not_silent_without_need(beat_age, task_age):
    note("a", beat_age)
    if task_age is not None:
        waiting_task(task_age)
    assert not beats.is_silent("a", timezone.now() - OLD)


def test_another_machine_at_work_does_not_hide_a_dead_cluster():
    note("a", OLD)
    note("b", timedelta(0))
    waiting_task(OLD)
    assert beats.is_silent("a", timezone.now() - OLD)


def test_live_workers_are_those_seen_of_late_on_all_machines():
    assert beats.live_workers() == 0
    beats.see("a", 3)
    beats.see("b", 2)
    beats.see("a", 4)
    assert beats.live_workers() == 6
    WorkerBeat.objects.filter(cluster="b").update(seen_at=timezone.now() - beats.SEEN_WITHIN)
    assert beats.live_workers() == 4


def test_to_be_seen_is_no_beat():
    note("a", OLD)
    beats.see("a", 1)
    row = WorkerBeat.objects.get()
    assert timezone.now() - row.beat_at >= OLD
    assert timezone.now() - row.seen_at < timedelta(seconds=5)
