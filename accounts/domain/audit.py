"""Writing the audit trail."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from accounts import doors
from accounts.actor import current_actor
from accounts.audit_actions import AuditAction
from accounts.domain.audit_chain import NOTHING_BEFORE, digest, seal
from accounts.domain.audit_parties import Named, Target, network_address, party_ids, person, target_of
from accounts.models import AuditHead, AuditRecord, User
from echodepth import client_address, request_id
from echodepth.tenancy import current_tenant, tenant

Fact = str | int | bool | None


class OutsideTenantError(Exception):
    """Something to record, and no organisation in scope whose trail it would stand in."""


@dataclass(frozen=True, slots=True)
class Doer:
    """Nobody is the product itself."""

    user: User | None = None
    address: str = ""
    staff_session: UUID | None = None
    token: UUID | None = None


def record(action: AuditAction, target: Model | Target | None = None, **facts: Fact) -> None:
    """Add a line to the trail of the organisation in scope, for whoever acts, in the caller's transaction.

    `facts` are codes, roles, states and counts; never a name or an address. The name of `target` is kept
    beside the trail; of what is deleted, `target_of` is asked before. Call it last in the transaction: what
    others record in this organisation waits until it ends.
    """
    actor = current_actor()
    doer = Doer()
    if actor:
        session = actor.staff_session
        doer = Doer(actor.user, actor.address, session.pk if session else None, actor.token_id)
    write(action, _target(target), facts, doer)


def record_as(user: User, action: AuditAction, target: Model | Target | None = None, **facts: Fact) -> None:
    """As `record`, where the person acts outside of an organisation's pages: an invitation, the platform."""
    write(action, _target(target), facts, Doer(user))


def record_for(user: User, action: AuditAction, *, claimed: bool = False, **facts: Fact) -> None:
    """As `record_as`, in every organisation of the person: what they do with their own account.

    `claimed`: somebody said to be the person, and did not prove it. Then the person is the target.
    """
    for (organisation_id,) in doors.MEMBERSHIPS_OF.open(user_id=user.pk):
        with tenant(organisation_id):
            write(action, target_of(user) if claimed else None, facts, Doer() if claimed else Doer(user))


def write(
    action: AuditAction, target: Target | None, facts: dict[str, Fact], doer: Doer | None = None
) -> None:
    """One record behind the newest one, under the lock of the organisation's trail."""
    doer = doer or Doer()
    with transaction.atomic():
        head = _locked_head()
        who, where, what = _named(doer, target)
        ids = party_ids(head.organisation_id, (named for named in (who, where, what) if named))
        line = AuditRecord(
            organisation_id=head.organisation_id,
            number=head.number + 1,
            at=timezone.now(),
            action=str(action),
            actor=ids[who] if who else None,
            staff_session=doer.staff_session,
            token=doer.token,
            address=ids[where] if where else None,
            target_kind=target.kind if target else "",
            target=_key(target, ids),
            facts={name: _plain(value) for name, value in facts.items()},
            request_id=request_id.current.get(),
            previous_hash=head.hash or NOTHING_BEFORE,
        )
        line.hash = digest(line)
        line.save(force_insert=True)
        head.number, head.hash = line.number, line.hash
        head.seal = seal("head", head.organisation_id, head.number, head.hash)
        head.save(update_fields=["number", "hash", "seal"])


def _target(target: Model | Target | None) -> Target | None:
    return target_of(target) if isinstance(target, Model) else target


def _locked_head() -> AuditHead:
    """The end of the trail in scope; nobody else adds to it before this transaction ends."""
    organisation_id = current_tenant()
    if organisation_id is None:
        raise OutsideTenantError
    head: AuditHead = AuditHead.objects.select_for_update().get_or_create(organisation_id=organisation_id)[0]
    return head


def _named(doer: Doer, target: Target | None) -> tuple[Named | None, Named | None, Named | None]:
    address = doer.address or client_address.current.get()
    return (
        person(doer.user) if doer.user else None,
        network_address(address) if address else None,
        target.named if target else None,
    )


def _key(target: Target | None, ids: dict[Named, UUID]) -> str:
    if target is None:
        return ""
    return target.key or str(ids[target.named] if target.named else "")


def _plain(value: object) -> Fact:
    """As JSON of both databases gives it back."""
    if value is None or isinstance(value, bool):
        return value
    return int(value) if isinstance(value, int) else str(value)
