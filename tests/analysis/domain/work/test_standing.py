"""What is said of a run under way is what is known of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from analysis.domain.work import runs, segments, standing
from analysis.domain.work.standing import Waiting
from analysis.enums import RunState, SegmentState
from analysis.models import Run, Segment
from echodepth.tenancy import tenant
from tests.support.engines import BLOCK, plan_of
from tests.support.tenants import fresh
from tests.support.work import see_workers


@pytest.fixture
def scoped(acme):
    see_workers(1)
    with tenant(acme.organisation.pk):
        yield acme


def told(run):
    run = fresh(run)
    standing.tell([run])
    return standing.of(run)


def ago(seconds):
    return timezone.now() - timedelta(seconds=seconds)


def analysing(place, done, total, since):
    return place.run(
        state=RunState.ANALYSING,
        frames_done=done,
        frames_total=total,
        analysing_since=ago(since),
        lease_until=timezone.now() + timedelta(seconds=60),
    )


@pytest.mark.parametrize(
    ("done", "total", "since", "left"),
    [
        (1000, 4000, 100, 300),
        (4000, 4000, 100, 0),
        (4100, 4000, 100, 0),  # the header promised less
        (255, 4000, 100, None),
        (1000, 4000, 9, None),
        (1000, None, 100, None),
    ],
    ids=["a quarter", "all", "more than all", "few frames", "few seconds", "no total"],
)
def test_the_time_left_is_told_from_what_was_done(scoped, done, total, since, left):
    found = told(analysing(scoped, done, total, since))
    assert found.waiting is None
    assert found.seconds_left == (left if left is None else pytest.approx(left, abs=3))


@pytest.mark.parametrize("state", [RunState.REQUESTED, RunState.PROBING, RunState.SCORING, RunState.DONE])
def test_no_time_is_told_of_other_states(scoped, state):
    run = analysing(scoped, 1000, 4000, 100)
    Run.objects.update(state=state)
    assert told(run).seconds_left is None


def cut(place, *stretches):
    """A run that has been analysed for 100 s; of each segment its state, frames done, seconds of work."""
    run = place.run()
    assert segments.cut(runs.claim(run.pk), plan_of(len(stretches)).to_json(), [BLOCK] * len(stretches))
    for number, (state, done, seconds) in enumerate(stretches):
        Segment.objects.filter(run=run, number=number).update(
            state=state,
            frames_done=done,
            started_at=ago(seconds) if seconds else None,
            finished_at=timezone.now() if state == SegmentState.DONE else None,
            lease_until=timezone.now() + timedelta(seconds=60) if state == SegmentState.WORKING else None,
        )
    done = sum(done for _state, done, _seconds in stretches)
    Run.objects.filter(pk=run.pk).update(frames_done=done, analysing_since=ago(100))
    return run


WAITING, WORKING, DONE = SegmentState.WAITING, SegmentState.WORKING, SegmentState.DONE


def test_several_workers_make_a_run_quicker(scoped):
    run = cut(scoped, *[(DONE, BLOCK, 100)] * 2, (WORKING, 0, 1), *[(WAITING, 0, 0)] * 5)
    # Two workers did a segment each in 100 s, so six more take 300 s.
    assert told(run).seconds_left == pytest.approx(300, abs=5)


def test_the_last_segment_is_not_quicker_for_workers_that_have_nothing_to_do(scoped):
    run = cut(scoped, *[(DONE, BLOCK, 100)] * 4, (WORKING, 0, 1))
    # Four segments in 100 s would leave 25 s; but one worker takes 100 s for one.
    assert told(run).seconds_left == pytest.approx(100, abs=5)


def test_lost_work_makes_it_longer(scoped):
    run = cut(scoped, (DONE, BLOCK, 40), (WORKING, 0, 1), (WAITING, 0, 0))
    # One segment is all that 100 s have come to.
    assert told(run).seconds_left == pytest.approx(200, abs=5)


def test_without_a_live_worker_it_says_so(scoped):
    run = scoped.run()
    assert told(run).waiting is Waiting.TURN
    see_workers()
    assert told(run).waiting is Waiting.NO_WORKER
    see_workers(0)
    assert told(run).waiting is Waiting.NO_WORKER


def test_segments_that_all_wait(scoped):
    run = cut(scoped, (DONE, BLOCK, 40), (WAITING, 0, 0))
    assert told(run) == standing.Standing(Waiting.TURN)
    see_workers()
    assert told(run) == standing.Standing(Waiting.NO_WORKER)


def test_a_silent_worker_is_not_at_work(scoped):
    run = analysing(scoped, 1000, 4000, 100)
    Run.objects.update(lease_until=ago(1))
    assert told(run) == standing.Standing(Waiting.SILENT)
    run = cut(scoped, (WORKING, 100, 40), (WAITING, 0, 0))
    Segment.objects.filter(state=WORKING).update(lease_until=ago(1))
    assert told(run) == standing.Standing(Waiting.SILENT)


def test_a_silent_worker_makes_the_time_left_no_longer(scoped):
    run = cut(scoped, *[(DONE, BLOCK, 50)] * 4, (WORKING, 0, 1), (WORKING, 100, 90))
    Segment.objects.filter(number=5).update(lease_until=ago(1))
    Run.objects.filter(pk=run.pk).update(frames_done=4 * BLOCK)
    before = told(run).seconds_left
    Segment.objects.filter(number=5).update(started_at=ago(900), lease_until=ago(800))
    assert told(run).seconds_left == before == pytest.approx(50, abs=3)


def test_a_failed_attempt_is_told(scoped):
    run = scoped.run()
    runs.attempt_failed(runs.claim(run.pk), "storage_unavailable")
    assert told(run).waiting is Waiting.AGAIN


def test_a_failed_attempt_that_was_made_good_is_told_no_more(scoped):
    run = cut(scoped, *[(WAITING, 0, 0)] * 5)

    def finish():
        held = segments.claim(run.pk)
        assert segments.finish(held, "spool", {})
        return held.number

    for _ in range(2):
        segments.attempt_failed(segments.claim(run.pk), "storage_unavailable")
    assert told(run).waiting is Waiting.AGAIN
    assert finish() == 2
    assert told(run).waiting is Waiting.AGAIN  # both rest
    Segment.objects.exclude(rest_until=None).update(rest_until=ago(1))
    Segment.objects.update(woken_at=None)
    assert finish() == 0
    assert told(run).waiting is Waiting.AGAIN  # the second was not made good
    Segment.objects.update(woken_at=None)
    assert finish() == 1
    assert told(run).waiting is Waiting.TURN
    assert fresh(run).error_code == ""


def test_nothing_is_said_of_what_is_over(scoped):
    see_workers()
    for state in (RunState.DONE, RunState.FAILED, RunState.CANCELLED):
        assert told(scoped.run(state=state)) == standing.Standing()


def test_it_takes_two_queries(scoped, django_assert_num_queries):
    found = [fresh(cut(scoped, (WORKING, 100, 40), (WAITING, 0, 0))) for _ in range(4)]
    with django_assert_num_queries(2):
        standing.tell(found)
    assert [standing.of(run).waiting for run in found] == [None] * 4
