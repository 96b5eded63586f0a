"""What people in recordings ask for by right: received with a due date, tracked, answered.

All of it inside an organisation's scope.
"""

import calendar
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Case, QuerySet, When
from django.utils import timezone

from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.domain.audit_parties import Target
from accounts.domain.retention import retentions
from accounts.domain.rights import mails, objections
from accounts.enums import RightsKind, RightsState
from accounts.models import Declaration, RightsRequest, Subject, User

WORDS_LENGTH = 5000
"""Most characters that are kept of what somebody wrote."""
KIND = "rights_request"
"""As retention, erasures and links to files name it."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """By when requests of a region are to be answered, and who says so."""

    months: int
    more: int
    """Months that may be added once, where the person is told why within the first."""
    source: str
    url: str
    read_on: date


OURS = Deadline(1, 0, "This product's own rule where it knows of no other", "", date(2026, 11, 23))
DEADLINES = {
    "eu": Deadline(
        1,
        2,
        "Data Protection Commission of Ireland on Art. 12(3) GDPR: one month of receipt, and two more",
        "https://dataprotection.ie/en/individuals/know-your-rights/how-long-will-it-take",
        date(2026, 11, 23),
    ),
    "uk": Deadline(
        1,
        2,
        "Information Commissioner's Office: the corresponding date in the next calendar month, and two more",
        "https://ico.org.uk/for-organisations/uk-gdpr-guidance-and-resources/individual-rights/right-of-access/"
        "what-should-we-consider-when-responding-to-a-request/",
        date(2026, 11, 23),
    ),
}
"""By the region that the project's declaration names; `OURS` for every other."""


def deadline(region: str) -> Deadline:
    return DEADLINES.get(region, OURS)


def due_on(received: date, region: str) -> date:
    """The same day of the month in which the time ends, or that month's last day where it has no such day."""
    return _months_after(received, deadline(region).months)


def latest(request: RightsRequest) -> date | None:
    """Until when the answer may be put off; None where it may not, was put off before, or is late already."""
    rule = deadline(region_of(request.subject)) if request.subject else OURS
    if not rule.more or request.prolonged_for or request.due_on < timezone.localdate():
        return None
    return _months_after(timezone.localdate(request.received_at), rule.months + rule.more)


def _months_after(day: date, count: int) -> date:
    months = day.month - 1 + count
    year, month = day.year + months // 12, months % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def region_of(subject: Subject) -> str:
    """Where the subject's project is declared to be; empty while nothing is declared."""
    found = Declaration.objects.filter(project=subject.project_id, ended_at=None)
    return str(found.values_list("region", flat=True).first() or "")


def tracked() -> "QuerySet[RightsRequest]":
    """Every request of the organisation in scope with its person, open ones first, the next due on top."""
    is_closed = Case(When(state=RightsState.OPEN, then=0), default=1)
    found: QuerySet[RightsRequest] = RightsRequest.objects.select_related("subject__project")
    return found.order_by(is_closed, "due_on", "pk")


@transaction.atomic
def receive(
    subject: Subject,
    kind: RightsKind,
    words: str = "",
    *,
    by_subject: bool = True,
    entered_by: User | None = None,
    received_at: datetime | None = None,
) -> RightsRequest:
    """Take a request in, by the person at their link or by a member who was told of it.

    `received_at` is when the person asked, where that was earlier than now: the time to answer runs from
    there. An objection holds at once: nothing of the person is analysed until a member has answered it.
    """
    received = received_at or timezone.now()
    made: RightsRequest = RightsRequest.objects.create(
        organisation_id=subject.organisation_id,
        subject=subject,
        kind=kind,
        words=words.strip()[:WORDS_LENGTH],
        by_subject=by_subject,
        entered_by=entered_by,
        received_at=received,
        due_on=due_on(timezone.localdate(received), region_of(subject)),
    )
    if kind == RightsKind.OBJECTION:
        objections.uphold(subject)
    retentions.touch("subject", subject.pk, received)
    if by_subject:
        mails.announce(made)
    record(AuditAction.RIGHTS_REQUESTED, in_trail(made.pk), kind=str(kind), by_subject=by_subject)
    return made


def in_trail(request_id: UUID) -> Target:
    """A request as the trail names it: by its id alone, so that no name has to be erased from there."""
    return Target(KIND, str(request_id), None)


def is_open(request: RightsRequest) -> bool:
    return request.state == RightsState.OPEN
