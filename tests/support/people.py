"""Actors and invitations for tests."""

from accounts.actor import Actor
from accounts.domain.invitations import invite
from accounts.enums import Role
from accounts.permissions import Permissions
from echodepth.tenancy import tenant


def actor(membership, **more):
    """The member at work, as a view knows them."""
    can = Permissions(Role(membership.role))
    return Actor(membership.user, membership.organisation, can, membership, **more)


def invited(membership, email, role=Role.ANALYST, guest_of=None):
    """What the member's invitation of this address issues."""
    with tenant(membership.organisation_id):
        return invite(membership.organisation, email, role, by=actor(membership), guest_of=guest_of)
