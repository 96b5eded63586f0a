"""What an organisation may hold at most, as the platform set it; none of it removes what is there already."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import ngettext

from accounts.announcements import usage_asked
from accounts.models import Invitation, Membership, Organisation
from echodepth.errors import UserError


@dataclass(frozen=True, slots=True)
class Usage:
    """What an organisation has stored."""

    recordings: int = 0
    size: int = 0
    """Bytes of recordings and documents."""


def lock(organisation_id: UUID) -> Organisation:
    """The organisation's row, held until the caller's transaction ends: of two who count, the second waits.

    Inside the organisation's scope and a transaction.
    """
    # Rows that refer to the organisation may be written meanwhile: a quota is no reason to stop them.
    found: Organisation = Organisation.objects.select_for_update(no_key=True).get(pk=organisation_id)
    return found


def check_members(organisation_id: UUID, more: int = 1) -> None:
    """Whether this many more may join or be invited; open invitations count as members.

    Inside the organisation's scope and the transaction that adds them. Raises UserError `quota_members`.
    """
    most = lock(organisation_id).quota_members
    if most is not None and members_counted(organisation_id) + more > most:
        raise UserError(
            "quota_members",
            ngettext(
                "This organisation may have %(most)d member, open invitations included. Remove a member or "
                "withdraw an invitation, or ask us for a larger quota.",
                "This organisation may have %(most)d members, open invitations included. Remove a member or "
                "withdraw an invitation, or ask us for a larger quota.",
                most,
            )
            % {"most": most},
            status=409,
        )


def members_counted(organisation_id: UUID) -> int:
    """Members and the invitations that could still be accepted."""
    invited = Invitation.objects.usable().filter(organisation=organisation_id).count()
    return int(Membership.objects.filter(organisation=organisation_id).count() + invited)


def usages(organisation_ids: list[UUID]) -> dict[UUID, Usage]:
    """What each of these organisations has stored, as the apps below tell it."""
    found = {organisation_id: Usage() for organisation_id in organisation_ids}
    answers: list[Any] = usage_asked.send(Organisation, organisation_ids=organisation_ids)
    for _receiver, told in answers:
        found |= told
    return found
