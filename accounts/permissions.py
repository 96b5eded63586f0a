"""Who may do what: the lowest role for each action, in one place."""

from dataclasses import dataclass
from enum import StrEnum

from accounts.enums import Role


class Action(StrEnum):
    VIEW = "view"
    UPLOAD = "upload"
    MANAGE_PROJECTS = "manage_projects"
    DELETE = "delete"
    MANAGE_MEMBERS = "manage_members"
    MANAGE_ORGANISATION = "manage_organisation"
    MANAGE_OWNERS = "manage_owners"


_RANK: dict[str, int] = {Role.VIEWER: 0, Role.ANALYST: 1, Role.ADMIN: 2, Role.OWNER: 3}

LOWEST_ROLE: dict[Action, Role] = {
    Action.VIEW: Role.VIEWER,
    Action.UPLOAD: Role.ANALYST,
    Action.MANAGE_PROJECTS: Role.ANALYST,
    Action.DELETE: Role.ANALYST,
    Action.MANAGE_MEMBERS: Role.ADMIN,
    Action.MANAGE_ORGANISATION: Role.ADMIN,
    Action.MANAGE_OWNERS: Role.OWNER,
}


def at_least(role: str, minimum: Role) -> bool:
    """Whether `role` includes what `minimum` may do."""
    return _RANK[role] >= _RANK[minimum]


@dataclass(frozen=True, slots=True)
class Permissions:
    """What a role may do; templates ask `request.can.upload`."""

    role: str

    def _may(self, action: Action) -> bool:
        return at_least(self.role, LOWEST_ROLE[action])

    @property
    def upload(self) -> bool:
        return self._may(Action.UPLOAD)

    @property
    def manage_projects(self) -> bool:
        return self._may(Action.MANAGE_PROJECTS)

    @property
    def delete(self) -> bool:
        return self._may(Action.DELETE)

    @property
    def manage_members(self) -> bool:
        return self._may(Action.MANAGE_MEMBERS)

    @property
    def manage_organisation(self) -> bool:
        return self._may(Action.MANAGE_ORGANISATION)

    @property
    def manage_owners(self) -> bool:
        return self._may(Action.MANAGE_OWNERS)
