import pytest

from accounts.enums import Role
from accounts.permissions import LOWEST_ROLE, Action, Permissions

TABLE = {
    Role.VIEWER: set(),
    Role.ANALYST: {"upload", "manage_projects", "delete"},
    Role.ADMIN: {"upload", "manage_projects", "delete", "manage_members", "manage_organisation"},
    Role.OWNER: {
        "upload",
        "manage_projects",
        "delete",
        "manage_members",
        "manage_organisation",
        "manage_owners",
    },
}
ASKED = {action.value for action in Action} - {Action.VIEW.value}


@pytest.mark.parametrize("role", Role.values)
def test_each_role_may_do_what_the_table_says(role):
    can = Permissions(role)

    assert {name for name in ASKED if getattr(can, name)} == TABLE[Role(role)]


def test_every_action_has_a_lowest_role():
    assert set(LOWEST_ROLE) == set(Action)
