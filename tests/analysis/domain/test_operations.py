from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone
from django_q.models import OrmQ

from analysis.domain import operations
from analysis.domain.work.wakeups import wake
from analysis.enums import RunState, SegmentState, UploadState
from analysis.models import WorkerBeat
from tests.factories import RecordingFactory, RunFactory, SegmentFactory, UploadFactory
from tests.support.tenants import save

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def run_in(state, **fields):
    """In an organisation of its own."""
    return save(RunFactory(state=state), **fields)


def machine(name, *, seen, beat, workers=2):
    now = timezone.now()
    return WorkerBeat.objects.create(
        cluster=name, seen_at=now - seen if seen is not None else None, beat_at=now - beat, workers=workers
    )


def minutes(length):
    return round(length / MINUTE)


def test_nothing_waits():
    found = operations.queue()

    assert (found.wakeups, found.runs, found.segments, found.oldest_at) == (0, 0, 0, None)
    assert found.age == timedelta()


def test_what_waits_in_every_organisation_is_counted_and_aged():
    first = run_in(RunState.REQUESTED, requested_at=timezone.now() - 30 * MINUTE)
    run_in(RunState.REQUESTED)
    run_in(RunState.CANCELLED, requested_at=timezone.now() - 90 * MINUTE)
    run_in(RunState.ANALYSING, requested_at=timezone.now() - 90 * MINUTE)
    SegmentFactory(state=SegmentState.WAITING)
    SegmentFactory(state=SegmentState.DONE)
    wake(first.organisation_id, first.pk)

    found = operations.queue()

    assert (found.wakeups, found.segments) == (1, 1)
    assert found.runs == 4  # a segment's own run is requested too, in these tests
    assert minutes(found.age) == 30


def test_a_run_waits_since_somebody_last_had_it():
    run_in(
        RunState.REQUESTED,
        requested_at=timezone.now() - 90 * MINUTE,
        heartbeat_at=timezone.now() - 4 * MINUTE,
    )

    assert minutes(operations.queue().age) == 4


def test_a_wake_up_that_nobody_takes_waits_too_and_one_that_was_taken_does_not():
    run = run_in(RunState.ANALYSING)
    for late in (7 * MINUTE, -600 * MINUTE):  # taken: locked until long after now
        wake(run.organisation_id, run.pk)
        OrmQ.objects.order_by("-pk").filter(pk=OrmQ.objects.latest("pk").pk).update(lock=F("lock") - late)

    found = operations.queue()

    assert (found.wakeups, minutes(found.age)) == (1, 7)


def test_machines_are_there_while_they_are_seen():
    machine("here", seen=timedelta(seconds=5), beat=40 * MINUTE)
    machine("gone", seen=20 * MINUTE, beat=20 * MINUTE)
    machine("never", seen=None, beat=MINUTE)
    machine("forgotten", seen=timedelta(days=8), beat=timedelta(days=8))

    found = {one.name: one.is_there for one in operations.machines()}

    assert found == {"gone": False, "here": True, "never": False}


def test_a_long_queue_is_late_only_where_nobody_works():
    run_in(RunState.REQUESTED, requested_at=timezone.now() - 60 * MINUTE)
    idle = machine("one", seen=timedelta(), beat=30 * MINUTE)
    assert operations.is_late(operations.queue(), operations.machines())

    WorkerBeat.objects.filter(pk=idle.pk).update(beat_at=timezone.now())

    assert not operations.is_late(operations.queue(), operations.machines())


def test_what_waits_for_a_moment_is_not_late():
    run_in(RunState.REQUESTED)

    assert not operations.is_late(operations.queue(), [])


def test_runs_under_way_are_told_by_ids_and_numbers():
    begun = timezone.now() - timedelta(seconds=20)
    run = run_in(
        RunState.ANALYSING,
        started_at=begun,
        analysing_since=begun,
        heartbeat_at=begun + timedelta(seconds=10),
        frames_done=250,
        frames_total=1000,
        attempts=2,
    )
    later = run_in(RunState.REPORTING, started_at=timezone.now())
    run_in(RunState.DONE)

    found = operations.runs_under_way()

    assert [one.id for one in found] == [run.pk, later.pk]
    assert (found[0].organisation_id, found[0].percent, found[0].attempts) == (run.organisation_id, 25, 2)
    assert found[0].frames_a_second == 25.0
    assert (found[1].percent, found[1].frames_a_second, found[1].state_name) == (
        None,
        0.0,
        "Writing the report",
    )


def test_runs_waiting_come_the_oldest_first():
    new = run_in(RunState.REQUESTED)
    old = run_in(RunState.REQUESTED, requested_at=timezone.now() - 60 * MINUTE)

    assert [one.id for one in operations.runs_waiting()] == [old.pk, new.pk]


def test_failures_are_counted_by_code_and_poisonous_runs_stand_first():
    now = timezone.now()
    spent = run_in(RunState.FAILED, error_code="attempts_spent", finished_at=now - 60 * MINUTE, attempts=3)
    codes = ["unreadable", "unreadable", "no_frames"]
    others = [run_in(RunState.FAILED, error_code=code, finished_at=now) for code in codes]
    run_in(RunState.FAILED, error_code="unreadable", finished_at=now - timedelta(days=9))
    run_in(RunState.DONE, finished_at=now)
    since = now - timedelta(days=7)

    assert list(operations.failures(since).items()) == [
        ("unreadable", 2),
        ("attempts_spent", 1),
        ("no_frames", 1),
    ]
    listed = operations.failed_runs(since)
    assert listed[0].id == spent.pk
    assert {one.id for one in listed[1:]} == {run.pk for run in others}


def test_states_are_counted_over_every_organisation():
    for state in (RunState.DONE, RunState.DONE, RunState.ANALYSING):
        run_in(state)
    run_in(RunState.FAILED, error_code="unreadable")
    UploadFactory(state=UploadState.CHECKING)
    UploadFactory(state=UploadState.OPEN, expires_at=timezone.now() - MINUTE)
    SegmentFactory(run=RunFactory(recording=RecordingFactory(), state=RunState.ANALYSING), state="working")

    states = operations.runs_by_state()
    assert (states["done"], states["analysing"], states["failed"], states["cancelled"]) == (2, 2, 1, 0)
    assert operations.runs_ended() == {("done", ""): 2, ("failed", "unreadable"): 1}
    assert operations.uploads_by_state() == {"open": 0, "checking": 1, "done": 0, "refused": 0}
    assert operations.segments_by_state() == {"waiting": 0, "working": 1, "done": 0}
