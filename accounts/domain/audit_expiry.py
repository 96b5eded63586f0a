"""Old records go: a prefix of the trail is cut off behind a seal, and what is left still proves itself."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone

from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.domain.audit_chain import seal
from accounts.models import AuditHead, AuditParty, AuditRecord

if TYPE_CHECKING:
    from accounts.models.audit import AppendOnlyQuerySet

CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Expired:
    """What a cut took away, or would."""

    records: int
    up_to: int
    """Number of the newest record that went; 0 where none did."""
    names: int
    """Names, addresses and titles that no record that is left refers to."""


def expirable(before: datetime) -> Expired:
    """What `expire` would take away; the names are not counted."""
    up_to = _newest_before(before)
    return Expired(_prefix(up_to).count(), up_to, 0)


@transaction.atomic
def expire(before: datetime) -> Expired:
    """Delete the records that are older than `before`, and the names that were needed for them alone.

    Inside the organisation's scope; on PostgreSQL by the tables' owner, because the application may not. That
    the trail was cut, and where, is recorded in it.
    """
    head: AuditHead | None = AuditHead.objects.select_for_update().first()
    up_to = _newest_before(before)
    if head is None or up_to <= head.cut_number:
        return Expired(0, 0, 0)
    last: AuditRecord = AuditRecord.objects.get(number=up_to)
    count = _prefix(up_to).expire()
    head.cut_number, head.cut_hash, head.cut_at = last.number, last.hash, timezone.now()
    head.cut_seal = seal("cut", head.organisation_id, last.number, last.hash)
    head.save(update_fields=["cut_number", "cut_hash", "cut_at", "cut_seal"])
    names = _forget_unnamed()
    record(AuditAction.AUDIT_CUT, up_to=up_to, records=count)
    return Expired(count, up_to, names)


def _newest_before(before: datetime) -> int:
    """Number of the last record of the prefix in which all are older, also where a clock was set back."""
    kept = AuditRecord.objects.filter(at__gte=before).aggregate(first=Min("number"))["first"]
    if kept is not None:
        return int(kept) - 1
    return int(AuditRecord.objects.aggregate(last=Max("number"))["last"] or 0)


def _prefix(up_to: int) -> "AppendOnlyQuerySet":
    found: AppendOnlyQuerySet = AuditRecord.objects.filter(number__lte=up_to)
    return found


def _forget_unnamed() -> int:
    """Delete the parties that no record refers to any more; how many."""
    lines = AuditRecord.objects.order_by()
    ids = {str(key) for name in ("actor", "address") for key in lines.values_list(name, flat=True).distinct()}
    targets = lines.values_list("target_kind", "target").distinct()
    ids |= {key for kind, key in targets if kind == "person"}
    keys = {f"{kind}:{key}" for kind, key in targets}
    gone = [
        key
        for key, name in AuditParty.objects.values_list("pk", "key").iterator(CHUNK)
        if str(key) not in ids and name not in keys
    ]
    for start in range(0, len(gone), CHUNK):
        AuditParty.objects.filter(pk__in=gone[start : start + CHUNK]).delete()
    return len(gone)
