"""The public site in a browser: its frame on every page, what pages weigh, and whom they ask."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.browser.test_shell import look, overflow
from tests.support.samples import desk

pytestmark = pytest.mark.django_db(transaction=True)

HEAVIEST = 150_000
"""Bytes of a page with all that it loads, without pictures and films."""
SEEN = {"image", "media"}
ONE_UNIT = "/action-units/12/"


def addresses(page):
    """Paths of the sitemap; one Action Unit stands for all 44, which have one template."""
    listed = page.request.get("/sitemap.xml").text()
    found = [urlsplit(address).path for address in re.findall(r"<loc>([^<]+)</loc>", listed)]
    assert ONE_UNIT in found
    return [path for path in found if path == ONE_UNIT or not re.match(r"/action-units/\d", path)]


def weight(answers, known):
    """Bytes without pictures and films; what the browser had already weighs what it did before."""
    loaded = [one for one in answers if one.request.resource_type not in SEEN]
    known |= {one.url: len(one.body()) for one in loaded if one.ok}
    return sum(known.get(one.url, 0) for one in loaded)


def test_every_public_page_is_light_fits_a_telephone_and_asks_nobody_else(page, live_server):
    desk()
    page.set_viewport_size({"width": 360, "height": 780})
    answers, known, wrong = [], {}, []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - Playwright marks it
    for path in addresses(page):
        answers.clear()
        page.goto(path, wait_until="load")
        elsewhere = {one.url for one in answers if not one.url.startswith((live_server.url, "data:"))}
        weighs = weight(answers, known)
        wrong += [f"{path} leads to {page.url}"] if urlsplit(page.url).path != path else []
        wrong += [f"{path} weighs {weighs}"] if not 0 < weighs < HEAVIEST else []
        wrong += [f"{path} is {overflow(page)} px too wide"] if overflow(page) > 0 else []
        wrong += [f"{path} asks {address}" for address in elsewhere]

    assert wrong == []


def test_the_first_key_leads_past_the_frame_to_the_content(page):
    page.goto("/cohorts/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("main")).to_be_focused()
    expect(page.get_by_role("navigation", name="EchoDepth").locator("[aria-current]")).to_have_text(
        "Calibration"
    )


def test_the_language_is_changed_in_the_foot_and_stays_on_the_page(page):
    page.goto("/questions/")
    foot = page.get_by_role("navigation", name="More pages")
    foot.get_by_role("link", name="Deutsch").click()

    page.wait_for_url("**/de/questions/")
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.locator('footer a[aria-current="true"]')).to_have_text("Deutsch")


@pytest.mark.parametrize("address", ["/sample/report/?page=5"])
def test_the_sample_report_is_accessible_and_fits(page, address):
    assert look(page, address) == []


def test_the_sample_report_is_turned_by_keys_and_links_and_says_so(page):
    page.goto("/sample/report/")
    page.evaluate("window.stayed = true")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("status")).to_have_text(re.compile(r"Page 2 of \d+: Summary"))
    page.get_by_role("link", name="Next").click()

    expect(page.get_by_role("heading", name="Signals over time").first).to_be_visible()
    expect(page.get_by_role("link", name="Next")).to_be_focused()
    assert page.url.endswith("?page=3")
    page.go_back()
    expect(page.get_by_role("status")).to_have_text(re.compile("Page 2 of"))
    assert page.evaluate("window.stayed")


def test_keys_that_move_something_else_turn_no_page(page):
    page.goto("/sample/report/")
    words = page.locator(".leaf__words summary")
    words.click()
    for place in (words, page.locator(".leaf__words pre")):
        place.focus()
        page.keyboard.press("ArrowRight")
    page.evaluate(
        "addEventListener('keydown', (event) => event.preventDefault(), { capture: true, once: true })"
    )
    page.locator(".leaf__strip a").first.focus()
    page.keyboard.press("ArrowRight")

    expect(page.get_by_role("status")).to_have_text("")
    assert page.url.endswith("/sample/report/")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("status")).to_have_text(re.compile("Page 2 of"))


def test_without_script_the_sample_report_is_turned_all_the_same(browser, live_server):
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/sample/report/")
    page.get_by_role("link", name="Next").click()

    expect(page.locator("#leaf-title")).to_contain_text("Summary")
    page.get_by_role("link", name="Action Units", exact=True).last.click()
    expect(page.locator("#leaf-title")).to_contain_text("Action Units")
    expect(page.get_by_text("The arrow keys turn pages.")).to_be_hidden()
    context.close()
