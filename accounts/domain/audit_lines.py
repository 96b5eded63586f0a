"""Records in words: who they were, what it was done to, and whether that is still there."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.audit_actions import AuditAction
from accounts.enums import PartyKind
from accounts.models import ApiToken, AuditParty, AuditRecord, Membership, StaffSession
from echodepth.fence import tenant_models

KINDS: dict[str, str | Promise] = {
    "apitoken": gettext_lazy("API token"),
    "document": gettext_lazy("Document"),
    "domain": gettext_lazy("Domain"),
    "identity": gettext_lazy("Identity"),
    "identityprovider": gettext_lazy("Identity provider"),
    "invitation": gettext_lazy("Invitation"),
    "membership": gettext_lazy("Member"),
    "organisation": gettext_lazy("Organisation"),
    "person": gettext_lazy("Person"),
    "project": gettext_lazy("Project"),
    "recording": gettext_lazy("Recording"),
    "rights_request": gettext_lazy("Request by right"),
    "run": gettext_lazy("Result"),
    "samplerequest": gettext_lazy("Sample request"),
    "staffsession": gettext_lazy("Staff session"),
    "subject": gettext_lazy("Subject"),
}
PAGES = {"recording": "analysis:recording", "run": "reports:result", "project": "analysis:project"}
"""Kinds whose page has their id alone in its address."""


@dataclass(frozen=True, slots=True)
class Name:
    """A party of the trail; `text` is None where it was erased."""

    party: UUID
    text: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """One record as people read it."""

    record: AuditRecord
    what: str
    who: Name | None
    """None where nobody was signed in, or the product itself acted."""
    by_product: bool
    staff_reason: str | None
    """Why platform staff was there; None where no staff acted."""
    token: str | None
    """Name of the API token, empty if it is gone; None in the portal."""
    kind: str
    """What it was done to, in words; empty where it was done to nothing."""
    target_name: str | None
    """Its title or name; None where it has none, or it was erased."""
    link: str
    """Address of its page, while there is one."""
    address: Name | None
    facts: tuple[tuple[str, str], ...]

    @property
    def at(self) -> datetime:
        return self.record.at


def lines(records: Iterable[AuditRecord], slug: str = "") -> list[Line]:
    """The records in words, with links into the organisation of this slug; a constant number of queries."""
    listed = list(records)
    known = _Known(listed, slug)
    return [_line(record, known) for record in listed]


class _Known:
    """Everything the records refer to, looked up at once."""

    def __init__(self, records: list[AuditRecord], slug: str) -> None:
        self.slug = slug
        self.parties: dict[str, AuditParty] = {}
        self.labels: dict[str, str] = {}
        for party in AuditParty.objects.filter(_wanted(records)):
            self.parties[str(party.pk)] = party
            if party.kind == PartyKind.SUBJECT:
                self.labels[party.key] = party.name
        self.staff: dict[UUID, str] = _column(StaffSession, "reason", {one.staff_session for one in records})
        self.tokens: dict[UUID, str] = _column(ApiToken, "name", {one.token for one in records})
        self.links = _links(records, self.parties, slug) if slug else {}

    def name(self, key: UUID | None) -> Name | None:
        if key is None:
            return None
        party = self.parties.get(str(key))
        return Name(key, party.name if party else None)


def _line(record: AuditRecord, known: _Known) -> Line:
    return Line(
        record=record,
        what=action_label(record.action),
        who=known.name(record.actor),
        by_product=record.actor is None and not record.request_id,
        staff_reason=known.staff.get(record.staff_session, "") if record.staff_session else None,
        token=known.tokens.get(record.token, "") if record.token else None,
        kind=str(KINDS.get(record.target_kind, record.target_kind)),
        target_name=_target_name(record, known),
        link=known.links.get((record.target_kind, record.target), ""),
        address=known.name(record.address),
        facts=tuple((name.replace("_", " "), _fact(value)) for name, value in record.facts.items()),
    )


def action_label(action: str) -> str:
    """What happened, in words; the action itself where this version does not know it."""
    return str(AuditAction(action).label) if action in AuditAction else action


def _target_name(record: AuditRecord, known: _Known) -> str | None:
    if record.target_kind == "person":
        party = known.parties.get(record.target)
        return party.name if party else None
    return known.labels.get(f"{record.target_kind}:{record.target}")


def _fact(value: object) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return "" if value is None else str(value)


def _wanted(records: list[AuditRecord]) -> Q:
    ids = {key for one in records for key in (one.actor, one.address) if key}
    ids |= {found for one in records if one.target_kind == "person" and (found := _uuid(one.target))}
    keys = {f"{one.target_kind}:{one.target}" for one in records if one.target}
    return Q(pk__in=ids) | Q(kind=PartyKind.SUBJECT, key__in=keys)


def _column(model: Any, name: str, keys: set[UUID | None]) -> dict[UUID, str]:
    wanted = keys - {None}
    return dict(model.objects.filter(pk__in=wanted).values_list("pk", name)) if wanted else {}


def _links(
    records: list[AuditRecord], parties: Mapping[str, AuditParty], slug: str
) -> dict[tuple[str, str], str]:
    """Addresses of what is still there, by kind and id; one query for each kind."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for one in records:
        wanted[one.target_kind].add(one.target)
    found = {
        (kind, key): reverse(PAGES[kind], args=[slug, key])
        for kind in PAGES
        for key in _existing(kind, wanted[kind])
    }
    for key, project in _existing("subject", wanted["subject"], "project_id").items():
        found["subject", key] = reverse("subject", args=[slug, project, key])
    people = {int(parties[key].key): key for key in wanted["person"] if key in parties}
    if people:
        members = Membership.objects.filter(user__in=list(people))
        for user, membership in members.values_list("user", "pk"):
            found["person", people[user]] = reverse("member", args=[slug, membership])
    return found


def _existing(kind: str, keys: set[str], column: str = "pk") -> dict[str, Any]:
    """Those of the keys that are still there, each with a column."""
    ids = [found for key in keys if (found := _uuid(key))]
    if not ids:
        return {}
    model: Any = next(one for one in tenant_models() if one._meta.model_name == kind)  # noqa: SLF001
    return {str(key): value for key, value in model.objects.filter(pk__in=ids).values_list("pk", column)}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
