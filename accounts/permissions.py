"""Who may do what: one table of actions and roles, which the portal and docs/permissions.md show."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.enums import PlatformRole, Role


class Action(StrEnum):
    VIEW_RESULT = "view_result"
    VIEW = "view"
    EXPORT = "export"
    UPLOAD = "upload"
    MANAGE_PROJECTS = "manage_projects"
    DELETE = "delete"
    USE_TOKENS = "use_tokens"
    REVIEW = "review"
    CONFIRM_USE = "confirm_use"
    MANAGE_RETENTION = "manage_retention"
    HANDLE_RIGHTS = "handle_rights"
    MANAGE_MEMBERS = "manage_members"
    MANAGE_ORGANISATION = "manage_organisation"
    MANAGE_SECURITY = "manage_security"
    MANAGE_TOKENS = "manage_tokens"
    VIEW_AUDIT = "view_audit"
    MANAGE_OWNERS = "manage_owners"
    OFFBOARD = "offboard"


_READERS = frozenset({Role.OWNER, Role.ADMIN, Role.ANALYST, Role.REVIEWER, Role.VIEWER})
_REVIEWERS = _READERS - {Role.VIEWER}
_ANALYSTS = _REVIEWERS - {Role.REVIEWER}
_ADMINS = frozenset({Role.OWNER, Role.ADMIN})

ROLES: dict[Action, frozenset[Role]] = {
    Action.VIEW_RESULT: _READERS | {Role.GUEST},
    Action.VIEW: _READERS,
    Action.EXPORT: _REVIEWERS,
    Action.UPLOAD: _ANALYSTS,
    Action.MANAGE_PROJECTS: _ANALYSTS,
    Action.DELETE: _ANALYSTS,
    Action.USE_TOKENS: _REVIEWERS,
    Action.REVIEW: _ADMINS | {Role.REVIEWER},
    Action.CONFIRM_USE: _ADMINS,
    Action.MANAGE_RETENTION: _ADMINS,
    Action.HANDLE_RIGHTS: _ADMINS,
    Action.MANAGE_MEMBERS: _ADMINS,
    Action.MANAGE_ORGANISATION: _ADMINS,
    Action.MANAGE_SECURITY: _ADMINS,
    Action.MANAGE_TOKENS: _ADMINS,
    Action.VIEW_AUDIT: _ADMINS,
    Action.MANAGE_OWNERS: frozenset({Role.OWNER}),
    Action.OFFBOARD: frozenset({Role.OWNER}),
}

STAFF: dict[Action, frozenset[PlatformRole]] = {
    Action.VIEW_RESULT: frozenset({PlatformRole.SUPPORT, PlatformRole.ADMIN}),
    Action.VIEW: frozenset({PlatformRole.SUPPORT, PlatformRole.ADMIN}),
    Action.VIEW_AUDIT: frozenset({PlatformRole.SUPPORT, PlatformRole.ADMIN}),
    Action.MANAGE_ORGANISATION: frozenset({PlatformRole.ADMIN}),
}
"""What platform staff may do inside an open staff session, and there alone.

Nothing that lets anybody in: who could invite, or set up single sign-on, would stay after the session.
"""


_DESK = frozenset({PlatformRole.SALES, PlatformRole.ADMIN})

DESK: dict[Action, frozenset[PlatformRole]] = {
    Action.VIEW_RESULT: _DESK,
    Action.VIEW: _DESK,
    Action.EXPORT: _DESK,
    Action.UPLOAD: _DESK,
    Action.MANAGE_PROJECTS: _DESK,
    Action.DELETE: _DESK,
    Action.REVIEW: _DESK,
    Action.CONFIRM_USE: frozenset({PlatformRole.ADMIN}),
    Action.MANAGE_RETENTION: frozenset({PlatformRole.ADMIN}),
    Action.HANDLE_RIGHTS: frozenset({PlatformRole.ADMIN}),
    Action.MANAGE_ORGANISATION: frozenset({PlatformRole.ADMIN}),
    Action.VIEW_AUDIT: frozenset({PlatformRole.ADMIN}),
}
"""What platform staff may do in the sales desk's organisation, without a staff session, and nowhere else."""


LABELS: dict[Action, Promise] = {
    Action.VIEW_RESULT: _("Read a result and download its report (a guest: one result alone)"),
    Action.VIEW: _("See projects, subjects, recordings, documents and every result"),
    Action.EXPORT: _("Download data: frame tables and results; the audit trail, for who may read it"),
    Action.UPLOAD: _("Upload recordings and documents, start and cancel analyses, keep neutrals"),
    Action.MANAGE_PROJECTS: _(
        "Create and edit projects and subjects, declare uses and cohorts, ask for and record consent"
    ),
    Action.DELETE: _("Delete recordings and documents"),
    Action.USE_TOKENS: _("Make API tokens of one's own"),
    Action.REVIEW: _("Sign reports, or send them back"),
    Action.CONFIRM_USE: _("Confirm a declared use by name, publish the texts that people are shown"),
    Action.MANAGE_RETENTION: _("Set how long data are kept, extend it, place and release legal holds"),
    Action.HANDLE_RIGHTS: _("Handle what people in recordings ask for by right: copies, correction, erasure"),
    Action.MANAGE_MEMBERS: _("Invite and remove members and guests, change roles"),
    Action.MANAGE_ORGANISATION: _("Change the organisation's name and time zone"),
    Action.MANAGE_SECURITY: _("Change security settings and single sign-on"),
    Action.MANAGE_TOKENS: _("See and revoke every member's API tokens"),
    Action.VIEW_AUDIT: _("Read the audit trail, see staff sessions"),
    Action.MANAGE_OWNERS: _("Make and remove owners, hand over ownership"),
    Action.OFFBOARD: _("Leave: take everything along, then have it erased"),
}


class Grants(NamedTuple):
    """One line of the table: what is done, and for each role in the order of its enum whether it may."""

    label: Promise
    granted: tuple[bool, ...]


STAFF_ROLES = (PlatformRole.SUPPORT, PlatformRole.ADMIN)
"""Who may open staff sessions."""
DESK_ROLES = (PlatformRole.SALES, PlatformRole.ADMIN)
"""Who works at the sales desk."""


def role_table() -> list[Grants]:
    """What each `Role` may do."""
    return [Grants(LABELS[action], tuple(role in ROLES[action] for role in Role)) for action in Action]


def staff_table() -> list[Grants]:
    """What each of `STAFF_ROLES` may do in a session, without what none of them may."""
    return [
        Grants(LABELS[action], tuple(role in STAFF[action] for role in STAFF_ROLES))
        for action in Action
        if STAFF.get(action)
    ]


def desk_table() -> list[Grants]:
    """What each of `DESK_ROLES` may do in the sales desk's organisation."""
    return [
        Grants(LABELS[action], tuple(role in DESK[action] for role in DESK_ROLES))
        for action in Action
        if action in DESK
    ]


@dataclass(frozen=True, slots=True)
class Permissions:
    """What a member may do, or staff in a session or at the desk; templates ask `request.can.upload`."""

    role: Role | PlatformRole
    at_desk: bool = False
    """Whether this is platform staff in the sales desk's own organisation."""

    def may(self, action: Action) -> bool:
        if isinstance(self.role, Role):
            return self.role in ROLES[action]
        return self.role in (DESK if self.at_desk else STAFF).get(action, frozenset())

    def __getattr__(self, name: str) -> bool:
        """`can.upload` for every action's name; AttributeError for any other."""
        try:
            return self.may(Action(name))
        except ValueError:
            raise AttributeError(name) from None
