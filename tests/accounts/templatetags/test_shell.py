import pytest

from accounts.enums import Role
from accounts.templatetags.shell import entries


@pytest.mark.parametrize(
    ("role", "labels"),
    [
        (Role.VIEWER, ["Recordings", "Projects"]),
        (Role.ANALYST, ["Recordings", "Projects"]),
        (Role.ADMIN, ["Recordings", "Projects", "Members", "Settings"]),
    ],
)
def test_a_role_sees_what_it_may_open(role, labels):
    assert [str(entry.label) for entry in entries("harbour", role, "/o/harbour/")] == labels


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/o/harbour/", "Recordings"),
        ("/o/harbour/upload/", "Recordings"),
        ("/o/harbour/projects/new/", "Projects"),
        ("/o/harbour/members/7/", "Members"),
    ],
)
def test_one_entry_is_current(path, current):
    found = entries("harbour", Role.OWNER, path)

    assert [str(entry.label) for entry in found if entry.current] == [current]
