"""Who saw what of a person, from the audit trail: when and what was done, in ids that name nobody else."""

from collections.abc import Collection, Iterator

from accounts.audit_actions import AuditAction
from accounts.domain.rights.exporters import Row
from accounts.enums import PartyKind
from accounts.models import AuditParty, AuditRecord, Subject

CHUNK = 200
_LABELS = dict(AuditAction.choices)


def of_subject(subject: Subject, ids: Collection[str] = ()) -> Iterator[Row]:
    """Each line about the person or about what has one of `ids`, the oldest first.

    Whoever did it is told as an id: the same one is the same person.
    """
    wanted = sorted({str(subject.pk), *ids})
    found = [
        line
        for start in range(0, len(wanted), CHUNK)
        for line in AuditRecord.objects.filter(target__in=wanted[start : start + CHUNK])
    ]
    for line in sorted(found, key=lambda line: int(line.number)):
        yield {
            "at": line.at.isoformat(),
            "done": str(_LABELS.get(line.action, line.action)),
            "with": line.target_kind,
            "id": line.target,
            "by": str(line.actor) if line.actor else "",
        }


def names(ids: Collection[str]) -> Iterator[Row]:
    """The titles and labels that are kept beside the trail for what has one of `ids`."""
    for party in AuditParty.objects.filter(kind=PartyKind.SUBJECT).order_by("key"):
        if party.key.partition(":")[2] in ids:
            yield {"of": party.key, "name": party.name}
