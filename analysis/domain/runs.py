"""The run's way from requested to done: every change of state is one conditional UPDATE.

A worker writes under the lease its claim gave it. Once another claim, a cancellation or the lease's end
has made it void, each function here that takes a `Claim` returns False and writes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from analysis.domain import neutrals
from analysis.domain.wakeups import wake
from analysis.enums import FINAL_STATES, WORKING_STATES, RunState
from analysis.models import Recording, Run
from analysis.signals import run_scored
from echodepth.errors import UserError
from echodepth.tenancy import every_tenant, tenant

LEASE = timedelta(seconds=90)
"""Longest time between two heartbeats; the engine reports far more often."""
ATTEMPTS = 3
"""Claims that may end without a result, death of the worker included."""
WAKE_AGAIN_AFTER = timedelta(minutes=5)
"""A wake-up unanswered for this long is taken for lost, and a failed attempt rests for this long."""
REPORT_AGAIN_AFTER = timedelta(hours=1)

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


def request(
    recording: Recording, user: User | None, media_facts: Mapping[str, Any], neutral: Stretch | None = None
) -> Run:
    """Make a requested run and queue its wake-up, both or neither; `neutral` is a marked stretch.

    Without one, the run carries over what is kept for the recording's subject.
    Raises UserError `run_unfinished` while an earlier run of the recording is under way.
    """
    with transaction.atomic():
        # The row's lock makes two requests at once come one after the other.
        Recording.objects.select_for_update().get(pk=recording.pk)
        if recording.runs.exclude(state__in=FINAL_STATES).exists():
            raise UserError(
                "run_unfinished",
                _("This recording is being analysed. Wait for it, or cancel it."),
                status=409,
            )
        run = Run.objects.create(
            organisation_id=recording.organisation_id,
            recording=recording,
            requested_by=user,
            media_facts=dict(media_facts),
            neutral_start=neutral[0] if neutral else None,
            neutral_end=neutral[1] if neutral else None,
            kept_neutral=None if neutral else neutrals.current(recording.subject_id),
            cohort=recording.subject.cohort if recording.subject else "",
            woken_at=timezone.now(),
        )
        wake(run.organisation_id, run.pk)
    return run


def claim(run_id: UUID) -> Claim | None:
    """Take a run that is requested or whose lease has ended; None when there is nothing to take.

    A run whose attempts are spent becomes failed (`attempts_spent`) instead: a recording that kills its
    worker does not come back for ever.
    """
    now, lease = timezone.now(), uuid4()
    free = Run.objects.filter(_free(now), pk=run_id)
    if free.filter(attempts__gte=ATTEMPTS).update(**_failed("attempts_spent", {}, now)):
        return None
    if not free.update(
        state=RunState.CLAIMED,
        lease=lease,
        lease_until=now + LEASE,
        heartbeat_at=now,
        woken_at=None,
        started_at=now,
        attempts=F("attempts") + 1,
        frames_done=0,
        frames_total=None,
    ):
        return None
    run = Run.objects.get(pk=run_id)
    return Claim(
        run_id=run.pk,
        organisation_id=run.organisation_id,
        recording_id=run.recording_id,
        lease=lease,
        attempt=run.attempts,
        neutral=run.neutral,
        kept_neutral=run.kept_neutral_id,
        cohort=run.cohort,
    )


def progress(held: Claim, state: RunState, done: int, total: int | None) -> bool:
    """Renew the lease and tell how far the work is; False when the lease is lost."""
    now = timezone.now()
    return bool(
        _held(held).update(
            state=state, frames_done=done, frames_total=total, heartbeat_at=now, lease_until=now + LEASE
        )
    )


def renew(held: Claim) -> bool:
    """Renew the lease alone; False when it is lost."""
    return bool(_held(held).update(lease_until=timezone.now() + LEASE))


def complete(held: Claim, outcome: Outcome) -> bool:
    """Write the result in one last transaction, which sends `run_scored`; False when the lease is lost."""
    with transaction.atomic():
        if not _held(held).update(
            state=RunState.REPORTING,
            lease=None,
            lease_until=None,
            heartbeat_at=timezone.now(),
            error_code="",
            error_facts={},
            engine_version=outcome.engine_version,
            media_facts=dict(outcome.media_facts),
            summary=dict(outcome.summary),
            result_key=outcome.result_key,
            frames_key=outcome.frames_key,
            cohort_version=outcome.cohort_version,
            frames_done=outcome.frames,
            frames_total=outcome.frames,
        ):
            return False
        run_scored.send(Run, run=Run.objects.select_related("recording").get(pk=held.run_id))
    return True


def fail(held: Claim, code: str, facts: Mapping[str, object]) -> bool:
    """End the run for good; False when the lease is lost."""
    return bool(_held(held).update(**_failed(code, facts, timezone.now())))


def attempt_failed(held: Claim, code: str) -> bool:
    """End this attempt: the sweep wakes the run again, or it fails with `code` after the last attempt."""
    if held.attempt >= ATTEMPTS:
        return fail(held, code, {})
    return _requested_again(held, error_code=code, woken_at=timezone.now())


def release(held: Claim) -> bool:
    """Give the run back unfinished, because the worker must stop; the attempt does not count."""
    return _requested_again(held, attempts=F("attempts") - 1)


def finish(run_id: UUID) -> bool:
    """Close a run whose report is made (or could not be made); False when it was not waiting for that."""
    return bool(
        Run.objects.filter(pk=run_id, state=RunState.REPORTING).update(
            state=RunState.DONE, finished_at=timezone.now()
        )
    )


def cancel(run_id: UUID) -> bool:
    """Stop a run in any state that is not final; its worker notices at its next heartbeat."""
    return bool(
        Run.objects.filter(pk=run_id)
        .exclude(state__in=FINAL_STATES)
        .update(state=RunState.CANCELLED, lease=None, lease_until=None, finished_at=timezone.now())
    )


def sweep() -> int:
    """Wake runs nobody took and runs whose worker went silent, in every organisation; how many were woken."""
    now = timezone.now()
    with every_tenant():
        waiting = list(_unanswered(now).values_list("organisation_id", "pk"))
        unreported = list(_unreported(now).values_list("organisation_id", "pk"))
    return sum(_wake_once(*row, now) for row in waiting) + sum(_report_again(*row, now) for row in unreported)


def forget_wakeups() -> None:
    """Let the next sweep wake every requested run again, when workers start.

    What was queued may be lost: prefetched by workers that are gone, or signed with an earlier secret key,
    which django-q2 deletes. A wake-up too many does no harm.
    """
    with every_tenant():
        Run.objects.filter(state=RunState.REQUESTED).update(woken_at=None)


def _wake_once(organisation_id: UUID, run_id: UUID, now: datetime) -> bool:
    with tenant(organisation_id), transaction.atomic():
        if not _unanswered(now).filter(pk=run_id).update(woken_at=now):
            return False  # another sweep was quicker
        wake(organisation_id, run_id)
    return True


def _report_again(organisation_id: UUID, run_id: UUID, now: datetime) -> bool:
    with tenant(organisation_id), transaction.atomic():
        if not _unreported(now).filter(pk=run_id).update(heartbeat_at=now):
            return False
        run_scored.send(Run, run=Run.objects.select_related("recording").get(pk=run_id))
    return True


def _free(now: datetime) -> Q:
    return Q(state=RunState.REQUESTED) | Q(state__in=WORKING_STATES, lease_until__lt=now)


def _unanswered(now: datetime) -> "QuerySet[Run]":
    unwoken = Q(woken_at=None) | Q(woken_at__lt=now - WAKE_AGAIN_AFTER)
    return Run.objects.filter(_free(now) & unwoken)


def _unreported(now: datetime) -> "QuerySet[Run]":
    return Run.objects.filter(state=RunState.REPORTING, heartbeat_at__lt=now - REPORT_AGAIN_AFTER)


def _held(held: Claim) -> "QuerySet[Run]":
    return Run.objects.filter(pk=held.run_id, lease=held.lease, state__in=WORKING_STATES)


def _requested_again(held: Claim, **fields: Any) -> bool:
    return bool(
        _held(held).update(
            state=RunState.REQUESTED, lease=None, lease_until=None, frames_done=0, frames_total=None, **fields
        )
    )


def _failed(code: str, facts: Mapping[str, object], now: datetime) -> dict[str, Any]:
    return {
        "state": RunState.FAILED,
        "error_code": code,
        "error_facts": {
            name: fact if isinstance(fact, int | float | str) else str(fact) for name, fact in facts.items()
        },
        "lease": None,
        "lease_until": None,
        "finished_at": now,
    }
