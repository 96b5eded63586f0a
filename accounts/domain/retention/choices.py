"""Choosing how long data are kept, and keeping some longer; inside an organisation's scope."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.domain.audit_parties import Target
from accounts.domain.retention import limits, lineage, policies, retentions
from accounts.enums import DataClass, RetentionStart
from accounts.models import Project, Retention, RetentionPolicy, User
from echodepth.errors import UserError


@transaction.atomic
def choose(
    data_class: DataClass, days: int, counted_from: RetentionStart, project: Project | None, by: User | None
) -> int:
    """Set the policy of a project, or of the organisation where there is none; how many due dates it moved.

    Raises UserError `retention_fixed`, `retention_days` or `retention_start`.
    """
    _check(data_class, days, counted_from)
    RetentionPolicy.objects.update_or_create(
        organisation_id=lineage.organisation_in_scope(),
        project=project,
        data_class=data_class,
        defaults={"days": days, "counted_from": counted_from, "set_by": by},
    )
    return _changed(data_class, project, days=days, counted_from=str(counted_from))


@transaction.atomic
def inherit(data_class: DataClass, project: Project | None) -> int:
    """Take a choice back, so that what stands above it holds; how many due dates that moved."""
    gone, _rows = RetentionPolicy.objects.filter(project=project, data_class=data_class).delete()
    return _changed(data_class, project, days=None) if gone else 0


@transaction.atomic
def extend(retention_id: UUID, until: date, by: User | None) -> Retention:
    """Keep one object's data of one class until the end of a day.

    Raises UserError `retention_gone`, `erasure_under_way`, `extension_too_short` or `extension_too_long`.
    """
    row: Retention | None = Retention.objects.select_for_update(of=("self",)).filter(pk=retention_id).first()
    if row is None:
        raise UserError("retention_gone", _("This was erased meanwhile."), status=404)
    if row.asked_at:
        raise UserError("erasure_under_way", _("This is being erased already."), status=409)
    end = timezone.make_aware(datetime.combine(until, time.max))
    _check_extension(row, end)
    row.extended_until, row.extended_by, row.noticed_at = end, by, None
    row.save(update_fields=["extended_until", "extended_by", "noticed_at"])
    record(
        AuditAction.RETENTION_EXTENDED,
        Target(row.kind, str(row.object_id), None),
        data_class=row.data_class,
        until=until.isoformat(),
    )
    return row


def last_day(row: Retention) -> date:
    """The last day until which the row's data may be kept."""
    most = row.starts_at + timedelta(days=limits.of(DataClass(row.data_class)).most)
    ceiling = retentions.latest(row, policies.of(row.data_class, row.project_id))
    end = min(most, ceiling) if ceiling else most
    # A whole day has to fit before that moment.
    return timezone.localtime(end).date() - timedelta(days=1)


def _check_extension(row: Retention, end: datetime) -> None:
    now_ends = retentions.ends_at(row)
    if end <= timezone.now() or (now_ends and end <= now_ends):
        raise UserError("extension_too_short", _("Choose a day after the one on which it is erased."))
    last = last_day(row)
    if timezone.localtime(end).date() > last:
        sentence = _("This may be kept until %(day)s at the longest. For a case, place a legal hold.")
        raise UserError("extension_too_long", sentence % {"day": date_format(last)})


def _check(data_class: DataClass, days: int, counted_from: RetentionStart) -> None:
    limit = limits.of(data_class)
    if not limit.chosen:
        raise UserError("retention_fixed", _("How long these data are kept is set for everybody."))
    if not limit.least <= days <= limit.most:
        sentence = _("Choose between %(least)d and %(most)d days.")
        raise UserError("retention_days", sentence % {"least": limit.least, "most": limit.most})
    if counted_from not in limit.starts:
        raise UserError("retention_start", _("These data are not counted from that."))


def _changed(data_class: DataClass, project: Project | None, **facts: str | int | None) -> int:
    rows = Retention.objects.filter(data_class=data_class, asked_at=None)
    moved = retentions.reckon(rows.filter(project=project) if project else rows)
    record(AuditAction.RETENTION_CHANGED, project, data_class=str(data_class), **facts)
    return moved
