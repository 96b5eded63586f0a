"""Who belongs to an organisation, and as what."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.domain.people import person_with
from accounts.enums import Role
from accounts.models import Membership, Organisation
from accounts.permissions import LOWEST_ROLE, Action, at_least
from echodepth.errors import UserError


@transaction.atomic
def add_member(actor: Membership, email: str, role: Role) -> Membership:
    """Make the person with this address a member of the actor's organisation.

    A person we do not know yet gets an account without a usable password. Raises UserError `owner_needed`
    or `already_member`.
    """
    _may_touch(actor, role)
    membership, created = Membership.objects.get_or_create(
        organisation=actor.organisation, user=person_with(email), defaults={"role": role}
    )
    if not created:
        raise UserError("already_member", _("This person is already a member."), status=409)
    return membership


@transaction.atomic
def change_role(actor: Membership, membership: Membership, role: Role) -> None:
    """Raises UserError `owner_needed` or `last_owner`."""
    _may_touch(actor, membership.role, role)
    if role != Role.OWNER:
        _keep_an_owner(membership)
    membership.role = role
    membership.save(update_fields=["role"])


@transaction.atomic
def remove_member(actor: Membership, membership: Membership) -> None:
    """The person loses access at once; what they uploaded stays. Raises UserError as `change_role` does."""
    _may_touch(actor, membership.role)
    _keep_an_owner(membership)
    membership.delete()


def _may_touch(actor: Membership, *roles: str) -> None:
    if Role.OWNER in roles and not at_least(actor.role, LOWEST_ROLE[Action.MANAGE_OWNERS]):
        raise UserError("owner_needed", _("Only an owner can make someone owner or change an owner."), 403)


def _keep_an_owner(membership: Membership) -> None:
    """Two owners who step down at once wait for each other on the organisation's row."""
    Organisation.objects.select_for_update().get(pk=membership.organisation_id)
    others = Membership.objects.filter(organisation=membership.organisation_id, role=Role.OWNER)
    if membership.role == Role.OWNER and not others.exclude(pk=membership.pk).exists():
        raise UserError(
            "last_owner", _("An organisation keeps at least one owner. Make someone else owner first."), 409
        )
