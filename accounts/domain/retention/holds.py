"""Legal holds: nothing of what is held may be erased, whatever a policy, a member or a person asks."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.announcements import hold_released
from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.domain.audit_parties import Target
from accounts.domain.retention import lineage
from accounts.enums import ErasureState
from accounts.models import Erasure, LegalHold, User
from echodepth.errors import UserError

KINDS = ("organisation", "project", "subject", "recording", "document")
"""What can be held."""


def in_force() -> "QuerySet[LegalHold]":
    """Of the organisation in scope: not released, and not over (a hold's last day counts)."""
    last_day = Q(until=None) | Q(until__gte=timezone.localdate())
    found: QuerySet[LegalHold] = LegalHold.objects.filter(last_day, released_at=None)
    return found


def of(kind: str, object_id: UUID) -> list[LegalHold]:
    """Holds on the object and on what it lies under: a recording's subject, project and organisation."""
    return holding([(kind, object_id)]).get((kind, object_id), [])


def blocking(kind: str, object_id: UUID) -> list[LegalHold]:
    """Holds because of which the object may not be erased with all that belongs to it.

    Beside those of `of`, the holds on what lies below: a project with a recording that is held stays whole.
    And those on whatever else that lies under: a person stays whose recording shows somebody who is held.
    """
    every = list(in_force())
    if not every:
        return []
    around = lineage.around(kind, object_id)
    near = [hold for hold in every if (hold.kind, hold.object_id) in around]
    rest = [hold for hold in every if hold not in near]
    below = [hold for hold in rest if (kind, object_id) in lineage.ancestors(hold.kind, hold.object_id)]
    return near + below


def holding(things: list[lineage.Thing]) -> dict[lineage.Thing, list[LegalHold]]:
    """As `of` for many: only what is held is in the answer. One query where nothing in scope is held."""
    by_thing: dict[lineage.Thing, list[LegalHold]] = {}
    for hold in in_force().select_related("placed_by"):
        by_thing.setdefault((hold.kind, hold.object_id), []).append(hold)
    found: dict[lineage.Thing, list[LegalHold]] = {}
    for thing in things if by_thing else ():
        held = [hold for above in [thing, *lineage.ancestors(*thing)] for hold in by_thing.get(above, [])]
        if held:
            found[thing] = held
    return found


@transaction.atomic
def place(kind: str, object_id: UUID, reason: str, until: date | None, by: User | None) -> LegalHold:
    """Hold an object that is there; from now on nothing of it is erased.

    Waits for what a worker erases at this moment. Where an erasure that it stops had begun, the audit trail
    says so: something may be gone already.
    Raises UserError `hold_kind`, `hold_without_reason` or `hold_in_the_past`.
    """
    if kind not in KINDS or (kind, object_id) not in lineage.describe([(kind, object_id)]):
        raise UserError("hold_kind", _("This cannot be held, or it is no longer there."), status=404)
    if not reason.strip():
        raise UserError("hold_without_reason", _("Say why it is held."))
    if until and until < timezone.localdate():
        raise UserError("hold_in_the_past", _("The last day of a hold cannot be in the past."))
    working = Erasure.objects.select_for_update().filter(state=ErasureState.WORKING).order_by("pk")
    begun = list(working.values_list("kind", "object_id"))
    hold: LegalHold = LegalHold.objects.create(
        organisation_id=lineage.organisation_in_scope(),
        kind=kind,
        object_id=object_id,
        reason=reason.strip(),
        until=until,
        placed_by=by,
    )
    stopped = sum(hold in blocking(*one) for one in begun)
    record(AuditAction.HOLD_PLACED, Target(kind, str(object_id), None), hold=str(hold.pk), begun=stopped)
    return hold


@transaction.atomic
def release(hold: LegalHold, by: User | None) -> None:
    """End it; what waited for it is erased from now on. Raises UserError `hold_released`."""
    ended = LegalHold.objects.filter(pk=hold.pk, released_at=None)
    if not ended.update(released_at=timezone.now(), released_by=by):
        raise UserError("hold_released", _("This hold was released already."), status=409)
    hold_released.send(LegalHold, kind=hold.kind, object_id=hold.object_id)
    record(AuditAction.HOLD_RELEASED, Target(hold.kind, str(hold.object_id), None), hold=str(hold.pk))
