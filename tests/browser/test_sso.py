"""Single sign-on in a browser: set up by an admin, used by a newcomer, linked by somebody with an account."""

import os
import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from accounts.domain.sso.dns_proof import record_name, record_value
from accounts.enums import Role
from accounts.models import Domain, Identity, Membership
from tests.browser.test_shell import look
from tests.factories import (
    PASSWORD,
    DomainFactory,
    IdentityFactory,
    IdentityProviderFactory,
    MembershipFactory,
)
from tests.support.dns_server import name_server
from tests.support.tenants import every

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # the provider's own
]
ADA = "ada@harbour.example"


@pytest.fixture(autouse=True)
def _here(settings, live_server):
    settings.SSO_PLAIN_HTTP, settings.SSO_PRIVATE_HOSTS = True, ["localhost"]
    settings.BASE_URL = live_server.url


@pytest.fixture
def zone(settings):
    with name_server() as made:
        settings.DNS_SERVERS = [made.address]
        yield made


@pytest.fixture
def there():
    """A provider of other people's making, where Ada is known; her address is its issuer."""
    import oidc_provider_mock

    ada = oidc_provider_mock.User(sub="ada-1", claims={"email": ADA, "email_verified": True, "name": "Ada"})
    with oidc_provider_mock.run_server_in_thread(
        user_claims=[ada], require_nonce=True, access_token_max_age=timedelta(minutes=5)
    ) as running:
        yield f"http://localhost:{running.server_port}"


@pytest.fixture
def organisation_with_sso(organisation, there):
    DomainFactory(organisation=organisation, name="harbour.example")
    IdentityProviderFactory(organisation=organisation, issuer=there)
    return organisation


def shoot(page, name):
    """A picture of the page, where somebody wants to look at it."""
    folder = os.environ.get("ECHODEPTH_TEST_PICTURES")
    if folder:
        page.screenshot(path=f"{folder}/{name}-{page.viewport_size['width']}.png", full_page=True)


def by_provider(page):
    """From our sign-in page to the provider's consent."""
    page.route(
        re.compile("^https://"), lambda route: route.fulfill(body="")
    )  # a style sheet of the provider's
    page.goto("/account/login/")
    page.get_by_role("link", name="Sign in with single sign-on").click()
    page.get_by_label("E-mail address at work").fill(ADA)
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="ada-1").click()


def test_an_admin_sets_it_up(signed_in, organisation, zone, there):
    admin = MembershipFactory(organisation=organisation, role=Role.ADMIN)
    page = signed_in(admin.user)
    page.goto("/o/harbour/sso/")
    shoot(page, "empty")
    page.get_by_role("textbox", name="Domain").fill("harbour.example")
    page.get_by_role("button", name="Add domain").click()
    page.get_by_label("Password").fill(PASSWORD)  # is it you?
    page.get_by_role("button", name="Continue").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("harbour.example")
    page.get_by_role("button", name="Check now").click()
    expect(page.get_by_role("alert")).to_contain_text("There is no TXT record at _echodepth.harbour.example")
    shoot(page, "domain")
    domain = every(Domain)[0]
    zone.publish(record_name(domain.name), record_value(domain.secret))
    page.get_by_role("button", name="Check now").click()
    expect(page.get_by_role("status")).to_contain_text("harbour.example is proven.")

    page.get_by_role("link", name="Set up the provider").click()
    page.get_by_label("Name", exact=True).fill("Harbour login")
    page.get_by_label("Issuer").fill(there)
    page.get_by_label("Client ID").fill("echodepth")
    page.get_by_label("Client secret").fill("a secret of theirs")
    shoot(page, "provider")
    page.get_by_role("button", name="Save provider").click()
    page.get_by_role("button", name="Test and switch on").click()
    expect(page.get_by_role("status")).to_contain_text("Single sign-on is on.")
    shoot(page, "on")


def test_a_newcomer_comes_in(page, organisation_with_sso):
    by_provider(page)

    page.wait_for_url("**/o/harbour/**")
    page.locator("details.account summary").click()
    expect(page.get_by_text(f"Signed in as {ADA}")).to_be_visible()
    expect(page.get_by_role("link", name="Account and security")).to_have_count(0)
    assert [row.user.email for row in every(Membership)] == [ADA]


def test_who_has_an_account_links_it_first(page, organisation_with_sso):
    member = MembershipFactory(organisation=organisation_with_sso, user__email=ADA)

    by_provider(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Link your account")
    shoot(page, "link-before")
    page.get_by_role("link", name="Sign in to the account").click()
    page.get_by_label("E-mail address").fill(ADA)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("the single sign-on of Harbour Institute opens the account")).to_be_visible()
    shoot(page, "link-after")
    page.get_by_role("button", name="Link the account").click()

    expect(page.get_by_role("status")).to_contain_text("single sign-on opens your account here")
    assert [row.user for row in every(Identity)] == [member.user]


def test_the_way_there_works_without_scripts(browser, live_server, organisation_with_sso):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/sso/")
    page.get_by_label("E-mail address at work").fill(ADA)
    page.get_by_role("button", name="Continue").click()

    page.get_by_role("button", name="ada-1").click()
    page.wait_for_url("**/o/harbour/**")
    assert "Harbour Institute" in page.content()
    context.close()


PAGES = ("", "provider/", "domain")


@pytest.mark.parametrize("address", PAGES)
def test_the_pages_of_the_setting_are_accessible_and_fit(signed_in, organisation, address):
    owner = MembershipFactory(organisation=organisation, role=Role.OWNER)
    DomainFactory(organisation=organisation, name=f"{'a-long-name-' * 5}.harbour.example")
    domain = DomainFactory(organisation=organisation, name="harbour.example", proven_at=None)
    provider = IdentityProviderFactory(organisation=organisation)
    for number in range(3):
        IdentityFactory(provider=provider, subject=f"{number}" * 60)
    page = signed_in(owner.user)
    page.goto("/o/harbour/sso/provider/")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/sso/provider/")
    path = f"/o/harbour/sso/domains/{domain.pk}/" if address == "domain" else f"/o/harbour/sso/{address}"

    assert look(page, path) == []

    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        shoot(page, f"look-{address.strip('/') or 'overview'}")


def test_the_start_is_accessible_and_fits(page):
    assert look(page, "/sso/") == []
    shoot(page, "start")
