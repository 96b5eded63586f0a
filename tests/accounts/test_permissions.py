import pytest

from accounts.enums import PlatformRole, Role
from accounts.permissions import (
    DESK,
    DESK_ROLES,
    LABELS,
    ROLES,
    STAFF,
    STAFF_ROLES,
    Action,
    Permissions,
    desk_table,
    role_table,
    staff_table,
)

READ = {"view_result", "view"}
ANALYST = READ | {"export", "use_tokens", "upload", "manage_projects", "delete"}
ADMIN = ANALYST | {
    "review",
    "confirm_use",
    "manage_retention",
    "handle_rights",
    "manage_members",
    "manage_organisation",
    "manage_security",
    "manage_tokens",
    "view_audit",
}
TABLE = {
    Role.GUEST: {"view_result"},
    Role.VIEWER: READ,
    Role.REVIEWER: READ | {"export", "use_tokens", "review"},
    Role.ANALYST: ANALYST,
    Role.ADMIN: ADMIN,
    Role.OWNER: ADMIN | {"manage_owners", "offboard"},
}
STAFF_TABLE = {
    PlatformRole.NONE: set(),
    PlatformRole.SALES: set(),
    PlatformRole.SUPPORT: READ | {"view_audit"},
    PlatformRole.ADMIN: READ | {"view_audit", "manage_organisation"},
}
"""Apart from the others: an organisation's admin and the platform's are equal as text."""
AT_DESK = READ | {"export", "upload", "manage_projects", "delete", "review"}
DESK_TABLE = {
    PlatformRole.NONE: set(),
    PlatformRole.SALES: AT_DESK,
    PlatformRole.SUPPORT: set(),
    PlatformRole.ADMIN: AT_DESK
    | {"confirm_use", "manage_retention", "handle_rights", "manage_organisation", "view_audit"},
}


@pytest.mark.parametrize(("role", "named"), [*TABLE.items(), *STAFF_TABLE.items()])
def test_each_role_may_do_what_the_table_says(role, named):
    can = Permissions(role)

    assert {action.value for action in Action if getattr(can, action.value)} == named
    assert {action.value for action in Action if can.may(action)} == named


@pytest.mark.parametrize(("role", "named"), DESK_TABLE.items())
def test_the_desk_has_a_table_of_its_own(role, named):
    can = Permissions(role, at_desk=True)

    assert {action.value for action in Action if can.may(action)} == named


def test_no_role_is_left_out():
    assert (sorted(TABLE), len(STAFF_TABLE)) == (sorted(Role), len(PlatformRole))
    assert len(DESK_TABLE) == len(PlatformRole)


def test_a_word_that_is_no_action_is_no_permission():
    with pytest.raises(AttributeError):
        getattr(Permissions(Role.OWNER), "manage_everything")  # noqa: B009 - as a template asks


def test_every_action_has_a_role_and_words():
    assert set(ROLES) == set(LABELS) == set(Action)
    assert all(roles for roles in ROLES.values())
    assert len({str(label) for label in LABELS.values()}) == len(Action)


def test_nobody_of_the_platform_touches_what_an_organisation_measured():
    written = {Action.UPLOAD, Action.DELETE, Action.MANAGE_PROJECTS, Action.EXPORT, Action.MANAGE_OWNERS}

    assert written & {action for action, roles in STAFF.items() if roles} == set()


def test_nobody_at_the_desk_lets_others_in():
    letting_in = {Action.MANAGE_MEMBERS, Action.MANAGE_OWNERS, Action.MANAGE_SECURITY, Action.USE_TOKENS}

    assert letting_in & {action for action, roles in DESK.items() if roles} == set()


def test_the_tables_that_are_shown_are_the_tables_that_decide():
    for action, line in zip(Action, role_table(), strict=True):
        assert line.granted == tuple(Permissions(role).may(action) for role in Role)
    shown = {str(line.label): line.granted for line in staff_table()}
    for action in Action:
        granted = tuple(Permissions(role).may(action) for role in STAFF_ROLES)
        assert shown.get(str(LABELS[action]), (False,) * len(STAFF_ROLES)) == granted
    at_desk = {str(line.label): line.granted for line in desk_table()}
    for action in Action:
        granted = tuple(Permissions(role, at_desk=True).may(action) for role in DESK_ROLES)
        assert at_desk.get(str(LABELS[action]), (False,) * len(DESK_ROLES)) == granted
