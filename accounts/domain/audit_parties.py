"""The names behind the trail's opaque ids: written beside it, and erased without touching it."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Model, Q

from accounts.enums import PartyKind
from accounts.models import AuditParty, Membership, User

NAME_LENGTH = 300
KEY_LENGTH = 100


@dataclass(frozen=True, slots=True)
class Named:
    """What is written down of somebody or something that a record is about."""

    kind: PartyKind
    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Target:
    """What something was done to. Of a person the trail holds the party's id, of anything else its own."""

    kind: str
    key: str
    named: Named | None


def person(user: User) -> Named:
    shown = f"{user.full_name} <{user.email}>" if user.full_name else user.email
    return Named(PartyKind.PERSON, str(user.pk), shown if len(shown) <= NAME_LENGTH else user.email)


def network_address(address: str) -> Named:
    return Named(PartyKind.ADDRESS, address[:KEY_LENGTH], address[:NAME_LENGTH])


def label(kind: str, key: str, name: str) -> Named:
    """The title, label or name of an object, which may say who is in it."""
    return Named(PartyKind.SUBJECT, f"{kind}:{key}"[:KEY_LENGTH], name[:NAME_LENGTH])


def target_of(thing: Model) -> Target:
    """A member or user is a person. Raises ValueError for what is not saved, or deleted already."""
    if thing.pk is None:
        raise ValueError(thing)
    if isinstance(thing, Membership):
        return target_of(thing.user)
    if isinstance(thing, User):
        return Target("person", "", person(thing))
    kind, key = str(thing._meta.model_name), str(thing.pk)  # noqa: SLF001 - Django's documented API
    name = _name_of(thing)
    return Target(kind, key, label(kind, key, name) if name else None)


def _name_of(thing: Model) -> str:
    """How people know it: by its own title, else that of what it belongs to."""
    for field in ("title", "label", "name", "email"):
        found = getattr(thing, field, "")
        if found:
            return str(found)
    for relation in ("recording", "run", "subject"):
        found = getattr(thing, relation, None)
        if isinstance(found, Model):
            return _name_of(found)
    return ""


def party_ids(organisation_id: UUID, wanted: Iterable[Named]) -> dict[Named, UUID]:
    """The parties' ids, made where there are none, with the name of now, under the trail's lock."""
    asked = list(dict.fromkeys(wanted))
    if not asked:
        return {}
    match = Q()
    for one in asked:
        match |= Q(kind=one.kind, key=one.key)
    known = {(party.kind, party.key): party for party in AuditParty.objects.filter(match)}
    return {one: _party_id(organisation_id, one, known.get((one.kind, one.key))) for one in asked}


def _party_id(organisation_id: UUID, named: Named, known: AuditParty | None) -> UUID:
    if known is None:
        made: AuditParty = AuditParty.objects.create(
            organisation_id=organisation_id, kind=named.kind, key=named.key, name=named.name
        )
        return made.pk
    if known.name != named.name:
        AuditParty.objects.filter(pk=known.pk).update(name=named.name)
    return known.pk
