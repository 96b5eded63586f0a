"""The work of erasing: asked for once, taken up by any worker, done in chunks, ended by a certificate.

A worker writes under a lease that it renews with every chunk. Whoever was killed is followed by another, who
goes on with what is still there; a worker that comes too late writes nothing. An erasure is tried until it is
complete: what storage refuses is tried again after a rest.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django_q.models import OrmQ
from django_q.tasks import async_task

from accounts.announcements import erasure_done
from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.domain.audit_parties import Target
from accounts.domain.erasure import certificates, registry, remains, things
from accounts.domain.erasure.registry import HeldError, Job, NotYetError
from accounts.domain.retention import holds
from accounts.enums import ErasureReason, ErasureState
from accounts.models import Erasure, User
from echodepth.tenancy import sweeping, tenant

logger = logging.getLogger(__name__)

ERASE_TASK = "accounts.tasks.erase"
LEASE = things.LEASE
TURN_SECONDS = 20.0
"""How long one wake-up works, so that a worker which is told to stop is soon done, and others get a turn."""
LONGEST_REST = timedelta(minutes=10)
"""Between two attempts at what storage refuses; the first rest is short, each is twice as long."""
WAKE_AGAIN_AFTER = 3 * LEASE
MOST_WOKEN = 500
"""By one sweep; the next goes on."""
WAITING_READ = 500
"""Of the queue at a time."""
UNDER_WAY = (ErasureState.REQUESTED, ErasureState.WORKING)
AWAY = (OperationalError, InterfaceError)


def request(
    reason: ErasureReason,
    kind: str,
    object_id: UUID,
    organisation_id: UUID,
    *,
    data_class: str = "",
    policy: dict[str, Any] | None = None,
    asked_by: User | None = None,
    rights_request: UUID | None = None,
) -> Erasure:
    """Ask for something to be erased, in the scope of its organisation and the caller's transaction.

    One that is under way for the same thing is given back as it is; but what a person asks for by right
    becomes its reason, for that takes more than a withdrawal. Where a legal hold blocks it, it is HELD, and
    goes on by itself once nothing blocks it any more. Raises ValueError for a kind, or a class of its data,
    that nobody knows how to erase.
    """
    if not registry.is_known(kind, data_class):
        raise ValueError(f"nobody erases {data_class or 'all'} of a {kind}")
    wanted = {"kind": kind, "object_id": object_id, "data_class": data_class}
    known = _unfinished(**wanted).first()
    if known:
        return _outranked(known, reason, asked_by, rights_request)
    held = is_held(kind, object_id)
    try:
        with transaction.atomic():
            erasure = Erasure.objects.create(
                organisation_id=organisation_id,
                reason=reason,
                policy=policy or {},
                asked_by=asked_by,
                rights_request=rights_request,
                state=ErasureState.HELD if held else ErasureState.REQUESTED,
                **wanted,
            )
            if not held:
                _wake(erasure)
            record(AuditAction.ERASURE_REQUESTED, _target(erasure), reason=reason, data_class=data_class)
            if held:
                record(AuditAction.ERASURE_HELD, _target(erasure))
    except IntegrityError:  # somebody else asked at the same moment
        return _outranked(_unfinished(**wanted).get(), reason, asked_by, rights_request)
    return erasure


def _outranked(
    known: Erasure, reason: ErasureReason, asked_by: User | None, rights_request: UUID | None
) -> Erasure:
    if reason != ErasureReason.REQUEST or known.reason == reason or known.data_class:
        return known
    known.reason, known.asked_by, known.rights_request = reason, asked_by, rights_request
    known.save(update_fields=["reason", "asked_by", "rights_request"])
    record(AuditAction.ERASURE_REQUESTED, _target(known), reason=reason, data_class="")
    return known


def work(erasure_id: UUID) -> bool:
    """Answer a wake-up: erase for a while. True once the erasure is complete; safe when run twice at once.

    This is a task's outermost border.
    """
    erasure = _claim(erasure_id)
    if erasure is None:
        return False
    with _attempt(erasure):
        end = time.monotonic() + TURN_SECONDS
        while _go_on(erasure):
            if time.monotonic() >= end:
                _give_back(erasure, wake=True)
                return False
        _finish(erasure)
        return True
    return False


def sweep() -> int:
    """Wake erasures that nobody works on, in every organisation, and those no hold blocks (any more)."""
    idle = Q(state__in=UNDER_WAY) & _takeable()
    old = Q(requested_at__lt=Now() - WAKE_AGAIN_AFTER)
    with sweeping():
        due = Erasure.objects.filter(Q(idle & old) | Q(state=ErasureState.HELD)).order_by()
        rows = list(due.values_list("organisation_id", "pk", "state"))
    queued = _queued() if any(state != ErasureState.HELD for _organisation, _id, state in rows) else set()
    woken = 0
    for organisation_id, erasure_id, state in rows:
        if state != ErasureState.HELD and str(erasure_id) in queued:
            continue
        with tenant(organisation_id):
            woken += _release(erasure_id) if state == ErasureState.HELD else _wake_again(erasure_id)
        if woken >= MOST_WOKEN:
            break
    return woken


def release_all() -> int:
    """In the scope of an organisation in which a hold ended: let go on what nothing blocks; how many."""
    held = Erasure.objects.filter(state=ErasureState.HELD).order_by("requested_at", "pk")
    return sum(_release(erasure_id) for erasure_id in list(held.values_list("pk", flat=True)))


def is_held(kind: str, object_id: UUID) -> bool:
    """Whether a legal hold on it, on what it belongs to, or on something in it forbids to erase it."""
    return bool(holds.blocking(kind, object_id))


def under_way(kind: str) -> "QuerySet[Any]":
    """Ids of things of a kind that are being erased wholly: lists leave them out."""
    return _unfinished(kind=kind, data_class="", state__in=UNDER_WAY).values("object_id")


def _unfinished(**what: Any) -> "QuerySet[Erasure]":
    found: QuerySet[Erasure] = Erasure.objects.filter(**what).exclude(state=ErasureState.DONE)
    return found


def _target(erasure: Erasure) -> Target:
    """Without a name: names go."""
    return Target(erasure.kind, str(erasure.object_id), None)


def _wake(erasure: Erasure) -> None:
    async_task(ERASE_TASK, str(erasure.organisation_id), str(erasure.pk), group="erase", save=False)


def _takeable() -> Q:
    free = Q(lease_until=None) | Q(lease_until__lt=Now()) | Q(lease_until__gt=Now() + 2 * LEASE)
    return free & (Q(rest_until=None) | Q(rest_until__lt=Now()))


def _claim(erasure_id: UUID) -> Erasure | None:
    lease = uuid4()
    waiting = Erasure.objects.filter(_takeable(), pk=erasure_id, state__in=UNDER_WAY)
    taken = waiting.update(
        state=ErasureState.WORKING,
        lease=lease,
        lease_until=Now() + LEASE,
        rest_until=None,
        started_at=Coalesce(F("started_at"), Now()),
        attempts=F("attempts") + 1,
    )
    return Erasure.objects.filter(pk=erasure_id, lease=lease).first() if taken else None


def _mine(erasure: Erasure) -> "QuerySet[Erasure]":
    found: QuerySet[Erasure] = Erasure.objects.filter(pk=erasure.pk, lease=erasure.lease)
    return found


@contextmanager
def _attempt(erasure: Erasure) -> Iterator[None]:
    """What goes wrong ends the attempt, and the erasure rests; only the database's absence gets out."""
    try:
        yield
    except things.LeaseLostError:
        logger.info("erasure %s: another worker has it", erasure.pk)
    except HeldError:
        _hold(erasure)
    except NotYetError as early:
        _give_back(erasure, rest_until=Now() + early.rest)
    except AWAY:
        raise
    except Exception as error:
        logger.exception("erasure %s: attempt %s broke off", erasure.pk, erasure.attempts)
        code = "storage_unavailable" if isinstance(error, OSError) else "internal_error"
        rest = min(timedelta(seconds=2 ** min(erasure.attempts, 10)), LONGEST_REST)
        _give_back(erasure, error_code=code, rest_until=Now() + rest)


def _go_on(erasure: Erasure) -> bool:
    """One chunk; False once nothing is left."""
    things.renew(erasure)
    if is_held(erasure.kind, erasure.object_id):
        raise HeldError
    erasure.refresh_from_db(fields=["reason", "asked_by", "rights_request"])  # it may be outranked
    job = Job(erasure, erasure.kind, erasure.object_id, erasure.data_class)
    return registry.advance(job) or remains.advance(job)


def _give_back(erasure: Erasure, *, wake: bool = False, **fields: Any) -> None:
    with transaction.atomic():
        if _mine(erasure).update(lease=None, lease_until=None, **fields) and wake:
            _wake(erasure)


@transaction.atomic
def _hold(erasure: Erasure) -> None:
    if _mine(erasure).update(state=ErasureState.HELD, lease=None, lease_until=None):
        record(AuditAction.ERASURE_HELD, _target(erasure))


def _finish(erasure: Erasure) -> None:
    """Issue the certificate, once and for all."""
    with transaction.atomic():
        done = (
            _mine(erasure)
            .filter(reason=erasure.reason)
            .update(
                state=ErasureState.DONE,
                lease=None,
                lease_until=None,
                rest_until=None,
                error_code="",
                finished_at=Now(),
            )
        )
        if not done:
            raise things.LeaseLostError
        erasure.refresh_from_db()
        certificate = certificates.issue(erasure)
        erasure_done.send(Erasure, erasure=erasure, certificate=certificate)
        record(AuditAction.ERASURE_DONE, _target(erasure), certificate=str(certificate.pk))


@transaction.atomic
def _release(erasure_id: UUID) -> bool:
    """Let one go on that no hold blocks any more; whether there was one."""
    held = Erasure.objects.filter(pk=erasure_id, state=ErasureState.HELD)
    erasure = held.first()
    if erasure is None or is_held(erasure.kind, erasure.object_id):
        return False
    if not held.update(state=ErasureState.REQUESTED):
        return False
    _wake(erasure)
    return True


@transaction.atomic
def _wake_again(erasure_id: UUID) -> bool:
    erasure = Erasure.objects.filter(_takeable(), pk=erasure_id, state__in=UNDER_WAY).first()
    if erasure is None:
        return False
    _wake(erasure)
    return True


def _queued() -> set[str]:
    """Erasures that a wake-up waits for in the queue: one more would only make it longer.

    One that was taken is locked until long after its worker died, and answers nothing any more.
    """
    waiting = OrmQ.objects.filter(lock__lte=timezone.now())
    tasks = (row.task for row in waiting.iterator(chunk_size=WAITING_READ))
    return {str(task["args"][1]) for task in tasks if task.get("func") == ERASE_TASK}
