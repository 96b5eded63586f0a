from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django_q.models import OrmQ

from analysis.domain.work import leases, runs, sweeps
from analysis.enums import FINAL_STATES, WORKING_STATES, RunState
from analysis.models import Run
from analysis.signals import run_scored
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from tests.analysis.conftest import Tenant
from tests.support.tenants import fresh

OUTCOME = runs.Outcome(
    engine_version="9",
    media_facts={"seconds": 2.0},
    summary={"tracks": 1},
    result_key="r",
    frames_key="f",
    frames=60,
)
LONG_AGO = timedelta(days=1)


@pytest.fixture
def scoped(acme):
    with tenant(acme.organisation.pk):
        yield acme


def queued():
    return [task.task["args"] for task in OrmQ.objects.all()]


def expire(run):
    Run.objects.filter(pk=run.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_request_makes_a_run_and_its_wake_up(scoped):
    run = runs.request(scoped.recording(), scoped.user, {"seconds": 4.0})
    assert fresh(run).state == RunState.REQUESTED
    assert fresh(run).media_facts == {"seconds": 4.0}
    assert queued() == [(str(scoped.organisation.pk), str(run.pk))]


def test_a_request_that_rolls_back_leaves_no_wake_up(scoped):
    class BrokenError(Exception):
        pass

    def request_and_break():
        with transaction.atomic():
            runs.request(scoped.recording(), scoped.user, {})
            raise BrokenError

    with pytest.raises(BrokenError):
        request_and_break()
    assert queued() == []
    assert Run.objects.count() == 0


def test_no_second_request_while_the_first_is_under_way(scoped):
    recording = scoped.recording()
    first = runs.request(recording, scoped.user, {})
    with pytest.raises(UserError) as refused:
        runs.request(recording, scoped.user, {})
    assert refused.value.code == "run_unfinished"
    runs.cancel(first.pk)
    second = runs.request(recording, scoped.user, {})
    assert [run.pk for run in recording.runs.all()] == [second.pk, first.pk]


def test_claim_gives_a_lease_and_counts_the_attempt(scoped):
    run = scoped.run(woken_at=timezone.now())
    held = runs.claim(run.pk)
    row = fresh(run)
    assert (row.state, row.attempts, row.lease, row.woken_at) == (RunState.CLAIMED, 1, held.lease, None)
    assert timedelta(0) < row.lease_until - timezone.now() <= leases.LEASE
    assert runs.claim(run.pk) is None
    assert fresh(run).attempts == 1


@pytest.mark.parametrize("state", sorted(FINAL_STATES | {RunState.REPORTING}))
def test_what_is_over_cannot_be_claimed(scoped, state):
    run = scoped.run(state=state, lease_until=timezone.now() - LONG_AGO)
    assert runs.claim(run.pk) is None
    assert fresh(run).state == state


@pytest.mark.parametrize("state", sorted(WORKING_STATES))
def test_an_ended_lease_can_be_claimed_anew(scoped, state):
    run = scoped.run()
    first = runs.claim(run.pk)
    Run.objects.filter(pk=run.pk).update(state=state)
    expire(run)
    second = runs.claim(run.pk)
    assert second.lease != first.lease
    assert second.attempt == 2


@pytest.mark.usefixtures("scoped")
def test_a_run_of_another_organisation_is_not_claimed(other):
    run = other.run()
    assert runs.claim(run.pk) is None
    assert fresh(run).state == RunState.REQUESTED


def test_spent_attempts_fail_the_run(scoped):
    run = scoped.run()
    for _attempt in range(leases.ATTEMPTS):
        assert runs.claim(run.pk) is not None
        expire(run)  # the worker died without a word
    assert runs.claim(run.pk) is None
    row = fresh(run)
    assert (row.state, row.error_code, row.lease) == (RunState.FAILED, "attempts_spent", None)
    assert row.finished_at is not None


def test_progress_renews_the_lease(scoped):
    run = scoped.run()
    held = runs.claim(run.pk)
    Run.objects.filter(pk=run.pk).update(lease_until=timezone.now() + timedelta(seconds=1))
    assert runs.progress(held, RunState.ANALYSING, 120, 480)
    row = fresh(run)
    assert (row.state, row.frames_done, row.frames_total) == (RunState.ANALYSING, 120, 480)
    assert row.lease_until - timezone.now() > timedelta(seconds=60)


def test_a_worker_without_its_lease_writes_nothing(scoped):
    run = scoped.run()
    late = runs.claim(run.pk)
    expire(run)
    holder = runs.claim(run.pk)
    before = Run.objects.filter(pk=run.pk).values().get()
    assert not runs.progress(late, RunState.SCORING, 999, 999)
    assert not runs.complete(late, OUTCOME)
    assert not runs.fail(late, "unreadable", {})
    assert not runs.attempt_failed(late, "internal_error")
    assert not runs.release(late)
    assert Run.objects.filter(pk=run.pk).values().get() == before
    assert runs.progress(holder, RunState.ANALYSING, 1, None)


def test_complete_announces_the_run_once(scoped):
    heard = []

    def listen(run, **_kwargs):
        heard.append((run.pk, run.state, run.recording.title, transaction.get_connection().in_atomic_block))

    run = scoped.run()
    held = runs.claim(run.pk)
    run_scored.connect(listen)
    try:
        assert runs.complete(held, OUTCOME)
        assert not runs.complete(held, OUTCOME)
    finally:
        run_scored.disconnect(listen)
    assert heard == [(run.pk, RunState.REPORTING, "Interview", True)]
    row = fresh(run)
    assert (row.engine_version, row.result_key, row.frames_key) == ("9", "r", "f")
    assert (row.frames_done, row.frames_total, row.lease) == (60, 60, None)


def test_a_receiver_that_fails_takes_the_completion_with_it(scoped):
    class BrokenError(Exception):
        pass

    def refuse(**_kwargs):
        raise BrokenError

    run = scoped.run()
    held = runs.claim(run.pk)
    run_scored.connect(refuse)
    try:
        with pytest.raises(BrokenError):
            runs.complete(held, OUTCOME)
    finally:
        run_scored.disconnect(refuse)
    assert fresh(run).state == RunState.CLAIMED
    assert fresh(run).result_key == ""


def test_finish_closes_only_what_waits_for_its_report(scoped):
    run = scoped.run(state=RunState.REPORTING)
    assert runs.finish(run.pk)
    closed = fresh(run).finished_at
    assert fresh(run).state == RunState.DONE
    assert not runs.finish(run.pk)
    assert fresh(run).finished_at == closed
    requested = scoped.run()
    assert not runs.finish(requested.pk)
    assert fresh(requested).state == RunState.REQUESTED


@pytest.mark.parametrize("state", sorted(set(RunState) - FINAL_STATES))
def test_cancel_stops_an_unfinished_run(scoped, state):
    run = scoped.run(state=state)
    assert runs.cancel(run.pk)
    assert fresh(run).state == RunState.CANCELLED
    assert not runs.cancel(run.pk)


@pytest.mark.parametrize("state", sorted(FINAL_STATES))
def test_cancel_leaves_a_final_run_alone(scoped, state):
    run = scoped.run(state=state)
    assert not runs.cancel(run.pk)
    assert fresh(run).state == state


def test_a_cancelled_run_takes_no_more_from_its_worker(scoped):
    run = scoped.run()
    held = runs.claim(run.pk)
    runs.cancel(run.pk)
    assert not runs.progress(held, RunState.ANALYSING, 1, 2)
    assert not runs.complete(held, OUTCOME)
    assert fresh(run).state == RunState.CANCELLED


def test_a_failed_attempt_rests_and_comes_back_until_the_last(scoped):
    run = scoped.run()
    for attempt in range(1, leases.ATTEMPTS):
        assert runs.attempt_failed(runs.claim(run.pk), "internal_error")
        row = fresh(run)
        assert (row.state, row.attempts) == (RunState.REQUESTED, attempt)
        assert sweeps.sweep() == 0  # not at once: what broke it may need time to pass
    assert runs.attempt_failed(runs.claim(run.pk), "internal_error")
    assert (fresh(run).state, fresh(run).error_code) == (RunState.FAILED, "internal_error")


def test_a_released_run_is_woken_at_once_and_keeps_its_attempts(scoped):
    run = scoped.run()
    assert runs.release(runs.claim(run.pk))
    assert (fresh(run).state, fresh(run).attempts, fresh(run).lease) == (RunState.REQUESTED, 0, None)
    assert sweeps.sweep() == 1
    assert queued() == [(str(scoped.organisation.pk), str(run.pk))]


def test_facts_of_a_failure_are_kept_as_plain_values(scoped, tmp_path):
    run = scoped.run()
    assert runs.fail(runs.claim(run.pk), "models_missing", {"folder": tmp_path, "n": 3})
    assert fresh(run).error_facts == {"folder": str(tmp_path), "n": 3}


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("storage")
@pytest.mark.parametrize("_round", range(5))
def test_of_many_claims_at_once_one_wins(_round):
    acme = Tenant("acme")
    run = acme.run()
    barrier = Barrier(4)
    held = []

    def take():
        try:
            with tenant(acme.organisation.pk):
                barrier.wait(10)
                held.append(runs.claim(run.pk))
        finally:
            connection.close()

    threads = [Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    winners = [claim for claim in held if claim]
    assert len(held) == 4
    assert len(winners) == 1
    assert (fresh(run).lease, fresh(run).attempts) == (winners[0].lease, 1)
