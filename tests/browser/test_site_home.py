"""The home page, the way to the report and the five answers in a browser."""

import pytest
from playwright.sync_api import expect

from tests.browser.test_shell import look

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("address", ["/", "/how-it-works/", "/questions/"])
def test_the_first_pages_are_accessible_and_fit(page, address):
    assert look(page, address) == []


def test_a_narrow_screen_gets_the_drawing_that_reads_from_top_to_bottom(page):
    page.set_viewport_size({"width": 360, "height": 780})
    page.goto("/how-it-works/")
    expect(page.locator(".pathway--tall")).to_be_visible()
    expect(page.locator(".pathway--wide")).to_be_hidden()

    page.set_viewport_size({"width": 1440, "height": 900})
    expect(page.locator(".pathway--wide")).to_be_visible()
    expect(page.locator(".pathway--tall")).to_be_hidden()


def test_a_question_on_the_home_page_leads_to_its_answer(page):
    page.goto("/")
    page.get_by_role("link", name="How accurate is it, and under which conditions?").click()

    expect(page.locator(":target")).to_contain_text("Grades are by ICC(3,1)")
