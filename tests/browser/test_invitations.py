"""Invitations, guests and the way between organisations, as people meet them in a browser."""

import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from accounts.enums import Role
from analysis.enums import RunState
from tests.browser.test_shell import look, violations
from tests.factories import MembershipFactory, OrganisationFactory, RunFactory, UserFactory
from tests.support.people import invited

pytestmark = pytest.mark.django_db(transaction=True)
NEW = "new@example.org"
PASSWORD = "a quiet harbour at noon"


@pytest.fixture
def owner(organisation):
    return MembershipFactory(organisation=organisation, role=Role.OWNER, user__email="owner@harbour.example")


def sign_out(page):
    page.locator("details.account summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_an_invited_person_comes_in_by_the_mail(page, signed_in, owner, mailoutbox, settings, live_server):
    settings.BASE_URL = live_server.url
    signed_in(owner.user)
    page.goto("/o/harbour/members/")
    page.get_by_label("E-mail address").fill(NEW)
    page.get_by_role("button", name="Send invitation").click()
    expect(page.get_by_text("A mail is on its way")).to_be_visible()
    expect(page.get_by_role("heading", name="Open invitations")).to_be_visible()
    sign_out(page)

    page.goto(re.search(r"http\S+/invitations/\S+", mailoutbox[0].body)[0])
    expect(page.get_by_role("heading", name="Invitation to Harbour Institute")).to_be_visible()
    page.get_by_label("Your name").fill("Nina New")
    page.get_by_label("Password", exact=True).fill("short")
    page.get_by_label("Password, again").fill("short")
    page.get_by_role("button", name="Accept and sign in").click()
    expect(page.get_by_role("alert")).to_be_focused()
    assert violations(page) == []
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password, again").fill(PASSWORD)
    page.get_by_role("button", name="Accept and sign in").click()

    expect(page.get_by_text("You are now a member of Harbour Institute.")).to_be_visible()
    sign_out(page)
    page.get_by_label("E-mail address").fill(NEW)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/o/harbour/")


def test_a_known_person_signs_in_and_accepts(page, signed_in, owner):
    issued = invited(owner, NEW, Role.VIEWER)
    known = UserFactory(email=NEW)
    address = f"/invitations/{issued.secret}/"
    assert look(page, address) == []
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("E-mail address").fill(known.email)
    page.get_by_label("Password", exact=True).fill("correct horse battery staple")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"**{address}")
    assert violations(page) == []
    page.get_by_role("button", name="Accept the invitation").click()

    page.wait_for_url("**/o/harbour/")
    page.goto(address)
    expect(page.get_by_text("This invitation cannot be used.")).to_be_visible()
    assert violations(page) == []


def test_somebody_else_signs_out_and_comes_back(page, signed_in, owner):
    issued = invited(owner, NEW)
    signed_in(UserFactory(email="else@example.org"))
    assert look(page, f"/invitations/{issued.secret}/") == []
    expect(page.get_by_text("You are signed in as else@example.org.")).to_be_visible()
    page.locator("main").get_by_role("button", name="Sign out").click()

    expect(page.get_by_role("button", name="Accept and sign in")).to_be_visible()
    assert look(page, f"/invitations/{issued.secret}/") == []


def test_an_owner_shares_a_result_from_the_keyboard(page, signed_in, owner, mailoutbox):
    run = RunFactory(recording__project__organisation=owner.organisation, state=RunState.DONE)
    signed_in(owner.user)
    assert look(page, f"/o/harbour/results/{run.pk}/share/") == []
    page.get_by_label("E-mail address").fill("guest@example.org")
    page.keyboard.press("Enter")

    expect(page.get_by_text("guest@example.org is invited.")).to_be_visible()
    page.goto("/o/harbour/members/")
    expect(page.get_by_role("link", name=f"reads {run.recording.title}")).to_be_visible()


def test_ownership_is_handed_over_after_a_proof(page, signed_in, owner):
    other = MembershipFactory(organisation=owner.organisation, user__email="next@harbour.example")
    signed_in(owner.user)
    page.goto(f"/o/harbour/members/{other.pk}/")
    page.get_by_role("button", name="Hand over ownership").click()
    page.get_by_label("Password", exact=True).fill("correct horse battery staple")
    page.get_by_role("main").get_by_role("button").first.click()

    expect(page.get_by_text("next@harbour.example is now owner, and you are admin.")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("width", [360, 1280])
def test_one_changes_between_organisations_by_the_bar(page, signed_in, owner, width):
    sea = OrganisationFactory(name="Sea Office " + "of the far north " * 4, slug="sea")
    MembershipFactory(user=owner.user, organisation=sea)
    MembershipFactory(user=owner.user, role=Role.GUEST, guest_of=uuid4())
    signed_in(owner.user)
    page.set_viewport_size({"width": width, "height": 780})
    page.goto("/o/harbour/projects/")
    menu = page.locator("details.bar__places")
    menu.locator("summary").press("Enter")
    panel = menu.locator(".menu__panel").bounding_box()
    assert panel["x"] >= 0
    assert panel["x"] + panel["width"] <= width
    assert violations(page) == []
    page.get_by_role("link", name="Sea Office").click()

    page.wait_for_url("**/o/sea/")
    expect(page.locator(".bar__organisation")).to_contain_text("Sea Office")


def test_the_menu_of_organisations_needs_no_script(browser, live_server, owner, signed_in, page):
    sea = MembershipFactory(user=owner.user, organisation=OrganisationFactory(name="Sea", slug="sea"))
    signed_in(owner.user)
    plain = browser.new_context(
        base_url=live_server.url, java_script_enabled=False, storage_state=page.context.storage_state()
    )
    bare = plain.new_page()
    bare.goto("/o/harbour/projects/")
    bare.locator("details.bar__places summary").click()
    bare.get_by_role("link", name="Sea", exact=True).click()

    bare.wait_for_url(f"**/o/{sea.organisation.slug}/")
    plain.close()
