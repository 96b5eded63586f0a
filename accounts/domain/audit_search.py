"""Finding records of the trail: what was asked for, and a page of it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.enums import PartyKind
from accounts.models import AuditParty, AuditRecord

PAGE = 50
MOST_NAMES = 500
"""Names a search looks behind at most: more are no search."""
TARGET_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Filters:
    """What is asked for; the empty ones ask for nothing."""

    action: str = ""
    person: UUID | None = None
    """A party: as who acts, and as whom something was done to."""
    since: date | None = None
    until: date | None = None
    """The last day that counts; both in the current time zone."""
    target: str = ""
    staff_session: UUID | None = None
    text: str = ""
    """A part of a name, an address or a title; or a request's or an object's id as a whole."""

    @property
    def is_empty(self) -> bool:
        return self == Filters()


@dataclass(frozen=True, slots=True)
class Page:
    """Records from the newest to the oldest, with the numbers at which the pages beside it begin."""

    records: list[AuditRecord]
    newer: int | None
    """Show what is after this number; None where nothing is."""
    older: int | None
    """Show what is before this number; None where nothing is."""


def search(filters: Filters) -> "QuerySet[AuditRecord]":
    """The records that match, newest first; inside the organisation's scope."""
    found: QuerySet[AuditRecord] = AuditRecord.objects.order_by("-number")
    if filters.action:
        found = found.filter(action=filters.action)
    if filters.person:
        found = found.filter(_of_person(filters.person))
    if filters.since:
        found = found.filter(at__gte=_midnight(filters.since))
    if filters.until:
        found = found.filter(at__lt=_midnight(filters.until + timedelta(days=1)))
    if filters.target:
        found = found.filter(target=filters.target[:TARGET_LENGTH])
    if filters.staff_session:
        found = found.filter(staff_session=filters.staff_session)
    if filters.text:
        found = found.filter(_named(filters.text))
    return found


def page(found: "QuerySet[AuditRecord]", before: int | None = None, after: int | None = None) -> Page:
    """At most `PAGE` records: older than number `before`, or the next newer than `after`, or the newest."""
    if after is not None:
        upwards = list(found.filter(number__gt=after).reverse()[: PAGE + 1])
        listed = upwards[:PAGE][::-1]
        if not listed:
            return Page([], None, None)
        older = listed[-1].number if found.filter(number__lt=listed[-1].number).exists() else None
        return Page(listed, listed[0].number if len(upwards) > PAGE else None, older)
    older_ones = found if before is None else found.filter(number__lt=before)
    listed = list(older_ones[: PAGE + 1])
    more, listed = len(listed) > PAGE, listed[:PAGE]
    newer = listed[0].number if listed and before is not None else None
    return Page(listed, newer, listed[-1].number if more else None)


def persons() -> list[tuple[UUID, str]]:
    """Whom the trail knows by name, for a choice; the first of many."""
    found = AuditParty.objects.filter(kind=PartyKind.PERSON).order_by("name")
    return list(found.values_list("pk", "name")[:MOST_NAMES])


def _of_person(party: UUID) -> Q:
    return Q(actor=party) | Q(target_kind="person", target=str(party))


def _named(text: str) -> Q:
    match = Q(request_id=text) | Q(target=text[:TARGET_LENGTH])
    parties = AuditParty.objects.filter(name__icontains=text).values_list("pk", "kind", "key")
    ids: list[UUID] = []
    targets: list[str] = []
    for key, kind, known_as in parties[:MOST_NAMES]:
        if kind == PartyKind.SUBJECT:
            targets.append(known_as.partition(":")[2])
        else:
            ids.append(key)
            targets.append(str(key))
    return match | Q(actor__in=ids) | Q(address__in=ids) | Q(target__in=targets)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
