"""A run in segments: who may work on it, who is woken for it, and whose turn it is."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.db.models import F
from django.utils import timezone
from django_q.conf import Conf
from django_q.models import OrmQ

from analysis.domain.work import leases, runs, segments, sweeps
from analysis.domain.work.execute import execute
from analysis.domain.work.wakeups import ANALYSE_TASK
from analysis.enums import RunState, SegmentState
from analysis.models import Run, Segment
from echodepth.tenancy import tenant
from tests.analysis.conftest import Tenant
from tests.support.engines import BLOCK, facts_of, fake_engine, plan_of
from tests.support.tenants import fresh
from tests.support.work import answer, answer_all, see_workers, take, wakeups


@pytest.fixture
def scoped(acme):
    with tenant(acme.organisation.pk):
        yield acme


def cut(place, count, **fields):
    """A run laid out in segments of 256 frames."""
    run = place.run(**fields)
    plan = plan_of(count)
    with tenant(place.organisation.pk):
        assert segments.cut(runs.claim(run.pk), plan.to_json(), [BLOCK] * count)
    return run


def expire(held):
    Segment.objects.filter(pk=held.segment_id).update(lease_until=timezone.now() - timedelta(seconds=1))


def done(held):
    return segments.finish(held, f"spool {held.number}", facts_of(plan_of(9).segments[held.number]).to_json())


def states(run):
    return list(Segment.objects.filter(run=run).values_list("state", flat=True))


def test_cutting_gives_the_lease_up_and_tells_how_much_there_is(scoped):
    run = fresh(cut(scoped, 3))
    assert (run.state, run.lease, run.lease_until) == (RunState.ANALYSING, None, None)
    assert (run.frames_done, run.frames_total, run.attempts) == (0, 3 * BLOCK, 0)
    assert run.analysing_since is not None
    assert states(run) == [SegmentState.WAITING] * 3


def test_a_run_lost_before_it_was_cut_is_not_cut(scoped):
    run = scoped.run()
    held = runs.claim(run.pk)
    runs.cancel(run.pk)
    assert not segments.cut(held, plan_of(3).to_json(), [BLOCK] * 3)
    assert not Segment.objects.exists()


def test_a_claim_takes_one_segment_and_no_one_else_gets_it(scoped):
    run = cut(scoped, 2)
    first, second = segments.claim(run.pk), segments.claim(run.pk)
    assert [first.number, second.number] == [0, 1]
    assert segments.claim(run.pk) is None
    assert (first.attempt, first.frames, first.recording_id) == (1, BLOCK, run.recording_id)
    assert runs.claim(run.pk) is None  # the run itself is not to be had meanwhile
    assert runs.claim_scoring(run.pk) is None


@pytest.mark.usefixtures("scoped")
def test_another_organisations_segment_is_not_claimed(other):
    run = cut(other, 2)
    assert segments.claim(run.pk) is None
    assert [one.attempts for one in Segment.objects.all()] == []


def test_progress_of_segments_is_the_runs(scoped):
    run = cut(scoped, 3)
    first, second = segments.claim(run.pk), segments.claim(run.pk)
    assert segments.progress(first, RunState.ANALYSING, 100, BLOCK)
    assert segments.progress(second, RunState.ANALYSING, 50, BLOCK)
    assert fresh(run).frames_done == 150
    assert done(first)
    assert fresh(run).frames_done == BLOCK + 50


def test_a_lost_lease_writes_nothing(scoped):
    run = cut(scoped, 2)
    late, _other = segments.claim(run.pk), segments.claim(run.pk)
    expire(late)
    holder = segments.claim(run.pk)
    assert (holder.number, holder.attempt) == (0, 2)
    before = list(Segment.objects.values()), Run.objects.values().get()
    assert not segments.progress(late, RunState.ANALYSING, 200, BLOCK)
    assert not segments.renew(late)
    assert not segments.release(late)
    assert not segments.attempt_failed(late, "internal_error")
    assert not segments.fail(late, "unreadable", {})
    assert not segments.in_one_piece(late, plan_of(1).to_json())
    assert not done(late)
    assert (list(Segment.objects.values()), Run.objects.values().get()) == before
    assert done(holder)


def test_a_lease_that_ends_later_than_one_can_was_given_before_a_clock_jumped_back(scoped):
    run = cut(scoped, 2)
    held, _other = segments.claim(run.pk), segments.claim(run.pk)
    assert segments.claim(run.pk) is None
    Segment.objects.filter(pk=held.segment_id).update(lease_until=timezone.now() + 3 * leases.LEASE)
    assert segments.claim(run.pk).number == held.number


@pytest.mark.parametrize("end", ["cancel", "fail"])
def test_what_ends_the_run_makes_all_claims_void(scoped, end):
    run = cut(scoped, 2)
    first, second = segments.claim(run.pk), segments.claim(run.pk)
    if end == "cancel":
        assert runs.cancel(run.pk)
    else:
        assert segments.fail(first, "unsupported_codec", {"codec": "mpeg9"})
    over = fresh(run)
    assert over.is_final
    assert not segments.progress(second, RunState.ANALYSING, 1, BLOCK)
    assert not done(second)
    assert segments.claim(run.pk) is None
    assert fresh(run).state == over.state


def test_a_segment_that_kills_its_workers_ends_the_run(scoped):
    run = cut(scoped, 2)
    for attempt in range(1, leases.ATTEMPTS + 1):
        Segment.objects.filter(number=1).update(state=SegmentState.DONE)
        held = segments.claim(run.pk)
        assert (held.number, held.attempt) == (0, attempt)
        expire(held)
    assert segments.claim(run.pk) is None
    row = fresh(run)
    assert (row.state, row.error_code) == (RunState.FAILED, "attempts_spent")


def test_a_failed_attempt_rests_and_the_others_go_on(scoped):
    run = cut(scoped, 2)
    assert segments.attempt_failed(segments.claim(run.pk), "worker_disk_full")
    assert fresh(run).error_code == "worker_disk_full"
    second = segments.claim(run.pk)
    assert second.number == 1
    assert segments.claim(run.pk) is None
    Segment.objects.filter(number=0).update(rest_until=timezone.now() - timedelta(seconds=1))
    again = segments.claim(run.pk)
    assert (again.number, again.attempt) == (0, 2)


def test_the_last_failed_attempt_ends_the_run_with_its_reason(scoped):
    run = cut(scoped, 2)
    for _attempt in range(leases.ATTEMPTS):
        Segment.objects.update(rest_until=None)
        Segment.objects.filter(number=1).update(state=SegmentState.DONE)
        assert segments.attempt_failed(segments.claim(run.pk), "decoder_failed")
    assert (fresh(run).state, fresh(run).error_code) == (RunState.FAILED, "decoder_failed")


def test_a_released_segment_keeps_its_attempts(scoped):
    run = cut(scoped, 2)
    held = segments.claim(run.pk)
    assert segments.release(held)
    again = segments.claim(run.pk)
    assert (again.number, again.attempt) == (0, 1)


def test_segments_that_differ_are_done_anew_in_one_piece(scoped):
    run = cut(scoped, 2)
    held = segments.claim(run.pk)
    assert segments.in_one_piece(held, plan_of(1).to_json())
    row = fresh(run)
    assert (row.state, row.attempts, row.frames_done) == (RunState.REQUESTED, 0, 0)
    assert not Segment.objects.exists()
    assert len(runs.claim(run.pk).plan["segments"]) == 1


def test_when_the_last_is_done_the_run_is_scored_by_one(scoped):
    run = cut(scoped, 2)
    take()
    for _ in range(2):
        assert done(segments.claim(run.pk))
    assert wakeups().count(run.pk) == 1 + 1  # for the second segment, taken above without it, and for scoring
    held = runs.claim_scoring(run.pk)
    assert (held.scoring, held.attempt, fresh(run).state) == (True, 1, RunState.SCORING)
    assert runs.claim_scoring(run.pk) is None
    assert runs.claim(run.pk) is None
    assert fresh(run).frames_done == 2 * BLOCK


def test_scoring_that_broke_off_does_not_lose_the_segments(scoped):
    run = cut(scoped, 2)
    for _ in range(2):
        done(segments.claim(run.pk))
    for attempt in range(1, leases.ATTEMPTS + 1):
        held = runs.claim_scoring(run.pk)
        assert held.attempt == attempt
        Run.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert states(run) == [SegmentState.DONE] * 2
    assert runs.claim_scoring(run.pk) is None
    assert fresh(run).error_code == "attempts_spent"


@pytest.mark.parametrize(
    ("machines", "queued"), [((), 1), ((1,), 1), ((2, 3), 5), ((40,), 30)], ids=["none", "one", "two", "many"]
)
def test_a_run_has_no_more_wake_ups_than_there_are_workers(scoped, machines, queued):
    see_workers(*machines)
    run = cut(scoped, 30)
    assert wakeups() == [run.pk] * queued
    segments.wake_again(run.pk)
    assert wakeups() == [run.pk] * queued


def test_a_worker_queues_one_wake_up_for_the_one_it_answered(scoped):
    see_workers(1, 1)
    run = cut(scoped, 30)
    for _ in range(10):
        answer()
        assert wakeups() == [run.pk] * 2


def test_a_wake_up_that_was_lost_is_queued_again_and_a_dead_workers_too(scoped):
    see_workers(2)
    run = cut(scoped, 30)
    take(), take()  # lost, both
    assert sweeps.sweep() == 0
    Segment.objects.exclude(woken_at=None).update(woken_at=timezone.now() - 4 * leases.LEASE)
    assert sweeps.sweep() == 2
    take(), take()
    dead = segments.claim(run.pk)
    segments.claim(run.pk)
    assert sweeps.sweep() == 0
    expire(dead)
    assert sweeps.sweep() == 1
    assert segments.claim(run.pk).number == dead.number


def pass_time(leases_long):
    """Move everything that was queued into the past."""
    time = leases_long * leases.LEASE
    Segment.objects.update(woken_at=F("woken_at") - time)
    Run.objects.update(woken_at=F("woken_at") - time)
    OrmQ.objects.update(lock=F("lock") - time)


def test_wake_ups_that_wait_long_are_not_queued_twice(scoped):
    """Two workers that are at something else; each copy would be answered by a segment of work."""
    see_workers(2)
    run = cut(scoped, 30)
    asked = runs.request(scoped.recording(), None, {})
    for _ in range(5):
        pass_time(4)
        assert sweeps.sweep() == 0
        sweeps.forget_wakeups()
        assert sweeps.sweep() == 0
    assert wakeups() == [run.pk, run.pk, asked.pk]


@pytest.mark.parametrize("forget", [False, True], ids=["by age", "at a start"])
def test_a_wake_up_older_than_what_waits_is_lost(scoped, other, forget):
    see_workers(2)
    run = cut(scoped, 30)
    take(), take()
    pass_time(2 if forget else 4)
    with tenant(other.organisation.pk):
        waiting = runs.request(other.recording(), None, {})
    if forget:
        assert sweeps.sweep() == 0
        sweeps.forget_wakeups()
    assert [sweeps.sweep(), sweeps.sweep()] == [2, 0]
    assert wakeups() == [waiting.pk, run.pk, run.pk]


def test_wake_ups_of_an_earlier_secret_key_are_forgotten_at_a_start(scoped, monkeypatch):
    cut(scoped, 3)
    monkeypatch.setattr(Conf, "SECRET_KEY", "another")
    assert sweeps.sweep() == 0
    sweeps.forget_wakeups()
    assert sweeps.sweep() == 1
    queued = [row.task.get("func") for row in OrmQ.objects.order_by("pk")]
    assert queued == [None, ANALYSE_TASK]  # django-q2 deletes the first


def test_wake_ups_that_may_be_lost_are_forgotten_at_a_start(scoped):
    run = cut(scoped, 3)
    take()
    sweeps.forget_wakeups()
    assert sweeps.sweep() == 1
    assert wakeups() == [run.pk]


def test_a_lost_wake_up_for_scoring_is_queued_again(scoped):
    run = cut(scoped, 2)
    for _ in range(2):
        done(segments.claim(run.pk))
    while wakeups():
        take()
    Run.objects.update(woken_at=None)
    assert sweeps.sweep() == 1
    assert wakeups() == [run.pk]


def test_a_run_whose_scorer_was_killed_is_woken_and_scored(scoped):
    run = runs.request(scoped.recording(), None, {})
    for _ in range(3):
        answer(fake_engine(2))
    take()
    assert runs.claim_scoring(run.pk)
    Run.objects.update(woken_at=timezone.now() - 4 * leases.LEASE)
    assert segments.wake_again(run.pk) == 0  # it is at work
    Run.objects.update(woken_at=None)
    assert [segments.wake_again(run.pk), sweeps.sweep(), wakeups()] == [0, 0, []]
    Run.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert [sweeps.sweep(), sweeps.sweep()] == [1, 0]
    assert answer_all(fake_engine(2)) == [run.pk]
    assert (fresh(run).state, fresh(run).attempts) == (RunState.REPORTING, 2)


def test_a_short_recording_asked_for_while_a_long_one_is_under_way_waits_one_round_at_most(acme, other):
    """One worker; whose turn it is depends on the queue alone."""
    see_workers(1)
    with tenant(acme.organisation.pk):
        long = runs.request(acme.recording(), None, {})
    long_engine, short_engine = fake_engine(30), fake_engine(1)
    for _ in range(5):
        answer(long_engine)
    with tenant(other.organisation.pk):
        short = runs.request(other.recording(), None, {})
    turns = [answer(long_engine if wakeups()[0] == long.pk else short_engine) for _ in range(2)]
    assert turns == [long.pk, short.pk]
    assert fresh(short).state == RunState.REPORTING
    assert fresh(long).state == RunState.ANALYSING
    assert set(answer_all(long_engine)) == {long.pk}
    assert fresh(long).state == RunState.REPORTING


def test_two_long_recordings_take_turns(acme, other):
    see_workers(1)
    both = []
    for place in (acme, other):
        with tenant(place.organisation.pk):
            both.append(runs.request(place.recording(), None, {}))
    turns = answer_all(fake_engine(6))
    assert turns == [both[0].pk, both[1].pk] * (1 + 6 + 1)
    assert [fresh(run).state for run in both] == [RunState.REPORTING] * 2


def test_two_machines_share_a_run(scoped):
    """Each is at a segment while the other is; what the first began the second need not wait for."""
    see_workers(1, 1)
    run = runs.request(scoped.recording(), None, {})
    at_once, most = [0], []

    def meanwhile(*_args):
        at_once[0] += 1
        most.append(at_once[0])
        if at_once[0] == 1 and wakeups():
            answer(fake_engine(6, segment=meanwhile))
        at_once[0] -= 1

    answer_all(fake_engine(6, segment=meanwhile))
    assert max(most) == 2
    assert len(most) == 6
    assert fresh(run).state == RunState.REPORTING


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("storage")
@pytest.mark.parametrize("_round", range(3))
def test_of_many_claims_at_once_each_gets_another_segment(_round):
    acme = Tenant("acme")
    run = cut(acme, 3)
    claims = _at_once(acme, lambda: segments.claim(run.pk))
    assert sorted(held.number for held in claims if held) == [0, 1, 2]
    assert claims.count(None) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("storage")
@pytest.mark.parametrize("_round", range(3))
def test_of_workers_that_finish_at_once_one_wakes_for_scoring(_round):
    acme = Tenant("acme")
    run = cut(acme, 4)
    with tenant(acme.organisation.pk):
        held = [segments.claim(run.pk) for _ in range(4)]
        take()
    assert _at_once(acme, lambda: done(held.pop())) == [True] * 4
    assert wakeups() == [run.pk]
    with tenant(acme.organisation.pk):
        execute(run.pk, fake_engine())  # its spools were never stored
        assert fresh(run).error_code == "storage_unavailable"


def _at_once(place, act):
    barrier, answers = Barrier(4), []

    def go():
        try:
            with tenant(place.organisation.pk):
                barrier.wait(10)
                answers.append(act())
        finally:
            connection.close()

    threads = [Thread(target=go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return answers
