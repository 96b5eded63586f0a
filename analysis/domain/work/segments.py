"""The segments of a run that was cut: each is taken through pass 1 by one worker at a time, on any machine.

The run's row has no lease meanwhile; a segment's has. As in `analysis.domain.work.runs`, a function that
takes a `Claim` returns False and writes nothing once the claim is void: because another worker took the
segment, or because the run is over. When two writes meet, PostgreSQL looks anew at the row that is written
alone, and not at others its condition asks for: what must hold stands on that row, or is read after
`_locked`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Now

from analysis.domain.work import beats, leases, runs
from analysis.domain.work.leases import ATTEMPTS, WAKE_AGAIN_AFTER
from analysis.domain.work.wakeups import wake
from analysis.enums import RunState, SegmentState
from analysis.models import Run, Segment


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to work on a segment."""

    run_id: UUID
    organisation_id: UUID
    recording_id: UUID
    segment_id: UUID
    number: int
    frames: int
    lease: UUID
    attempt: int
    """From 1; of this segment."""
    plan: Mapping[str, Any]


def cut(held: runs.Claim, plan: Mapping[str, Any], frames: Sequence[int]) -> bool:
    """Lay the run out in segments of so many frames each, and wake workers; False when the lease is lost.

    The claim ends with it. The attempts of probing do not count against those of scoring.
    """
    with transaction.atomic():
        if not runs.row_of(held).update(
            **_unheld(), state=RunState.ANALYSING, plan=dict(plan), attempts=0, analysing_since=Now(),
            frames_done=0, frames_total=sum(frames), error_code="", error_facts={},
        ):  # fmt: skip
            return False
        Segment.objects.bulk_create(
            Segment(organisation_id=held.organisation_id, run_id=held.run_id, number=number, frames=count)
            for number, count in enumerate(frames)
        )
        wake_more(_locked(held.run_id))
    return True


def claim(run_id: UUID) -> Claim | None:
    """Take the next segment of a run; None when there is none to take.

    A segment whose attempts are spent ends the run (`attempts_spent`).
    """
    while found := _next(run_id):
        lease = uuid4()
        if found.attempts >= ATTEMPTS:
            _end_if(found.pk, run_id, takeable(), runs.failed("attempts_spent"))
            return None
        if Segment.objects.filter(takeable(), pk=found.pk, attempts=found.attempts).update(
            state=SegmentState.WORKING, lease=lease, lease_until=leases.until(), started_at=Now(),
            woken_at=None, rest_until=None, frames_done=0, attempts=F("attempts") + 1,
        ):  # fmt: skip
            return _told(found, lease)
    return None


def _next(run_id: UUID) -> Segment | None:
    """Those that a wake-up was queued for come first, so that each wake-up answers one."""
    waiting = Segment.objects.filter(takeable(), run_id=run_id).select_related("run")
    found: Segment | None = waiting.order_by(F("woken_at").asc(nulls_last=True), "number").first()
    return found


def _told(segment: Segment, lease: UUID) -> Claim:
    return Claim(
        run_id=segment.run_id,
        organisation_id=segment.organisation_id,
        recording_id=segment.run.recording_id,
        segment_id=segment.pk,
        number=segment.number,
        frames=segment.frames,
        lease=lease,
        attempt=segment.attempts + 1,
        plan=segment.run.plan,
    )


def progress(held: Claim, state: RunState, done: int, total: int | None) -> bool:  # noqa: ARG001 - as in `runs`
    """Renew the lease and tell how many of the segment's frames are done; False when the lease is lost."""
    if not _row_of(held).update(frames_done=min(done, held.frames), lease_until=leases.until()):
        return False
    Run.objects.filter(_under_way(), pk=held.run_id).update(frames_done=_done(), heartbeat_at=Now())
    return True


def renew(held: Claim) -> bool:
    """Renew the lease, and say no more than that work goes on; False when it is lost."""
    if not _row_of(held).update(lease_until=leases.until()):
        return False
    Run.objects.filter(_under_way(), pk=held.run_id).update(heartbeat_at=Now())
    return True


def finish(held: Claim, spool_key: str, facts: Mapping[str, Any]) -> bool:
    """Keep what pass 1 found, and wake a worker for what is next of the run; False when the lease is lost."""
    with transaction.atomic():
        # Of two that finish at once, the later must see that the other is done.
        run = _locked(held.run_id)
        if not run or not _row_of(held).update(
            **_unheld(), state=SegmentState.DONE, spool_key=spool_key, facts=dict(facts),
            frames_done=F("frames"), finished_at=Now(),
        ):  # fmt: skip
            return False
        Run.objects.filter(pk=run.pk).update(frames_done=_done(), heartbeat_at=Now(), **_made_good(run))
        wake_more(run)
    return True


def kept(segment_id: UUID, spool_key: str) -> bool:
    """Whether this spool is the segment's; see `runs.kept`."""
    return bool(Segment.objects.filter(pk=segment_id, spool_key=spool_key).exists())


def fail(held: Claim, code: str, facts: Mapping[str, object]) -> bool:
    """End the run for good; False when the lease is lost."""
    return _end_if(held.segment_id, held.run_id, Q(lease=held.lease), runs.failed(code, facts))


def attempt_failed(held: Claim, code: str, *, counts: bool = True) -> bool:
    """End this attempt: the segment rests, or the run fails with `code` after the last attempt.

    One that does not count is only rested from.
    """
    if counts and held.attempt >= ATTEMPTS:
        return fail(held, code, {})
    uncounted: dict[str, Any] = {} if counts else {"attempts": F("attempts") - 1}
    with transaction.atomic():
        run = _locked(held.run_id)
        if not run or not _given_back(held, rest_until=Now() + WAKE_AGAIN_AFTER, **uncounted):
            return False
        Run.objects.filter(pk=run.pk).update(error_code=code, frames_done=_done())
        wake_more(run)
    return True


def release(held: Claim) -> bool:
    """Give the segment back, because the worker must stop; the attempt does not count."""
    return _given_back(held, attempts=F("attempts") - 1)


def in_one_piece(held: "runs.Claim | Claim", plan: Mapping[str, Any]) -> bool:
    """Do the run anew by `plan`, which has one segment, because its segments do not fit together.

    False when the claim is void. The spools go with the run's end.
    """
    with transaction.atomic():
        run = _locked(held.run_id, RunState.ANALYSING, RunState.SCORING)
        row = runs.row_of(held) if isinstance(held, runs.Claim) else _row_of(held)
        if not run or not row.exists():
            return False
        Segment.objects.filter(run_id=run.pk).delete()
        Run.objects.filter(pk=run.pk).update(
            **_unheld(), state=RunState.REQUESTED, plan=dict(plan), attempts=0, analysing_since=None,
            frames_done=0, frames_total=None, woken_at=Now(),
        )  # fmt: skip
        wake(run.organisation_id, run.pk)
    return True


def wake_more(run: Run | None) -> int:
    """Queue as many wake-ups as a run has work for and there are workers; in a transaction that locks it.

    Those that are outstanding count: of no run are there ever more in the queue than there are workers, so
    runs take turns. How many were queued now.
    """
    if run is None:
        return 0
    undone = Segment.objects.filter(run_id=run.pk).exclude(state=SegmentState.DONE)
    unwoken = leases.unwoken()
    if not undone.exists():
        return _wake_scorer(run, unwoken)
    worked_on = Q(state=SegmentState.WORKING) & ~leases.over()
    outstanding = undone.filter(worked_on | ~unwoken).count()
    wanted = max(1, beats.live_workers()) - outstanding
    if wanted <= 0:
        return 0
    unanswered = undone.filter(_takeable(), unwoken).order_by("number")
    chosen = list(unanswered.values_list("pk", flat=True)[:wanted])
    for key in chosen:
        Segment.objects.filter(pk=key).update(woken_at=Now())
        wake(run.organisation_id, run.pk)
    return len(chosen)


def _wake_scorer(run: Run, unwoken: Q) -> int:
    woken = Run.objects.filter(runs.scorable(), unwoken, pk=run.pk).update(woken_at=Now())
    if woken:
        wake(run.organisation_id, run.pk)
    return woken


def wake_again(run_id: UUID) -> int:
    """Wake workers for what of a run in segments nobody works on and nobody was woken for."""
    with transaction.atomic():
        return wake_more(_locked(run_id, RunState.ANALYSING, RunState.SCORING))


def takeable() -> Q:
    """Segments of runs under way that can be claimed: waiting and rested, or with a lease that has ended."""
    return Q(_takeable(), Exists(Run.objects.filter(_under_way(), pk=OuterRef("run_id"))))


def _takeable() -> Q:
    rested = Q(rest_until=None) | Q(rest_until__lt=Now()) | Q(rest_until__gt=Now() + 2 * WAKE_AGAIN_AFTER)
    return Q(rested, state=SegmentState.WAITING) | Q(leases.over(), state=SegmentState.WORKING)


def _under_way() -> Q:
    return Q(state=RunState.ANALYSING, lease_until=None)


def _row_of(held: Claim) -> "QuerySet[Segment]":
    under_way = Exists(Run.objects.filter(_under_way(), pk=OuterRef("run_id")))
    return Segment.objects.filter(under_way, pk=held.segment_id, lease=held.lease, state=SegmentState.WORKING)


def _locked(run_id: UUID, *states: RunState) -> Run | None:
    """The run, locked until the transaction's end, if it is in one of these states; ANALYSING unless told."""
    found: Run | None = (
        Run.objects.select_for_update(no_key=True)
        .filter(pk=run_id, state__in=states or [RunState.ANALYSING])
        .first()
    )
    return found


def _end_if(segment_id: UUID, run_id: UUID, condition: Q, fields: Mapping[str, Any]) -> bool:
    with transaction.atomic():
        run = _locked(run_id)
        if not run or not Segment.objects.filter(condition, pk=segment_id).exists():
            return False
        return bool(Run.objects.filter(_under_way(), pk=run_id).update(**fields))


def _given_back(held: Claim, **fields: Any) -> bool:
    return bool(
        _row_of(held).update(**_unheld(), state=SegmentState.WAITING, frames_done=0, woken_at=None, **fields)
    )


def _made_good(run: Run) -> dict[str, object]:
    """No failed attempt is to be told of any more once each is done anew or under way again."""
    broken_off = Segment.objects.filter(run_id=run.pk, state=SegmentState.WAITING).exclude(rest_until=None)
    return {} if broken_off.exists() else {"error_code": "", "error_facts": {}}


def _unheld() -> dict[str, None]:
    return {"lease": None, "lease_until": None}


def _done() -> Subquery:
    """Frames of all the segments of the run that is updated."""
    rows = Segment.objects.filter(run_id=OuterRef("pk")).order_by().values("run_id")
    return Subquery(rows.annotate(sum=Sum("frames_done")).values("sum"))
