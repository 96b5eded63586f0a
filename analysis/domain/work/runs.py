"""The run's way from requested to done: every change of state is one conditional UPDATE.

A worker writes under the lease its claim gave it. Once another claim, a cancellation or the lease's end
has made it void, each function here that takes a `Claim` returns False and writes nothing.

A run is claimed as a whole twice: to be probed and cut, and, once its segments are done
(`analysis.domain.work.segments`), to be scored. One that is not cut goes through in its first claim, unless
it may have to wait before it is scored until somebody says who is who (`wait_for_people`, `go_on`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext_lazy as _

from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.domain.consent import standing
from accounts.models import Declaration, Subject, User
from analysis.domain import gate, neutrals
from analysis.domain.work import leases
from analysis.domain.work.leases import ATTEMPTS
from analysis.domain.work.wakeups import wake
from analysis.enums import FINAL_STATES, WORKING_STATES, RunState, SegmentState
from analysis.models import Recording, Run, Segment
from analysis.signals import run_scored
from echodepth.errors import UserError

ASSIGNMENT_EXPIRED = "assignment_expired"

Stretch = tuple[float, float]
"""From and to in seconds of a recording."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to work on a run."""

    run_id: UUID
    organisation_id: UUID
    recording_id: UUID
    lease: UUID
    attempt: int
    """From 1."""
    neutral: Stretch | None
    """Where the person most seen is said to be neutral."""
    kept_neutral: UUID | None
    """The neutral to carry over for the person most seen, where none is marked."""
    cohort: str
    """Key of the declared cohort of the person most seen; empty where none was."""
    plan: Mapping[str, Any]
    """How the recording is cut; empty where that is to be found out."""
    scoring: bool
    """Whether pass 1 is done, in segments, and the claim is for what follows."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a finished analysis leaves on the run's row; see the fields of `Run`."""

    engine_version: str
    media_facts: Mapping[str, Any]
    summary: Mapping[str, Any]
    result_key: str
    frames_key: str
    frames: int
    cohort_version: str = ""
    withheld: Sequence[int] = ()


def request(
    recording: Recording, user: User | None, media_facts: Mapping[str, Any], neutral: Stretch | None = None
) -> Run:
    """Make a requested run and queue its wake-up, both or neither; `neutral` is a marked stretch.

    Without one, the run carries over what is kept for the recording's subject. Raises UserError
    `run_unfinished` while an earlier run of the recording is under way, `media_erased` where there is nothing
    left to analyse, and `gate.MissingError`, which the audit trail tells of, where something is missing that
    the project's declaration requires.
    """
    try:
        return _requested(recording, user, media_facts, neutral)
    except gate.MissingError as refusal:
        record(AuditAction.ANALYSIS_REFUSED, recording, missing=gate.codes(refusal.missing))
        raise


@transaction.atomic
def _requested(
    recording: Recording, user: User | None, media_facts: Mapping[str, Any], neutral: Stretch | None
) -> Run:
    declaration = gate.check(recording)
    # The row's lock makes two requests at once come one after the other.
    Recording.objects.select_for_update(no_key=True).get(pk=recording.pk)
    if recording.runs.exclude(state__in=FINAL_STATES).exists():
        raise UserError(
            "run_unfinished",
            _("This recording is being analysed. Wait for it, or cancel it."),
            status=409,
        )
    if not recording.storage_key:
        raise UserError(
            "media_erased",
            _("The recording itself was erased; what was found in it stays. Upload it again to analyse it."),
            status=409,
        )
    run = Run.objects.create(
        organisation_id=recording.organisation_id,
        recording=recording,
        requested_by=user,
        declaration=declaration,
        media_facts=dict(media_facts),
        neutral_start=neutral[0] if neutral else None,
        neutral_end=neutral[1] if neutral else None,
        kept_neutral=None if neutral else neutrals.current(recording.subject_id),
        cohort=_cohort(recording.subject, declaration),
        woken_at=Now(),
    )
    Recording.objects.filter(pk=recording.pk, analysis_wanted=True).update(analysis_wanted=False)
    recording.analysis_wanted = False
    wake(run.organisation_id, run.pk)
    record(AuditAction.RUN_REQUESTED, run, marked=neutral is not None)
    return run


def _cohort(subject: Subject | None, declaration: Declaration) -> str:
    """The declared cohort, where the person agreed to its use."""
    if subject is None or not subject.cohort or not standing.culture_allowed(subject, declaration):
        return ""
    return str(subject.cohort)


def claim(run_id: UUID) -> Claim | None:
    """Take a run that is requested or whose lease has ended; None when there is nothing to take.

    A run whose attempts are spent becomes failed (`attempts_spent`) instead: a recording that kills its
    worker does not come back for ever.
    """
    return _claim(
        run_id, free(), scoring=False, state=RunState.CLAIMED, started_at=Now(), analysing_since=None,
        frames_done=0, frames_total=None,
    )  # fmt: skip


def claim_scoring(run_id: UUID) -> Claim | None:
    """Take a run whose segments are all done; as `claim`."""
    return _claim(run_id, scorable(), scoring=True, state=RunState.SCORING)


def _claim(run_id: UUID, takeable: Q, *, scoring: bool, **fields: Any) -> Claim | None:
    lease = uuid4()
    takeable = Q(takeable, pk=run_id)
    if Run.objects.filter(takeable, attempts__gte=ATTEMPTS).update(**failed("attempts_spent")):
        return None
    taken = Run.objects.filter(takeable).update(
        lease=lease,
        lease_until=leases.until(),
        heartbeat_at=Now(),
        woken_at=None,
        tidy_at=Now(),
        attempts=F("attempts") + 1,
        **fields,
    )
    return _told(Run.objects.get(pk=run_id), lease, scoring) if taken else None


def _told(run: Run, lease: UUID, scoring: bool) -> Claim:
    return Claim(
        run_id=run.pk,
        organisation_id=run.organisation_id,
        recording_id=run.recording_id,
        lease=lease,
        attempt=run.attempts,
        neutral=run.neutral,
        kept_neutral=run.kept_neutral_id,
        cohort=run.cohort,
        plan=run.plan,
        scoring=scoring,
    )


def progress(held: Claim, state: RunState, done: int, total: int | None) -> bool:
    """Renew the lease and tell how far the work is; False when the lease is lost.

    `done` and `total` are frames while the run is analysing, and not kept of other states.
    """
    fields: dict[str, Any] = {"state": state, "heartbeat_at": Now(), "lease_until": leases.until()}
    if state == RunState.ANALYSING:
        since = Coalesce(F("analysing_since"), Now())
        fields |= {"frames_done": done, "frames_total": total, "analysing_since": since}
    return bool(row_of(held).update(**fields))


def renew(held: Claim) -> bool:
    """Renew the lease, and say no more than that work goes on; False when it is lost."""
    return bool(row_of(held).update(lease_until=leases.until(), heartbeat_at=Now()))


def complete(held: Claim, outcome: Outcome) -> bool:
    """Write the result in one last transaction, which sends `run_scored`; False when the lease is lost."""
    with transaction.atomic():
        if not row_of(held).update(
            state=RunState.REPORTING,
            lease=None,
            lease_until=None,
            heartbeat_at=Now(),
            error_code="",
            error_facts={},
            engine_version=outcome.engine_version,
            media_facts=dict(outcome.media_facts),
            summary=dict(outcome.summary),
            result_key=outcome.result_key,
            frames_key=outcome.frames_key,
            cohort_version=outcome.cohort_version,
            withheld=list(outcome.withheld),
            frames_done=outcome.frames,
            frames_total=outcome.frames,
        ):
            return False
        run_scored.send(Run, run=Run.objects.select_related("recording").get(pk=held.run_id))
    return True


def kept(run_id: UUID, result_key: str) -> bool:
    """Whether this result is the run's: the answer to `complete` may have been lost with the connection."""
    return bool(Run.objects.filter(pk=run_id, result_key=result_key).exists())


def fail(held: Claim, code: str, facts: Mapping[str, object]) -> bool:
    """End the run for good; False when the lease is lost."""
    return bool(row_of(held).update(**failed(code, facts)))


def attempt_failed(held: Claim, code: str, *, counts: bool = True) -> bool:
    """End this attempt: the sweep wakes the run again, or it fails with `code` after the last attempt.

    One that does not count is only rested from.
    """
    if counts and held.attempt >= ATTEMPTS:
        return fail(held, code, {})
    uncounted: dict[str, Any] = {} if counts else {"attempts": F("attempts") - 1}
    return _given_back(held, error_code=code, woken_at=Now(), **uncounted)


def release(held: Claim) -> bool:
    """Give the run back unfinished, because the worker must stop; the attempt does not count."""
    return _given_back(held, attempts=F("attempts") - 1)


def finish(run_id: UUID) -> bool:
    """Close a run whose report is made (or could not be made); False when it was not waiting for that."""
    return bool(
        Run.objects.filter(pk=run_id, state=RunState.REPORTING).update(state=RunState.DONE, finished_at=Now())
    )


def wait_for_people(held: Claim, people: Sequence[Mapping[str, Any]]) -> bool:
    """Leave the run until somebody says who is who in it; False when the lease is lost.

    Its segments' spools stay. Nobody works on it meanwhile and nobody is woken for it; the claim was no
    attempt.
    """
    return bool(
        row_of(held).update(
            state=RunState.ASSIGNING,
            lease=None,
            lease_until=None,
            heartbeat_at=Now(),
            woken_at=None,
            attempts=F("attempts") - 1,
            people=[dict(one) for one in people],
            error_code="",
            error_facts={},
        )
    )


def go_on(run_id: UUID) -> bool:
    """Have a run scored that waited for people to be assigned; False when it does not wait for that.

    In the caller's transaction, with which the wake-up goes.
    """
    waiting = Run.objects.filter(pk=run_id, state=RunState.ASSIGNING)
    if not waiting.update(state=RunState.ANALYSING, heartbeat_at=Now(), woken_at=Now()):
        return False
    run = Run.objects.get(pk=run_id)
    wake(run.organisation_id, run.pk)
    return True


def waits_until(run: Run) -> datetime | None:
    """When a run that waits for people to be assigned is given up; None of another."""
    if run.state != RunState.ASSIGNING or run.heartbeat_at is None:
        return None
    return run.heartbeat_at + timedelta(days=settings.ASSIGNING_DAYS)


def left_unassigned() -> Q:
    """Runs that waited for people to be assigned for longer than this installation keeps face geometry."""
    return Q(state=RunState.ASSIGNING, heartbeat_at__lt=Now() - timedelta(days=settings.ASSIGNING_DAYS))


def give_up(run_id: UUID) -> bool:
    """Cancel a run that was left unassigned; False when somebody was quicker."""
    return _cancelled(Q(left_unassigned(), pk=run_id), error_code=ASSIGNMENT_EXPIRED)


def cancel(run_id: UUID) -> bool:
    """Stop a run in any state that is not final; its worker notices at its next heartbeat."""
    return _cancelled(Q(pk=run_id) & ~Q(state__in=FINAL_STATES))


@transaction.atomic
def _cancelled(which: Q, **why: str) -> bool:
    run = Run.objects.filter(which).select_related("recording").first()
    if run is None or not Run.objects.filter(which, pk=run.pk).update(
        state=RunState.CANCELLED,
        lease=None,
        lease_until=None,
        finished_at=Now(),
        tidy_at=Now(),
        people=[],
        # What was found already is shown to nobody: storage is cleared of it.
        result_key="",
        frames_key="",
        summary={},
        **why,
    ):
        return False
    record(AuditAction.RUN_CANCELLED, run)
    return True


def free() -> Q:
    """Runs to be claimed from the beginning."""
    ended = Q(leases.over(), state__in=WORKING_STATES)
    return Q(Q(state=RunState.REQUESTED) | ended, ~Exists(_segments()))


def scorable() -> Q:
    """Runs whose segments are all done and that nobody scores."""
    idle = Q(state=RunState.ANALYSING, lease_until=None) | Q(leases.over(), state=RunState.SCORING)
    return Q(idle, Exists(_segments()), ~Exists(_segments().exclude(state=SegmentState.DONE)))


def row_of(held: Claim) -> "QuerySet[Run]":
    """The run's row for as long as the claim holds; else no row."""
    return Run.objects.filter(pk=held.run_id, lease=held.lease, state__in=WORKING_STATES)


def failed(code: str, facts: Mapping[str, object] | None = None) -> dict[str, Any]:
    """The fields of a run that ends so."""
    plain = {
        name: fact if isinstance(fact, int | float | str) else str(fact)
        for name, fact in (facts or {}).items()
    }
    return {
        "state": RunState.FAILED,
        "error_code": code,
        "error_facts": plain,
        "lease": None,
        "lease_until": None,
        "finished_at": Now(),
    }


def _segments() -> "QuerySet[Segment]":
    return Segment.objects.filter(run_id=OuterRef("pk"))


def _given_back(held: Claim, **fields: Any) -> bool:
    if held.scoring:
        fields |= {"state": RunState.ANALYSING}
    else:
        fields |= {
            "state": RunState.REQUESTED,
            "analysing_since": None,
            "frames_done": 0,
            "frames_total": None,
        }
    return bool(row_of(held).update(lease=None, lease_until=None, **fields))
