"""Signing in and what proves a person, in a browser with an authenticator of its own."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from playwright.sync_api import expect

from tests.browser.test_shell import look, violations
from tests.factories import PASSWORD, MembershipFactory
from tests.support.sign_in import code, passkey, second_factor
from tests.support.tenants import fresh, save

pytestmark = pytest.mark.django_db(transaction=True)

SECURITY = "/account/security/"


@pytest.fixture
def authenticator(page):
    """Chromium's own: it keeps passkeys, and a finger is always on it. Gives its session and id."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session, made["authenticatorId"]


@pytest.fixture
def person(organisation):
    return MembershipFactory(organisation=organisation).user


def confirm(page):
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()


def type_password(page, person):
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page):
    page.goto("/account/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def add_passkey(page, name, *, alone=True):
    page.goto(SECURITY)
    page.get_by_role("link", name="Add a passkey").click()
    confirm(page)
    page.get_by_label("Name of the passkey").fill(name)
    page.get_by_label("Sign in with it alone").set_checked(alone)
    page.get_by_role("button", name="Add passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()


def test_a_passkey_is_made_and_signs_in_without_a_password(signed_in, person, authenticator):
    page = signed_in(person)
    add_passkey(page, "Telephone")
    page.goto(SECURITY)
    expect(page.get_by_role("row", name=re.compile("Telephone.*Signs in alone"))).to_be_visible()
    sign_out(page)

    page.goto("/account/login/?next=/organisations/")
    page.get_by_role("button", name="Sign in with a passkey").click()

    page.wait_for_url(lambda url: "/account/" not in url)
    expect(page.get_by_text("Harbour Institute").first).to_be_visible()
    assert page.url.endswith("/organisations/")
    assert Authenticator.objects.get(type="webauthn").last_used_at


def test_a_passkey_is_the_second_step_behind_the_password(signed_in, person, authenticator):
    page = signed_in(person)
    add_passkey(page, "Key", alone=False)
    sign_out(page)

    page.goto("/account/login/")
    type_password(page, person)
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Use a passkey").click()

    page.wait_for_url(lambda url: "/account/" not in url)


def test_a_passkey_confirms_that_it_is_the_person(signed_in, person, authenticator):
    page = signed_in(person)
    add_passkey(page, "Key")
    page.context.clear_cookies()
    page.goto("/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(lambda url: "/account/" not in url)

    page.goto("/account/2fa/totp/activate/")
    page.get_by_role("link", name="Use a passkey").click()
    assert violations(page) == []
    page.get_by_role("button", name="Use a passkey").click()

    expect(page.get_by_role("heading", name="Set up an authenticator app")).to_be_visible()


def test_who_refuses_the_passkey_is_told_and_may_go_on_otherwise(page, person, authenticator):
    session, number = authenticator
    session.send("WebAuthn.setUserVerified", {"authenticatorId": number, "isUserVerified": False})
    page.goto("/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_role("alert").get_by_text("Nothing was done")).to_be_visible()
    assert violations(page) == []
    type_password(page, person)
    page.wait_for_url(lambda url: "/account/" not in url)


def test_at_a_number_instead_of_a_name_passkeys_say_what_to_do(page, person, live_server):
    page.goto(live_server.url.replace("localhost", "127.0.0.1") + "/account/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_role("alert").get_by_text("open the product as http://localhost")).to_be_visible()


def early_in_the_half_minute():
    """The last half minute's code is taken until this one ends; the machine may be slow."""
    spent = time.time() % 30
    if spent > 12:
        time.sleep(30 - spent)


def test_an_app_is_set_up_by_its_key_and_asked_for_at_the_next_sign_in(signed_in, person):
    page = signed_in(person)
    page.goto(SECURITY)
    page.get_by_role("link", name="Set up an app").click()
    confirm(page)
    picture = page.get_by_role("img", name="The key below as a QR code")
    assert picture.evaluate("image => image.complete && image.naturalWidth > 0")
    secret = page.locator("dd.mono").inner_text()
    early_in_the_half_minute()
    page.get_by_label("Code that the app shows now").fill(code(secret, steps=-1))
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_text("10 of 10 left")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download codes").click()
    recovery = re.findall(r"\d{8}", download.value.path().read_text())
    sign_out(page)

    for proof in (code(secret), recovery[0]):
        page.goto("/account/login/")
        type_password(page, person)
        page.get_by_label("Code from your app, or a recovery code").fill(proof)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(lambda url: "/account/" not in url)
        sign_out(page)


def test_an_organisation_that_requires_it_leads_to_it(signed_in, person, organisation):
    save(organisation, require_mfa=True)
    page = signed_in(person)
    page.goto("/o/harbour/projects/")
    expect(page.get_by_role("heading", name="Two-factor sign-in is required here")).to_be_visible()
    assert violations(page) == []

    page.get_by_role("link", name="Set it up").click()
    page.get_by_role("link", name="Set up an app").click()
    confirm(page)
    page.get_by_label("Code that the app shows now").fill(code(page.locator("dd.mono").inner_text()))
    page.get_by_role("button", name="Turn on").click()
    expect(page.get_by_text("10 of 10 left")).to_be_visible()
    page.goto("/o/harbour/projects/")

    expect(page.get_by_role("heading", name="Projects")).to_be_visible()


def test_the_owner_requires_it_after_confirming(page, owner, organisation):
    second_factor(owner.user)
    page.goto("/account/login/")
    type_password(page, owner.user)
    page.get_by_label("Code from your app, or a recovery code").fill(code())
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/account/" not in url)
    page.goto("/o/harbour/security/")
    page.get_by_role("button", name="Require it of everybody").click()
    confirm(page)

    expect(page.get_by_text("Two-factor sign-in is required from now on.")).to_be_visible()
    assert fresh(organisation).require_mfa


def test_the_pages_of_security_are_accessible_and_fit(signed_in, person, organisation):
    page = signed_in(person)
    second_factor(person), passkey(person, "n" * 80)
    RecoveryCodes.activate(person)
    page.goto("/account/2fa/recovery-codes/")
    confirm(page)
    key = Authenticator.objects.get(type="webauthn").pk
    addresses = (
        SECURITY,
        "/account/sessions/",
        "/account/email/",
        "/account/password/change/",
        "/account/2fa/recovery-codes/",
        "/account/2fa/recovery-codes/generate/",
        "/account/2fa/totp/deactivate/",
        "/account/2fa/webauthn/add/",
        f"/account/2fa/webauthn/keys/{key}/edit/",
        f"/account/2fa/webauthn/keys/{key}/remove/",
        "/account/reauthenticate/",
        "/account/2fa/reauthenticate/",
        "/account/2fa/webauthn/reauthenticate/",
    )
    wrong = {address: look(page, address) for address in addresses}
    assert {address: found for address, found in wrong.items() if found} == {}

    Authenticator.objects.filter(type="totp").delete()
    assert look(page, "/account/2fa/totp/activate/") == []


def test_the_organisations_page_of_security_is_accessible_and_fits(signed_in, owner):
    page = signed_in(owner.user)

    assert look(page, "/o/harbour/security/") == []


def test_a_refused_sign_in_says_how_long_to_wait(page, person):
    page.goto("/account/login/")
    for _ in range(6):
        page.goto("/account/login/")
        page.get_by_label("E-mail address").fill("nobody@example.org")
        page.get_by_label("Password").fill("wrong password")
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_load_state()

    expect(page.get_by_role("heading", name="Too many attempts")).to_be_visible()
    assert violations(page) == []
