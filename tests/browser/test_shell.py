"""The portal's frame in a browser: accessible, fitting narrow screens, usable by keyboard."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from accounts.enums import Role
from tests.factories import MembershipFactory, ProjectFactory, SubjectFactory, UserFactory
from tests.support.people import invited
from tests.support.tenants import save

pytestmark = pytest.mark.django_db(transaction=True)

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
WIDTHS = (360, 768, 1440)
SIGNED_OUT = (
    "/account/login/",
    "/account/password/reset/",
    "/account/signup/",
    "/nowhere/",
    "/cohorts/",
)
SIGNED_IN = (
    "/organisations/",
    "/account/password/change/",
    "/o/harbour/projects/",
    "/o/harbour/projects/new/",
    "/o/harbour/members/",
    "/o/harbour/settings/",
    "/o/harbour/roles/",
    "/o/harbour/leave/",
)


def violations(page, part=None):
    """What axe finds on the page, or in what a selector names of it, in words that lead to the place."""
    found = Axe().run(page, part, RULES).response["violations"]
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"]]


def overflow(page):
    """Pixels by which the page is wider than the window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def look(page, address):
    """Open the page in both modes and every width, and say what is wrong."""
    wrong = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": WIDTHS[-1], "height": 900})
        page.goto(address)
        wrong += [f"{scheme} {text}" for text in violations(page)]
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if overflow(page) > 0:
            wrong.append(f"{overflow(page)} px too wide at {width}")
    wrong += [f"at {WIDTHS[0]}: {text}" for text in at_width(page, WIDTHS[0])]
    return wrong


def at_width(page, width):
    page.set_viewport_size({"width": width, "height": 780})
    return violations(page)


@pytest.fixture
def owner(organisation):
    member = MembershipFactory(organisation=organisation, role=Role.OWNER)
    MembershipFactory(
        organisation=organisation, user__email="a" * 50 + "@a-long-name-of-a-department.example"
    )
    ProjectFactory.create_batch(2, organisation=organisation, description="Twelve interviews. " * 20)
    invited(member, "b" * 50 + "@a-long-name-of-a-department.example")
    return member


@pytest.mark.parametrize("address", SIGNED_OUT)
def test_pages_for_everyone_are_accessible_and_fit(page, address):
    assert look(page, address) == []


def test_pages_of_an_organisation_are_accessible_and_fit(signed_in, owner):
    subject = SubjectFactory(project__organisation=owner.organisation, project__name="n" * 120)
    page = signed_in(owner.user)
    more = (
        f"/o/harbour/members/{owner.pk}/",
        f"/o/harbour/projects/{subject.project_id}/subjects/",
        f"/o/harbour/projects/{subject.project_id}/subjects/{subject.pk}/",
        f"/o/harbour/projects/{subject.project_id}/subjects/{subject.pk}/cohort/",
    )

    wrong = {address: look(page, address) for address in (*SIGNED_IN, *more)}

    assert {address: found for address, found in wrong.items() if found} == {}


def test_a_refused_form_puts_the_reader_at_the_summary(signed_in, owner):
    page = signed_in(owner.user)
    page.goto("/o/harbour/members/")
    page.get_by_role("button", name="Send invitation").click()

    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    summary.get_by_role("link").click()
    expect(page.get_by_label("E-mail address")).to_be_focused()
    assert violations(page) == []


def test_the_keyboard_reaches_the_content_and_leaves_the_menu(signed_in, owner):
    page = signed_in(owner.user)
    page.goto("/o/harbour/projects/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()

    page.locator("details.menu summary").press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Sign out")).to_be_hidden()
    expect(page.locator("details.menu summary")).to_be_focused()


@pytest.mark.parametrize("width", [360, 480, 768, 1000, 1200, 1440])
def test_the_whole_navigation_is_in_sight(signed_in, owner, width):
    save(owner.organisation, name="The Department of Behavioural Science and Human Communication")
    page = signed_in(owner.user)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto("/o/harbour/projects/")

    bar = page.locator(".nav").bounding_box()
    links = [link.bounding_box() for link in page.locator(".nav__link").all()]
    assert len(links) == 4
    assert all(link["x"] >= bar["x"] for link in links)
    assert all(link["x"] + link["width"] <= bar["x"] + bar["width"] for link in links)


@pytest.mark.parametrize("address", ["/science/", "/de/", "/es/"])
def test_every_page_for_everyone_is_named_in_sight_on_a_phone(page, address):
    page.set_viewport_size({"width": 360, "height": 780})
    page.goto(address)

    links = [link.bounding_box() for link in page.locator(".bar .nav__link").all()]
    assert len(links) == 6
    assert all(link["x"] >= 0 and link["x"] + link["width"] <= 360 for link in links)


def test_the_menu_signs_out(signed_in, owner):
    page = signed_in(owner.user)
    page.goto("/organisations/")
    page.locator("details.menu summary").click()
    page.get_by_role("button", name="Sign out").click()

    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_targets_are_large_enough_for_a_finger(signed_in, owner):
    page = signed_in(owner.user)
    page.set_viewport_size({"width": 360, "height": 780})
    page.goto("/o/harbour/members/")

    sizes = page.locator(
        "a.button, button, .nav__link, summary, input:not([type=hidden]), select"
    ).evaluate_all(
        "all => all.filter(e => e.offsetParent)"
        ".map(e => [e.outerHTML.slice(0, 60), e.offsetWidth, e.offsetHeight])"
    )

    assert len(sizes) > 8
    assert [size for size in sizes if size[1] < 24 or size[2] < 24] == []


def test_someone_without_an_organisation_is_told_whom_to_ask(signed_in):
    page = signed_in(UserFactory())

    expect(page.get_by_role("heading", name="You belong to no organisation yet")).to_be_visible()
    assert violations(page) == []
