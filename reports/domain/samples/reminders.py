"""Mail to the desk about what is due: once a working day, to the owner, or to everybody without one."""

import logging
from datetime import date, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from accounts import doors
from accounts.domain.invitations import absolute
from accounts.models import User
from accounts.permissions import DESK_ROLES
from analysis.domain.work import leases
from echodepth.tenancy import tenant
from reports.domain.samples.working_days import PLAIN_WEEKEND
from reports.enums import SampleState
from reports.models import SampleRequest

logger = logging.getLogger(__name__)

FROM = time(8)
"""When the mails go out, by the clock of the desk."""


def sweep() -> int:
    """Remind of what nobody was reminded of today; of how many requests."""
    return sum(_of_desk(organisation_id) for organisation_id, _slug in doors.DESK_KEPT.open())


def _of_desk(organisation_id: UUID) -> int:
    with tenant(organisation_id):
        due = SampleRequest.objects.filter(state=SampleState.RECEIVED).exclude(due_on=None)
        sample = due.select_related("organisation").order_by("due_on").first()
        if sample is None:
            return 0
        now = timezone.now().astimezone(ZoneInfo(sample.organisation.time_zone))
        if now.weekday() in PLAIN_WEEKEND or now.time() < FROM:
            return 0
        today = now.date()
        owners = set(_to_remind(today).order_by().values_list("owner", flat=True))
        return sum(_remind(owner, today) for owner in sorted(owners, key=lambda key: key or 0))


def _to_remind(today: date) -> "QuerySet[SampleRequest]":
    """What is due today or overdue."""
    untold = Q(reminded_on=None) | Q(reminded_on__lt=today)
    found: QuerySet[SampleRequest] = SampleRequest.objects.filter(
        untold, state=SampleState.RECEIVED, due_on__lte=today
    )
    return found


def _remind(owner: int | None, today: date) -> int:
    """One mail of all that is due of this owner; nothing was told where the mail server takes none."""
    try:
        with transaction.atomic():
            rows = _to_remind(today).filter(owner=owner).select_for_update(of=("self",))
            samples = list(rows.order_by("due_on", "pk"))
            SampleRequest.objects.filter(pk__in=[one.pk for one in samples]).update(reminded_on=today)
            _mail(samples, _people(owner), today)
    except leases.AWAY:
        raise
    except OSError:
        logger.exception("reminders of the sales desk could not be mailed")
        return 0
    return len(samples)


def _people(owner: int | None) -> list[str]:
    """Addresses: an owner who left the desk leaves it to everybody there."""
    at_desk = User.objects.filter(platform_role__in=DESK_ROLES, is_active=True)
    mine = at_desk.filter(pk=owner) if owner else at_desk.none()
    return sorted((mine if mine.exists() else at_desk).values_list("email", flat=True))


def _mail(samples: list[SampleRequest], people: list[str], today: date) -> None:
    """References and days; who asked is read at the desk."""
    if not samples or not people:
        return
    rows = [
        (one, absolute(reverse("desk-sample", args=[one.pk])), one.due_on is not None and one.due_on < today)
        for one in samples
    ]
    late = sum(is_late for _one, _link, is_late in rows)
    told = {"rows": rows, "late": late, "today": len(rows) - late, "desk": absolute(reverse("desk"))}
    subject = " ".join(render_to_string("reports/mail/sample_reminder_subject.txt", told).split())
    EmailMessage(subject, render_to_string("reports/mail/sample_reminder.txt", told), bcc=people).send()
