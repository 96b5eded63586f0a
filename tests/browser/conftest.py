"""Chromium against a live server. A test asks for `page` (nobody signed in) or `signed_in(user)`."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from accounts.models import User
from tests.factories import PASSWORD

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 15_000
"""Milliseconds; two cores that others use too."""


def find_chromium(playwright: Playwright) -> str | None:
    """The system's Chromium, else the one that `playwright install chromium` fetched."""
    fetched = playwright.chromium.executable_path
    return shutil.which("chromium") or (fetched if os.access(fetched, os.X_OK) else None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = find_chromium(playwright)
        if chromium is None:
            pytest.skip("chromium is not installed")
        # Playwright keeps an event loop running in this thread; Django would refuse the database beside it.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def forgiven() -> tuple[str, ...]:
    """What the browser may complain about, since tests bring it about: refusals."""
    return ("status of 4",)


@pytest.fixture
def page(browser: Browser, live_server, forgiven: tuple[str, ...]) -> Iterator[Page]:
    """A page of a fresh profile; anything else that the browser complains about fails the test."""
    # Without transitions: axe would measure a colour on its way from the light scheme to the dark one.
    context = browser.new_context(
        base_url=live_server.url, viewport={"width": 1280, "height": 900}, reduced_motion="reduce"
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    yield page
    context.close()
    assert [text for text in complaints if not any(words in text for words in forgiven)] == []


@pytest.fixture
def signed_in(page: Page) -> Callable[[User], Page]:
    """Sign a person of `UserFactory` in through the page, and give the page."""

    def sign_in(user: User) -> Page:
        page.goto("/account/login/")
        page.get_by_label("E-mail address").fill(user.email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(lambda url: "/account/" not in url)
        return page

    return sign_in
