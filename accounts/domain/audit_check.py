"""Checking the trail from the portal, and what is known of it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.domain.audit_verify import Proof, verify
from accounts.models import AuditHead, AuditRecord
from echodepth.errors import UserError

MOST_CHECKED = 100_000
"""Records that are checked while somebody waits for the page."""


@dataclass(frozen=True, slots=True)
class State:
    """How long the trail is, and when it was last checked here."""

    records: int
    newest: int
    cut: int
    """Number of the newest record that expired; 0 where none did."""
    cut_at: datetime | None
    checked_at: datetime | None
    checked_good: bool

    @property
    def checkable(self) -> bool:
        return self.records <= MOST_CHECKED


def state() -> State:
    """Of the organisation in scope; two queries."""
    head: AuditHead | None = AuditHead.objects.first()
    newest, cut = (head.number, head.cut_number) if head else (0, 0)
    last: AuditRecord | None = AuditRecord.objects.filter(action=AuditAction.AUDIT_VERIFIED).first()
    return State(
        records=newest - cut,
        newest=newest,
        cut=cut,
        cut_at=head.cut_at if head else None,
        checked_at=last.at if last else None,
        checked_good=bool(last and last.facts.get("holds")),
    )


def check() -> Proof:
    """Prove the whole trail, and record that and what came of it.

    Raises UserError `too_many_records` where that would take longer than a page may.
    """
    if not state().checkable:
        raise UserError(
            "too_many_records",
            _("This trail is too long to be checked while you wait. Ask for manage.py verify_audit."),
            status=409,
        )
    proof = verify()
    record(AuditAction.AUDIT_VERIFIED, holds=proof.holds, records=proof.records, faults=len(proof.findings))
    return proof
