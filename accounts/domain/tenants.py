"""What the platform does with organisations: make, suspend, open again, close, limit, list.

Each change is made inside the organisation's scope and stands in its audit trail, with the platform's person.
The list goes through doors of few columns; nothing here reads what an organisation has stored.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import doors
from accounts.actor import acting
from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.domain.invitations import Issued, invite
from accounts.domain.organisations import create_organisation
from accounts.domain.quotas import Usage, lock, members_counted, usages
from accounts.domain.staff import end_sessions, staff_actor
from accounts.enums import OrganisationState, Role
from accounts.models import Invitation, Membership, Offboarding, Organisation, User
from echodepth.errors import UserError
from echodepth.tenancy import tenant

NOTHING = Usage()
PAGE = 25
"""Organisations on a page of the list."""


@dataclass(frozen=True, slots=True)
class Tenant:
    """A line of the platform's list."""

    id: UUID
    name: str
    slug: str
    state: str
    created_at: datetime
    members: int
    active_at: datetime | None
    """Of the newest line of its audit trail that no platform staff wrote."""
    usage: Usage = NOTHING

    @property
    def state_name(self) -> str:
        return str(OrganisationState(self.state).label)


@dataclass(frozen=True, slots=True)
class Quotas:
    """None is no limit."""

    members: int | None = None
    recordings: int | None = None
    size: int | None = None
    """Bytes."""


class Listed:
    """The organisations whose name or address holds `search`, by name; a paginator takes slices of it."""

    def __init__(self, search: str, *, with_usage: bool) -> None:
        told = search.replace("\0", "").strip().lower()  # PostgreSQL takes no NUL
        escaped = "".join(f"!{sign}" if sign in "!%_" else sign for sign in told)
        self._pattern, self._with_usage = f"%{escaped}%", with_usage

    def count(self) -> int:
        return int(doors.ORGANISATIONS_COUNTED.open(pattern=self._pattern)[0][0])

    __len__ = count

    def __getitem__(self, part: slice) -> list[Tenant]:
        asked = {"skipped": part.start, "most": part.stop - part.start}
        rows = [Tenant(*row) for row in doors.ORGANISATIONS_LISTED.open(pattern=self._pattern, **asked)]
        if not self._with_usage:
            return rows
        used = usages([row.id for row in rows])
        return [replace(row, usage=used[row.id]) for row in rows]


@contextmanager
def _by_platform(user: User, organisation_id: UUID) -> Iterator[Organisation]:
    """In the organisation's scope, with its row locked, as this person of the platform."""
    with tenant(organisation_id), transaction.atomic():
        organisation = lock(organisation_id)
        with acting(staff_actor(user, organisation)):
            yield organisation


@transaction.atomic
def make(user: User, name: str, time_zone: str, owner_email: str) -> tuple[Organisation, Issued]:
    """An organisation, and the invitation of its first owner, which is still to be sent."""
    organisation = create_organisation(name, time_zone, by=user)
    return organisation, invite_owner(user, organisation.pk, owner_email)


def invite_owner(user: User, organisation_id: UUID, email: str) -> Issued:
    """For an organisation that has no owner; an earlier invitation of its owner is void.

    Raises UserError `has_owner`, `organisation_closed`, or as `accounts.domain.invitations.invite` does.
    """
    with _by_platform(user, organisation_id) as organisation:
        if organisation.state == OrganisationState.CLOSED:
            raise UserError(
                "organisation_closed", _("This organisation is closed; nobody can enter it."), 409
            )
        if has_owner(organisation):
            sentence = _("This organisation has an owner, who invites others.")
            raise UserError("has_owner", sentence, status=409)
        _withdraw_earlier()
        return invite(organisation, email, Role.OWNER, by=None)


def _withdraw_earlier() -> None:
    """The invitation that went before: it may have gone to the wrong address."""
    earlier = Invitation.objects.filter(role=Role.OWNER)
    withdrawn = list(earlier.waiting())
    earlier.withdraw()
    for invitation in withdrawn:
        record(AuditAction.INVITATION_REVOKED, invitation, role=invitation.role)


def has_owner(organisation: Organisation) -> bool:
    """In its scope."""
    return bool(Membership.objects.filter(organisation=organisation, role=Role.OWNER).exists())


def suspend(user: User, organisation_id: UUID, reason: str) -> None:
    """Nobody but platform staff may enter until it is opened again. Raises UserError `state_differs`."""
    with _by_platform(user, organisation_id) as organisation:
        _change_state(organisation, OrganisationState.SUSPENDED, reason, {OrganisationState.ACTIVE})


def reopen(user: User, organisation_id: UUID) -> None:
    """Raises UserError `state_differs`, or `organisation_leaving` where all of it is being erased."""
    with _by_platform(user, organisation_id) as organisation:
        if Offboarding.objects.exclude(erasure=None).exists():
            sentence = _("Its owner left with it: all of it is being erased, and it cannot be opened again.")
            raise UserError("organisation_leaving", sentence, status=409)
        _change_state(organisation, OrganisationState.ACTIVE, "", {OrganisationState.SUSPENDED})


def close(user: User, organisation_id: UUID, reason: str) -> None:
    """For good: as if it were not there. Nothing is erased. Raises UserError `state_differs`."""
    states = {OrganisationState.ACTIVE, OrganisationState.SUSPENDED}
    with _by_platform(user, organisation_id) as organisation:
        end_sessions()
        _change_state(organisation, OrganisationState.CLOSED, reason, states)


def _change_state(
    organisation: Organisation, state: OrganisationState, reason: str, before: set[OrganisationState]
) -> None:
    was = OrganisationState(organisation.state)
    if was not in before:
        sentence = _("This organisation is %(state)s already. Load the page again to see what can be done.")
        raise UserError("state_differs", sentence % {"state": was.label.lower()}, status=409)
    organisation.state, organisation.state_reason = state, reason.strip()
    organisation.state_changed_at = timezone.now()
    organisation.save(update_fields=["state", "state_reason", "state_changed_at"])
    record(AuditAction.ORGANISATION_STATE, organisation, before=was.value, after=state.value)


def set_quotas(user: User, organisation_id: UUID, quotas: Quotas) -> None:
    """What is there already stays, also where it is more than the quota."""
    with _by_platform(user, organisation_id) as organisation:
        organisation.quota_members = quotas.members
        organisation.quota_recordings = quotas.recordings
        organisation.quota_bytes = quotas.size
        organisation.save(update_fields=["quota_members", "quota_recordings", "quota_bytes"])
        facts = {"members": quotas.members, "recordings": quotas.recordings, "bytes": quotas.size}
        record(AuditAction.QUOTAS_CHANGED, organisation, **facts)


@dataclass(frozen=True, slots=True)
class Used:
    """What counts against one quota."""

    used: int
    most: int | None

    @property
    def share(self) -> int | None:
        """Percent of the quota, at most 100; None without a quota."""
        if self.most is None:
            return None
        return min(100, round(100 * self.used / self.most)) if self.most else 100


@dataclass(frozen=True, slots=True)
class UsedQuotas:
    members: Used
    recordings: Used
    size: Used


def used_quotas(organisation: Organisation) -> UsedQuotas:
    """What an organisation holds of each quota; open invitations count as members."""
    stored = usages([organisation.pk])[organisation.pk]
    with tenant(organisation.pk):
        members = members_counted(organisation.pk)
    return UsedQuotas(
        Used(members, organisation.quota_members),
        Used(stored.recordings, organisation.quota_recordings),
        Used(stored.size, organisation.quota_bytes),
    )
