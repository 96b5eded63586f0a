"""`docs/permissions.md`, written from the permission table."""

from collections.abc import Iterable

from accounts.enums import PlatformRole, Role
from accounts.permissions import DESK_ROLES, STAFF_ROLES, Grants, desk_table, role_table, staff_table
from echodepth.env import BASE_DIR

PAGE = BASE_DIR / "docs" / "permissions.md"
HEAD = """# Who may do what

This page is written from `accounts/permissions.py` by `manage.py write_permissions_page`; the portal shows
the same tables under Settings, Roles. Every page and every address of the API asks them. What a person may
not do is refused with 403; what is another organisation's is 404, as if it were not there.

## Members

A person has one role in each organisation they belong to. Only an owner decides about owners, and an
organisation keeps at least one. A guest reads one result, and reaches nothing else.
"""
STAFF = """
## How people come in and go

An owner or admin invites an address. The link in the mail works once and for seven days, and only for whoever
signs in with that address; an address without an account gets one there, with a password of its owner's
choosing. Sent again, it is a new link, and the old one is void. Only the hash of a link is stored. A guest is
invited from a result ("Share with a guest") and reads that result and its report; given a role, the guest
becomes a member. Open invitations count towards the organisation's quota of members.

Who is removed, or leaves, loses access at once, API tokens included. Whoever makes or removes an owner, or
hands over ownership, proves first who they are: by password, second factor or identity provider.

## Platform staff

Nobody who works for the platform has standing access to a customer's organisation. In a staff session, which
is opened with a reason, ends by itself and is seen by the organisation, staff may do this and no more:
"""
DESK = """
## The sales desk

Free [sample analyses](sample-desk.md) are kept in an organisation of their own. Sales staff work there
without a session, signed in with a second factor, and reach no other organisation: they open no staff
sessions, and the platform's pages about organisations are not there for them. At the desk, and there alone,
people may do this:
"""


def page() -> str:
    members = (HEAD, *_table(Role, role_table()))
    staff = (STAFF, *_table(STAFF_ROLES, staff_table()))
    return "\n".join((*members, *staff, DESK, *_table(DESK_ROLES, desk_table()), ""))


def _table(roles: Iterable[Role | PlatformRole], lines: list[Grants]) -> list[str]:
    names = [str(role.label) for role in roles]
    rows = [f"| | {' | '.join(names)} |", "|---|" + ":-:|" * len(names)]
    for line in lines:
        marks = " | ".join("yes" if may else "no" for may in line.granted)
        rows.append(f"| {line.label} | {marks} |")
    return rows
