"""Telling members what will be erased because its time will be over: by mail, and on their pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.mail import EmailMessage
from django.db.models import Count, Min, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.domain.invitations import absolute
from accounts.domain.retention import lineage, retentions
from accounts.domain.retention.limits import LIMITS
from accounts.enums import DataClass
from accounts.models import Membership, Organisation, Retention
from accounts.permissions import ROLES, Action

A_DAY = timedelta(days=1)
PAUSE = timedelta(hours=20)
"""Between two mails to an organisation, so that there is one a day at most."""
GRACE = timedelta(hours=12)
"""Between a notice and the erasure at the least, also where days are few or the product stood still."""
UNDELIVERED = timedelta(days=7)
"""How long after its time something waits for a mail that no server takes: it stands on members' pages all
the while, and is not kept for ever because a mail server is wrong."""
NOTICED = tuple(data_class for data_class, limit in LIMITS.items() if limit.noticed)


@dataclass(frozen=True, slots=True)
class Announced:
    """What goes soon, of one class."""

    data_class: DataClass
    count: int
    first: datetime
    """When the first of it goes."""

    @property
    def label(self) -> str:
        return str(self.data_class.label)


def to_tell(now: datetime) -> Q:
    """Rows of which members are to be told: a day more than they need, for there is one mail a day."""
    until = now + retentions.notice() + A_DAY
    return Q(asked_at=None, noticed_at=None, data_class__in=NOTICED, ends__lte=until)


def soon() -> "QuerySet[Retention]":
    """What goes within the time of a notice, of the organisation in scope."""
    until = timezone.now() + retentions.notice() + A_DAY
    rows = Retention.objects.alias(ends=retentions.ENDS)
    found: QuerySet[Retention] = rows.filter(ends__lte=until, asked_at=None, data_class__in=NOTICED)
    return found


def summary(rows: "QuerySet[Retention]") -> list[Announced]:
    """How many of each class, in the order of the classes."""
    told = rows.order_by().values_list("data_class").annotate(count=Count("pk"), first=Min(retentions.ENDS))
    found = {name: Announced(DataClass(name), count, first) for name, count, first in told}
    return [found[str(data_class)] for data_class in LIMITS if str(data_class) in found]


def tell() -> int:
    """Send one mail of all that is to be told, in the organisation in scope; of how many rows it told.

    In the caller's transaction, which is rolled back where the mail server takes no mail (OSError): then it
    is told the next time. Nothing where a mail went out less than a day ago.
    """
    now = timezone.now()
    if Retention.objects.filter(noticed_at__gt=now - PAUSE).exists():
        return 0
    rows = Retention.objects.alias(ends=retentions.ENDS).filter(to_tell(now))
    announced = summary(rows)
    if not announced:
        return 0
    count = rows.update(noticed_at=now)
    record(AuditAction.RETENTION_NOTICED, count=count)
    _mail(announced)
    return int(count)


def _mail(announced: Iterable[Announced]) -> None:
    organisation = Organisation.objects.get(pk=lineage.organisation_in_scope())
    path = reverse("retention", args=[organisation.slug])
    context = {"organisation": organisation, "announced": announced, "link": absolute(path)}
    subject = render_to_string("accounts/mail/retention_subject.txt", context).strip()
    # One message: either everybody is told or, where the server refuses it, nobody yet.
    message = EmailMessage(
        subject, render_to_string("accounts/mail/retention.txt", context), bcc=_who(organisation)
    )
    if message.bcc:
        message.send()


def _who(organisation: Organisation) -> list[str]:
    """Addresses of the members who may extend it."""
    rows = Membership.objects.filter(
        organisation=organisation, role__in=ROLES[Action.MANAGE_RETENTION], user__is_active=True
    )
    return sorted(rows.values_list("user__email", flat=True))
