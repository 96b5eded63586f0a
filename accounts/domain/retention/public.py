"""What an organisation tells everybody of how long it keeps data."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from accounts import doors
from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.domain.retention import limits, policies
from accounts.enums import DataClass, RetentionStart
from accounts.models import Declaration, Organisation, RetentionPolicy
from echodepth.tenancy import tenant


@dataclass(frozen=True, slots=True)
class Kept:
    """One class of data in words."""

    label: str
    what: str
    days: int
    start: str
    otherwise: tuple[str, ...]
    """How it is in projects with a policy of their own; projects are not named."""


@dataclass(frozen=True, slots=True)
class Published:
    organisation: str
    contact: str
    kept: tuple[Kept, ...]
    illinois_years: int
    """Years after the last interaction at the latest in Illinois; 0 where nothing is analysed there."""
    backup_days: int
    changed_at: datetime | None


@transaction.atomic
def publish(organisation: Organisation, shown: bool, contact: str) -> None:
    """Show the policies to everybody, or no longer; inside the organisation's scope."""
    organisation.shows_retention, organisation.privacy_contact = shown, contact
    organisation.save(update_fields=["shows_retention", "privacy_contact"])
    record(AuditAction.RETENTION_CHANGED, organisation, public=shown)


def published(slug: str) -> Published | None:
    """None where there is no such organisation, it is closed, or it shows nothing."""
    rows = doors.RETENTION_SHOWN.open(slug=slug)
    if not rows:
        return None
    with tenant(rows[0][0]):
        return _published(Organisation.objects.get(pk=rows[0][0]))


def _published(organisation: Organisation) -> Published:
    chosen = list(RetentionPolicy.objects.exclude(project=None))
    illinois = Declaration.objects.filter(region=policies.ILLINOIS, ended_at=None).exists()
    return Published(
        organisation=organisation.name,
        contact=organisation.privacy_contact,
        kept=tuple(_kept(policy, chosen) for policy in policies.table().values()),
        illinois_years=policies.ILLINOIS_DAYS // 365 if illinois else 0,
        backup_days=settings.BACKUP_DAYS,
        changed_at=RetentionPolicy.objects.aggregate(at=Max("set_at"))["at"],
    )


def _kept(policy: policies.Policy, chosen: list[RetentionPolicy]) -> Kept:
    data_class, limit = policy.data_class, limits.of(policy.data_class)
    usual = (policy.days, str(limits.start_words(data_class, policy.counted_from)))
    others = {
        (row.days, str(limits.start_words(data_class, RetentionStart(row.counted_from))))
        for row in chosen
        if row.data_class == data_class
    }
    differing = tuple(limits.words(days, start) for days, start in sorted(others - {usual}))
    return Kept(str(DataClass(data_class).label), str(limit.what), *usual, differing)
