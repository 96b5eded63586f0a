"""Proving an organisation's trail: that nothing of it was changed, taken out, put in or moved."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.domain.audit_chain import NOTHING_BEFORE, Seal, digest, look_at
from accounts.models import AuditHead, AuditRecord

CHUNK = 2000
MOST_FAULTS = 100
"""Of more, the first tell where it began."""


class Fault(StrEnum):
    ALTERED = "altered"
    MISSING = "missing"
    TAIL_MISSING = "tail_missing"
    INSERTED = "inserted"
    UNLINKED = "unlinked"
    HEAD_MISSING = "head_missing"
    HEAD_DIFFERS = "head_differs"
    HEAD_SEAL = "head_seal"
    CUT_SEAL = "cut_seal"
    UNKNOWN_KEY = "unknown_key"
    ANCHOR = "anchor"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong; `number` and `at` say where: at this record, or right before it."""

    fault: Fault
    number: int
    at: datetime | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """A record's number and hash, written down elsewhere at an earlier time."""

    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What a look at the whole trail gave; it holds where `findings` is empty."""

    records: int
    """That were looked at."""
    number: int
    """Of the newest record, as the head says; to be kept elsewhere together with the hash."""
    hash: str
    cut: int
    """Number of the newest record that expired; 0 where none did."""
    findings: tuple[Finding, ...]

    @property
    def holds(self) -> bool:
        return not self.findings


def verify(anchor: Anchor | None = None) -> Proof:
    """Look at every record of the organisation in scope. Others may record meanwhile.

    With an `anchor` the trail must also hold that very record, unless it has expired.
    """
    while True:
        head: AuditHead | None = AuditHead.objects.first()
        chain = _Chain(head, anchor)
        findings = [*_seals(head), *chain.walk(), *_ends(head, chain)]
        if _cut(AuditHead.objects.first()) == _cut(head):  # else some expired meanwhile: look again
            break
    return Proof(
        chain.records,
        head.number if head else 0,
        head.hash if head else "",
        _cut(head),
        tuple(findings[:MOST_FAULTS]),
    )


class _Chain:
    """The records in their order, each held against the one before it."""

    def __init__(self, head: AuditHead | None, anchor: Anchor | None) -> None:
        self.head, self.anchor = head, anchor
        self.records = 0
        self.number = _cut(head)
        self.hash = head.cut_hash if head and head.cut_number else NOTHING_BEFORE

    def walk(self) -> Iterator[Finding]:
        """Up to the number the head tells: what comes behind it was not there when the look began."""
        last = self.head.number if self.head else 0
        listed = AuditRecord.objects.filter(number__lte=last) if self.head else AuditRecord.objects.all()
        for line in listed.order_by("number").iterator(CHUNK):
            self.records += 1
            yield from self._look(line)
            if line.number > self.number:
                self.number, self.hash = line.number, line.hash

    def _look(self, line: AuditRecord) -> Iterator[Finding]:
        if line.number <= _cut(self.head):
            yield _about(line, Fault.INSERTED, _("it stands before the records that expired"))
            return
        if line.number > self.number + 1:
            yield _gap(self.number + 1, line)
        elif line.previous_hash != self.hash:
            sentence = _(
                "it does not follow from the record before it: one of the two was exchanged or moved"
            )
            yield _about(line, Fault.UNLINKED, sentence)
        if digest(line) != line.hash:
            yield _about(line, Fault.ALTERED, _("its content is not what its hash was made of"))
        if self.anchor and line.number == self.anchor.number and line.hash != self.anchor.hash:
            yield _about(line, Fault.ANCHOR, _("its hash is not the one that was kept elsewhere"))


def _ends(head: AuditHead | None, chain: _Chain) -> Iterator[Finding]:
    """Whether the chain ends where the head says, and nothing stands behind it."""
    if head is None:
        if chain.records:
            yield Finding(Fault.HEAD_MISSING, 0, None, _("The head of the trail is missing."))
    elif chain.number < head.number:
        facts = {"first": chain.number + 1, "last": head.number}
        sentence = _("Records %(first)d to %(last)d are missing at the end.") % facts
        yield Finding(Fault.TAIL_MISSING, chain.number + 1, None, sentence)
    elif chain.hash != head.hash:
        sentence = _("Record %(number)d is not the one that the head of the trail names.")
        yield Finding(Fault.HEAD_DIFFERS, head.number, None, sentence % {"number": head.number})
    if head is not None:
        yield from _behind()
    if chain.anchor and chain.anchor.number > max(head.number if head else 0, chain.number):
        sentence = _("Record %(number)d, whose hash was kept elsewhere, is missing.")
        yield Finding(Fault.ANCHOR, chain.anchor.number, None, sentence % {"number": chain.anchor.number})


def _behind() -> Iterator[Finding]:
    """What was put behind the newest record; under the lock, because others may be recording."""
    with transaction.atomic():
        head = AuditHead.objects.select_for_update().get()
        newest = AuditRecord.objects.aggregate(newest=Max("number"))["newest"] or 0
    if newest > head.number:
        facts = {"number": newest, "last": head.number}
        sentence = _("Record %(number)d stands behind record %(last)d, which the head names as the newest.")
        yield Finding(Fault.INSERTED, newest, None, sentence % facts)


def _seals(head: AuditHead | None) -> Iterator[Finding]:
    if head is None:
        return
    seen = look_at(head.seal, "head", head.organisation_id, head.number, head.hash)
    if head.number or head.seal:
        told = _("The seal of the head does not belong to it: the end of the trail was rewritten.")
        yield from _seal(seen, Fault.HEAD_SEAL, head.number, told)
    if head.cut_number or head.cut_seal:
        seen = look_at(head.cut_seal, "cut", head.organisation_id, head.cut_number, head.cut_hash)
        told = _("The seal of the cut does not belong to it: the beginning of the trail was rewritten.")
        yield from _seal(seen, Fault.CUT_SEAL, head.cut_number, told)


def _seal(seen: Seal, fault: Fault, number: int, told: str) -> Iterator[Finding]:
    if seen is Seal.UNKNOWN_KEY:
        sentence = _(
            "The seal at record %(number)d was made with a secret key that is not known here. If the key was "
            "changed, add the old one to ECHODEPTH_SECRET_KEY_FALLBACKS; else the seal is forged."
        )
        yield Finding(Fault.UNKNOWN_KEY, number, None, sentence % {"number": number})
    elif seen is Seal.BROKEN:
        yield Finding(fault, number, None, told)


def _gap(first: int, line: AuditRecord) -> Finding:
    facts = {"first": first, "last": line.number - 1, "number": line.number, "at": _time(line.at)}
    if first == line.number - 1:
        sentence = _("Record %(first)d is missing, before record %(number)d of %(at)s.") % facts
    else:
        sentence = _("Records %(first)d to %(last)d are missing, before record %(number)d of %(at)s.") % facts
    return Finding(Fault.MISSING, first, line.at, sentence)


def _about(line: AuditRecord, fault: Fault, why: str) -> Finding:
    facts = {"number": line.number, "at": _time(line.at), "action": line.action, "why": why}
    sentence = _("Record %(number)d of %(at)s (%(action)s): %(why)s.") % facts
    return Finding(fault, line.number, line.at, sentence)


def _time(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M:%S UTC")


def _cut(head: AuditHead | None) -> int:
    return head.cut_number if head else 0
