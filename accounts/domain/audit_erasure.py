"""Taking a name out of the trail: the records stay, and show that it was erased."""

from django.db import transaction
from django.db.models import Q

from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.enums import PartyKind
from accounts.models import AuditParty


def erase_person(user_id: int, email: str) -> int:
    """Erase who a person is from the trail of the organisation in scope; how many names went.

    Their invitations' address goes too. What the person does from then on stands under a new id, so that
    nothing leads back to what stands there.
    """
    them = Q(kind=PartyKind.PERSON, key=str(user_id))
    return _erased(PartyKind.PERSON, them | Q(kind=PartyKind.SUBJECT, name__iexact=email))


def erase_address(address: str) -> int:
    """Likewise a network address."""
    return _erased(PartyKind.ADDRESS, Q(kind=PartyKind.ADDRESS, key=address))


def erase_label(kind: str, key: str) -> int:
    """Likewise the title or label of an object, such as a recording, which may say who is in it."""
    return _erased(PartyKind.SUBJECT, Q(kind=PartyKind.SUBJECT, key=f"{kind}:{key}"))


@transaction.atomic
def _erased(kind: PartyKind, which: Q) -> int:
    """That names were erased is recorded, and not whose."""
    count: int = AuditParty.objects.filter(which).delete()[0]
    if count:
        record(AuditAction.AUDIT_ERASED, kind=kind, names=count)
    return count
