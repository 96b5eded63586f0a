"""Who belongs to an organisation, and as what; all of it inside the organisation's scope."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.domain.quotas import check_members, lock
from accounts.domain.roles import need_owner_for
from accounts.enums import Role
from accounts.models import Invitation, Membership, Organisation, User
from echodepth.errors import UserError


@transaction.atomic
def add_membership(
    organisation: Organisation, user: User, role: Role, guest_of: UUID | None = None
) -> Membership:
    """The person becomes a member; the caller records how that came about.

    Raises UserError `quota_members` or `already_member`.
    """
    check_members(organisation.pk)
    membership, created = Membership.objects.get_or_create(
        organisation=organisation, user=user, defaults={"role": role, "guest_of": guest_of}
    )
    if not created:
        raise UserError("already_member", _("This person is already a member."), status=409)
    return membership


@transaction.atomic
def change_role(actor: Actor, membership: Membership, role: Role) -> None:
    """To any role but guest, who is invited to a report.

    Raises UserError `owner_needed`, `last_owner` or `member_gone`.
    """
    membership = _locked(membership)
    need_owner_for(actor, membership.role, role)
    if role != Role.OWNER:
        _keep_an_owner(membership)
    before = membership.role
    _give(membership, role)
    record(AuditAction.ROLE_CHANGED, membership, before=before, after=str(role))


@transaction.atomic
def transfer_ownership(actor: Actor, membership: Membership) -> None:
    """The member becomes owner in the place of the actor, who becomes admin.

    Raises UserError `owner_needed`, or `transfer_to_another` where that is the actor or no full member.
    """
    membership = _locked(membership)
    own = Membership.objects.filter(user=actor.user, role=Role.OWNER).first()
    if own is None:
        need_owner_for(actor, Role.OWNER)
    if own is None or own == membership or membership.role == Role.GUEST:
        raise UserError("transfer_to_another", _("Choose another member, who is not a guest."), status=409)
    _give(membership, Role.OWNER)
    _give(own, Role.ADMIN)
    record(AuditAction.OWNERSHIP_TRANSFERRED, membership)


@transaction.atomic
def remove_member(actor: Actor, membership: Membership) -> None:
    """The person loses access at once, API tokens included; what they uploaded stays.

    Everybody may remove themselves. Of somebody who is removed by another, the open invitations are
    withdrawn too: one of them may be to an address of their own. Raises UserError as `change_role` does.
    """
    membership = _locked(membership)
    if membership.user_id != actor.user.pk:
        need_owner_for(actor, membership.role)
    _keep_an_owner(membership)
    left = membership.user_id == actor.user.pk
    withdrawn = 0 if left else Invitation.objects.filter(invited_by=membership.user).withdraw()
    record(AuditAction.MEMBER_REMOVED, membership, role=membership.role, left=left, withdrawn=withdrawn)
    membership.delete()


def _locked(membership: Membership) -> Membership:
    """As it stands now; whoever else changes members of the organisation waits for this transaction.

    Raises UserError `member_gone` where it was removed meanwhile.
    """
    lock(membership.organisation_id)
    found: Membership | None = Membership.objects.filter(pk=membership.pk).select_related("user").first()
    if found is None:
        raise UserError("member_gone", _("This person is no longer a member."), status=404)
    return found


def _give(membership: Membership, role: Role) -> None:
    membership.role, membership.guest_of = role, None
    membership.save(update_fields=["role", "guest_of"])


def _keep_an_owner(membership: Membership) -> None:
    others = Membership.objects.filter(organisation=membership.organisation_id, role=Role.OWNER)
    if membership.role == Role.OWNER and not others.exclude(pk=membership.pk).exists():
        raise UserError(
            "last_owner", _("An organisation keeps at least one owner. Make someone else owner first."), 409
        )
