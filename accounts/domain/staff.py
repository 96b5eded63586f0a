"""How platform staff come into an organisation: for a reason, for some hours, and seen by it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import doors
from accounts.actor import Actor, acting
from accounts.audit_actions import AuditAction
from accounts.domain.audit import record
from accounts.domain.quotas import lock
from accounts.enums import OrganisationState, PlatformRole
from accounts.models import AuditRecord, Membership, Organisation, StaffSession, User
from accounts.permissions import STAFF_ROLES, Permissions
from echodepth.errors import UserError
from echodepth.tenancy import tenant

MINUTES = (15, 30, 60, 120, 240)
"""How long a session may be."""
REASON_LENGTH = 10
"""Fewest characters of a reason."""


@dataclass(frozen=True, slots=True)
class Told:
    """A session, as the organisation reads of it."""

    session: StaffSession
    requests: int
    """Pages that were opened in it, as far as the audit trail reaches back."""


def staff_actor(user: User, organisation: Organisation, session: StaffSession | None = None) -> Actor:
    """The person inside a session, or on the platform's own pages."""
    can = Permissions(PlatformRole(user.platform_role))
    return Actor(user, organisation, can, staff_session=session)


@transaction.atomic
def open_session(user: User, organisation_id: UUID, reason: str, minutes: int) -> StaffSession:
    """Let platform staff in, as the organisation's audit trail tells at once.

    Raises UserError `organisation_closed`, `already_member` or `staff_session_open`, and ValueError for what
    the form that asks for reason and minutes refuses.
    """
    if len(reason.strip()) < REASON_LENGTH or minutes not in MINUTES or not user.opens_sessions:
        raise ValueError(minutes)
    with tenant(organisation_id):
        organisation = lock(organisation_id)
        _check_open(user, organisation)
        session: StaffSession = StaffSession.objects.create(
            organisation=organisation,
            user=user,
            reason=reason.strip(),
            ends_at=timezone.now() + timedelta(minutes=minutes),
        )
        with acting(staff_actor(user, organisation, session)):
            record(AuditAction.STAFF_SESSION_OPENED, session, role=user.platform_role, minutes=minutes)
    return session


def _check_open(user: User, organisation: Organisation) -> None:
    if organisation.state == OrganisationState.CLOSED:
        raise UserError("organisation_closed", _("This organisation is closed; nobody can enter it."), 409)
    if Membership.objects.filter(organisation=organisation, user=user).exists():
        raise UserError(
            "already_member",
            _("You are a member of this organisation: open it from your organisations, without a session."),
            status=409,
        )
    if _open(StaffSession.objects.filter(user=user)).exists():
        raise UserError(
            "staff_session_open",
            _("You have an open session in this organisation. End it before you open another one."),
            status=409,
        )


def end_own_session(session: StaffSession) -> bool:
    """The person ends a session of theirs, from outside its organisation; False where it had ended."""
    with tenant(session.organisation_id):
        actor = staff_actor(session.user, session.organisation, session)
        with acting(actor):
            return end_session(session)


@transaction.atomic
def end_session(session: StaffSession, *, by_organisation: bool = False) -> bool:
    """End an open session at once, in its organisation's scope; False where it had ended already."""
    ended: int = _open(StaffSession.objects.filter(pk=session.pk)).update(closed_at=timezone.now())
    if ended:
        record(AuditAction.STAFF_SESSION_CLOSED, session, by_organisation=by_organisation)
    return bool(ended)


def end_sessions() -> None:
    """Every open session of the organisation in scope, which closes."""
    for session in _open(StaffSession.objects.all()):
        end_session(session, by_organisation=True)


def open_sessions_of(user: User) -> list[StaffSession]:
    """The person's open sessions with their organisations, the one that ends first before the others."""
    found: list[StaffSession] = []
    for organisation_id, session_id in doors.STAFF_SESSIONS_OF.open(user_id=user.pk, now=timezone.now()):
        with tenant(organisation_id):
            found += StaffSession.objects.select_related("organisation").filter(pk=session_id)
    return found


def told(sessions: Iterable[StaffSession]) -> list[Told]:
    """The sessions with the number of requests in each, in the organisation's scope."""
    sessions = list(sessions)
    lines = AuditRecord.objects.filter(
        action=AuditAction.STAFF_REQUEST, staff_session__in=[session.pk for session in sessions]
    )
    counted = lines.order_by().values_list("staff_session").annotate(Count("pk"))
    requests: dict[UUID, int] = dict(counted)
    return [Told(session, requests.get(session.pk, 0)) for session in sessions]


@transaction.atomic
def set_platform_role(user: User, role: PlatformRole) -> None:
    """Who may open no staff sessions any more is out of every organisation at once."""
    user.platform_role = role
    user.save(update_fields=["platform_role"])
    if role not in STAFF_ROLES:
        for session in open_sessions_of(user):
            end_own_session(session)


def refuse_in_session(actor: Actor | None) -> None:
    """Nobody is let in for good by a staff session, which ends; raises UserError `staff_cannot_join`."""
    if actor and actor.staff_session:
        sentence = _("In a staff session nobody can be made a member. An owner or an admin can.")
        raise UserError("staff_cannot_join", sentence, status=403)


def _open(sessions: QuerySet[StaffSession]) -> QuerySet[StaffSession]:
    return sessions.filter(closed_at=None, ends_at__gt=timezone.now())
