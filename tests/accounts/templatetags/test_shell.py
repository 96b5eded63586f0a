from uuid import uuid4

import pytest
from django.test import RequestFactory

from accounts.enums import PlatformRole, Role
from accounts.permissions import Permissions
from accounts.templatetags.shell import entries, organisation_menu, tabs
from tests.factories import MembershipFactory, OrganisationFactory
from tests.support.pages import text_of


def labels(found):
    return [str(entry.label) for entry in found]


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.GUEST, []),
        (Role.OWNER, ["Recordings", "Projects", "Reviews", "Settings"]),
        (Role.VIEWER, ["Recordings", "Projects", "Reviews", "Settings"]),
        (PlatformRole.SUPPORT, ["Recordings", "Projects", "Reviews", "Settings"]),
    ],
)
def test_a_role_sees_what_it_may_open(role, expected):
    assert labels(entries("harbour", Permissions(role), "/o/harbour/")) == expected


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/o/harbour/", "Recordings"),
        ("/o/harbour/upload/", "Recordings"),
        ("/o/harbour/projects/new/", "Projects"),
        ("/o/harbour/reviews/", "Reviews"),
        ("/o/harbour/settings/", "Settings"),
        ("/o/harbour/members/7/", "Settings"),
    ],
)
def test_one_entry_is_current(path, current):
    found = entries("harbour", Permissions(Role.OWNER), path)

    assert labels(entry for entry in found if entry.current) == [current]


def test_who_works_at_the_desk_begins_there():
    can = Permissions(PlatformRole.SALES, at_desk=True)

    found = entries("samples", can, "/desk/figures/")

    assert labels(found)[:2] == ["Desk", "Recordings"]
    assert labels(entry for entry in found if entry.current) == ["Desk"]
    recordings = entries("samples", can, "/o/samples/")
    assert labels(entry for entry in recordings if entry.current) == ["Recordings"]
    assert found[0].url == "/desk/"


def test_the_settings_are_in_the_order_of_the_table_and_one_is_current():
    found = tabs("harbour", Permissions(Role.ADMIN), "/o/harbour/members/7/")

    assert labels(found)[:2] == ["Organisation", "Members"]
    assert labels(tab for tab in found if tab.current) == ["Members"]


def test_the_bar_leads_to_the_first_of_the_settings():
    can = Permissions(Role.OWNER)

    assert entries("harbour", can, "/")[-1].url == tabs("harbour", can, "/")[0].url


def menu(client):
    """The bar's place, as the page has it."""
    text = text_of(client.get("/o/harbour/projects/"))
    return text.partition('<div class="bar__place">')[2].partition('<nav class="nav"')[0]


def test_of_one_organisation_the_bar_shows_the_name_alone(viewer_client):
    shown = menu(viewer_client)

    assert '<span class="bar__organisation">Harbour Institute</span>' in shown
    assert "<details" not in shown


def test_with_several_the_bar_leads_to_each_and_marks_the_current_one(viewer_client, viewer):
    run = uuid4()
    MembershipFactory(
        user=viewer.user,
        organisation__name="Sea Office",
        organisation__slug="sea",
        role=Role.GUEST,
        guest_of=run,
    )
    OrganisationFactory(name="Not theirs")

    shown = menu(viewer_client)

    assert '<details class="menu bar__places">' in shown
    assert '<a class="menu__item" href="/o/harbour/" aria-current="true">' in shown
    assert f'<a class="menu__item" href="/o/sea/results/{run}/">' in shown
    assert shown.count("aria-current") == 1
    assert "Not theirs" not in shown


def test_single_sign_on_leads_nowhere_else(viewer_client, viewer):
    MembershipFactory(user=viewer.user, organisation__name="Sea Office")
    request = RequestFactory().get("/")
    request.user, request.organisation = viewer.user, viewer.organisation
    request.session = {"sso_organisation": str(viewer.organisation_id), "sso_provider": str(uuid4())}

    assert [place.name for place in organisation_menu({"request": request})["places"]] == [
        "Harbour Institute"
    ]
