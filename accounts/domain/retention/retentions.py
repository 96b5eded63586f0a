"""Until when each object's data of each class are kept; all of it inside an organisation's scope."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.domain.retention import lineage, policies
from accounts.domain.retention.policies import Policy
from accounts.enums import DataClass, RetentionStart
from accounts.models import Retention

CHUNK: Final = 500
ENDS: Final = Coalesce("extended_until", "due_at")
"""When the data go, of a row in a query."""


def notice() -> timedelta:
    """How long before their erasure members are told."""
    return timedelta(days=settings.RETENTION_NOTICE_DAYS)


def ends_at(row: Retention) -> datetime | None:
    """When the data go; None before it was reckoned."""
    return row.extended_until or row.due_at


def keep(
    data_class: DataClass | str, kind: str, object_id: UUID, project_id: UUID | None, starts_at: datetime
) -> Retention:
    """Count the days of this object's data from now on; called in the transaction that makes them.

    Called again, it begins anew from `starts_at`; an extension stays.
    """
    facts = {"data_class": DataClass(data_class), "kind": kind, "object_id": object_id}
    policy = policies.of(data_class, project_id)
    row: Retention | None = Retention.objects.filter(**facts).first()
    if row is None:
        row = Retention(
            organisation_id=lineage.organisation_in_scope(),
            project_id=project_id,
            starts_at=starts_at,
            **_moments(kind, object_id),
            **facts,
        )
        _set_due(row, policy, fresh=True)
    else:
        row.project_id, row.starts_at, row.asked_at = project_id, starts_at, None
        _set_due(row, policy)
    row.save()
    return row


def _moments(kind: str, object_id: UUID) -> dict[str, datetime | None]:
    """What is known already of the person and of reports: data made later begin with it."""
    near = [(kind, object_id), *lineage.ancestors(kind, object_id)]
    beside = [below for above in near if above[0] == "recording" for below in lineage.descendants(*above)]
    rows = Retention.objects.filter(_among([*near, *beside]))
    return dict(rows.aggregate(touched_at=Max("touched_at"), reported_at=Max("reported_at")))


def forget(kind: str, object_id: UUID, data_class: DataClass | str | None = None) -> int:
    """The data are gone, or those of one class; how many due dates went with them."""
    rows = Retention.objects.filter(kind=kind, object_id=object_id)
    if data_class:
        rows = rows.filter(data_class=DataClass(data_class))
    return int(rows.delete()[0])


def of(kind: str, object_id: UUID) -> list[Retention]:
    """Due dates of the object's data, the next one first."""
    return list(Retention.objects.filter(kind=kind, object_id=object_id).order_by(ENDS, "data_class"))


def remains(kind: str, object_id: UUID) -> bool:
    """Whether any data of the object, or of what lies under it, are kept still."""
    return bool(_under(kind, object_id).exists())


def touch(kind: str, object_id: UUID, at: datetime | None = None) -> None:
    """The person had to do with the organisation: was recorded, signed, asked for something by right.

    Moves what lies under the object too, so `touch("subject", ...)` moves all that there is of a person. That
    a member looked at something is no interaction of the person.
    """
    _note("touched_at", _under(kind, object_id), at)


def report(kind: str, object_id: UUID, at: datetime | None = None) -> None:
    """A report on the object is ready: what is counted from the report is counted from `at`."""
    _note("reported_at", _under(kind, object_id), at)


def reckon(rows: "QuerySet[Retention]") -> int:
    """Set the due dates of these rows anew, after a policy or a declaration changed; how many changed."""
    changed = 0
    after: UUID | None = None
    tables: dict[UUID | None, dict[DataClass, Policy]] = {}
    while True:
        with transaction.atomic():
            page = rows.filter(pk__gt=after) if after else rows
            chunk = list(page.order_by("pk").select_for_update(of=("self",))[:CHUNK])
            for project_id in {row.project_id for row in chunk} - tables.keys():
                tables[project_id] = policies.table(project_id)
            moved = [row for row in chunk if _set_due(row, tables[row.project_id][DataClass(row.data_class)])]
            Retention.objects.bulk_update(moved, ["due_at", "extended_until", "noticed_at"])
        changed += len(moved)
        if len(chunk) < CHUNK:
            return changed
        after = chunk[-1].pk


def reckon_project(project_id: UUID) -> int:
    """As `reckon`, for all that lies in a project; a receiver of changed declarations calls it."""
    return reckon(Retention.objects.filter(project=project_id, asked_at=None))


def latest(row: Retention, policy: Policy) -> datetime | None:
    """Until when it may be kept by law of the region, whatever was chosen; None where no law is known."""
    if policy.ceiling is None:
        return None
    return (row.touched_at or row.starts_at) + timedelta(days=policy.ceiling)


def _set_due(row: Retention, policy: Policy, *, fresh: bool = False) -> bool:
    """By the policy as it is now; whether that changed anything.

    What was there before and would go at once because of a change has the time of a notice left; so has what
    is `fresh` and overdue already. The ceiling of a law does not wait for it.
    """
    before = row.due_at, row.extended_until
    now = timezone.now()
    soon = now + notice()
    due = _start(row, policy.counted_from) + policy.time
    if due < (now if fresh else soon):
        due = max(due, min(row.due_at or soon, soon))
    ceiling = latest(row, policy)
    row.due_at = min(due, ceiling) if ceiling else due
    if row.extended_until and ceiling:
        row.extended_until = min(row.extended_until, ceiling)
    if row.extended_until and row.extended_until <= row.due_at:
        row.extended_until = None
    changed = (row.due_at, row.extended_until) != before
    if changed:
        row.noticed_at = None
    return changed


def _start(row: Retention, start: RetentionStart) -> datetime:
    """Where nothing came of what is counted from, from its making."""
    if start == RetentionStart.REPORT:
        return row.reported_at or row.starts_at
    if start == RetentionStart.INTERACTION:
        return row.touched_at or row.starts_at
    return row.starts_at


def _under(kind: str, object_id: UUID) -> "QuerySet[Retention]":
    return Retention.objects.filter(_among([(kind, object_id), *lineage.descendants(kind, object_id)]))


def _among(things: Iterable[lineage.Thing]) -> Q:
    """Rows of these objects."""
    ids: dict[str, list[UUID]] = {}
    for kind, object_id in things:
        ids.setdefault(kind, []).append(object_id)
    found = Q(pk__in=[])
    for kind, of_kind in ids.items():
        found |= Q(kind=kind, object_id__in=of_kind)
    return found


def _note(field: str, rows: "QuerySet[Retention]", at: datetime | None) -> None:
    """Write the moment where it is later than the one known, and reckon anew."""
    moment = at or timezone.now()
    ids = list(rows.filter(asked_at=None).values_list("pk", flat=True))
    earlier = Q(**{field: None}) | Q(**{f"{field}__lt": moment})
    for first in range(0, len(ids), CHUNK):
        some = Retention.objects.filter(pk__in=ids[first : first + CHUNK])
        some.filter(earlier).update(**{field: moment})
        reckon(some)
