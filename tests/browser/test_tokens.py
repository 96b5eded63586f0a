"""API tokens in a browser: made, copied, revoked, on accessible pages."""

import pytest
from playwright.sync_api import expect

from accounts.domain import tokens
from accounts.enums import Role, Scope
from echodepth.tenancy import tenant
from tests.browser.test_shell import at_width, look, overflow
from tests.factories import PASSWORD, MembershipFactory
from tests.support.people import actor

pytestmark = pytest.mark.django_db(transaction=True)
URL = "/o/harbour/tokens/"


@pytest.fixture
def owner(organisation):
    return MembershipFactory(organisation=organisation, role=Role.OWNER, user__full_name="Ada Lovelace")


def test_a_token_is_made_copied_and_revoked(signed_in, owner):
    page = signed_in(owner.user)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/o/harbour/settings/")
    page.get_by_role("link", name="API tokens").click()
    expect(page.get_by_role("heading", name="No token yet")).to_be_visible()
    assert look(page, URL) == []

    page.get_by_role("link", name="New token").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    assert look(page, f"{URL}new/") == []
    page.get_by_label("Name").fill("Nightly import of the field study")
    page.get_by_label("Create projects and subjects, upload recordings, start and cancel runs").check()
    page.get_by_role("button", name="Make token").click()

    secret = page.get_by_label("Token").input_value()
    assert tokens.use(secret)[1].user == owner.user
    page.get_by_role("button", name="Copy token").click()
    expect(page.get_by_role("status")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == secret
    assert at_width(page, 320) == []
    assert overflow(page) == 0

    page.get_by_role("link", name="Done").click()
    expect(page.get_by_role("row", name="Nightly import")).to_contain_text("read, write")
    assert secret not in page.content()
    page.get_by_role("button", name="Revoke Nightly import").click()
    page.get_by_role("button", name="Revoke token").click()
    expect(page.get_by_role("row", name="Nightly import")).to_contain_text("Revoked")
    with pytest.raises(tokens.TokenError):
        tokens.use(secret)


def test_everyones_tokens_fit_on_an_accessible_page(signed_in, owner, organisation):
    analyst = MembershipFactory(organisation=organisation, user__full_name="Grace Hopper")
    with tenant(organisation.pk):
        for member, name in ((owner, "Nightly import"), (analyst, "W" * 60)):
            secret = tokens.issue(actor(member), name, [Scope.READ, Scope.WRITE], 30)[1]
        tokens.use(secret)
    page = signed_in(owner.user)
    page.goto(URL)

    expect(page.get_by_role("row", name="W" * 60)).to_contain_text("Grace Hopper")
    assert look(page, URL) == []
