"""What the clock does with due dates: reckon those that are not yet, tell members, ask for erasure.

As every sweep it asks first, over all organisations at once, whose rows are due, and then deals with each in
its tenant's scope; what goes wrong in one organisation holds up no other.
"""

import logging
from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.domain.erasure import erasures
from accounts.domain.retention import holds, notices, policies, retentions
from accounts.domain.retention.notices import GRACE, NOTICED, UNDELIVERED
from accounts.enums import ErasureReason
from accounts.models import Retention
from echodepth.tenancy import sweeping, tenant

logger = logging.getLogger(__name__)

CHUNK = 100


def sweep() -> int:
    """How many erasures were asked for."""
    asked = 0
    now = timezone.now()
    with sweeping():
        unreckoned = _organisations(Q(due_at=None))
        untold = _organisations(notices.to_tell(now))
        due = _organisations(_due())
    for organisation_id in unreckoned:
        _deal(organisation_id, lambda: retentions.reckon(Retention.objects.filter(due_at=None)))
    for organisation_id in untold:
        _deal(organisation_id, _tell)
    for organisation_id in due:
        asked += _deal(organisation_id, _ask_for_all)
    return asked


def _organisations(which: Q) -> list[UUID]:
    rows = Retention.objects.alias(ends=retentions.ENDS).filter(which)
    return list(rows.order_by().values_list("organisation_id", flat=True).distinct())


def _due() -> Q:
    """Its time is over, and whoever had to be told was told long enough ago, or could not be for a week."""
    now = timezone.now()
    told = Q(noticed_at__lte=now - GRACE) | ~Q(data_class__in=NOTICED) | Q(ends__lte=now - UNDELIVERED)
    return Q(told, asked_at=None, ends__lte=now)


def _deal(organisation_id: UUID, what: Callable[[], int]) -> int:
    try:
        with tenant(organisation_id):
            return what()
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        logger.exception("organisation %s: due dates could not be dealt with", organisation_id)
    return 0


@transaction.atomic
def _tell() -> int:
    return notices.tell()


def _ask_for_all() -> int:
    """Page by page; what is held is passed over, and asked again at the next sweep."""
    asked, after = 0, None
    while True:
        rows = Retention.objects.alias(ends=retentions.ENDS).filter(_due())
        page = list((rows.filter(pk__gt=after) if after else rows).order_by("pk")[:CHUNK])
        held = holds.holding([(row.kind, row.object_id) for row in page])
        for row in page:
            if (row.kind, row.object_id) not in held:
                asked += _deal(row.organisation_id, partial(_ask, row))
        if len(page) < CHUNK:
            return asked
        after = page[-1].pk


@transaction.atomic
def _ask(row: Retention) -> bool:
    """Ask for the erasure of one object's data of one class; False where another sweep was quicker."""
    rows: QuerySet[Retention] = Retention.objects.alias(ends=retentions.ENDS)
    if not rows.filter(_due(), pk=row.pk).update(asked_at=timezone.now()):
        return False
    policy = policies.of(row.data_class, row.project_id)
    ends = retentions.ends_at(row)
    erasures.request(
        ErasureReason.POLICY,
        row.kind,
        row.object_id,
        row.organisation_id,
        data_class=row.data_class,
        policy={
            "class": row.data_class,
            "days": policy.days,
            "counted_from": str(policy.counted_from),
            "due": ends.isoformat() if ends else "",
        },
    )
    return True
