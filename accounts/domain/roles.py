"""What stands above the permission table: only an owner decides about owners."""

from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.enums import Role
from echodepth.errors import UserError


def need_owner_for(actor: Actor, *roles: str) -> None:
    """Raises UserError `owner_needed` where one of the roles is owner and the actor is none."""
    if Role.OWNER in roles and not actor.can.manage_owners:
        raise UserError("owner_needed", _("Only an owner can make someone owner or change an owner."), 403)
