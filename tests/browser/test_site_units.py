"""The reference of the Action Units in a browser: accessible, fitting, filtered while one types."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_shell import look

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("address", ["/action-units/", "/action-units/12/"])
def test_pages_are_accessible_and_fit(page, address):
    assert look(page, address) == []


@pytest.mark.parametrize("width", [736, 790, 1440])
def test_names_beside_the_chart_are_whole(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/action-units/")

    plate = page.locator(".plate").bounding_box()
    names = page.locator(".chip__name").evaluate_all(
        """all => all.map(e => {
            const box = e.getBoundingClientRect();
            return [e.textContent, box.left, box.right];
        })"""
    )
    assert len(names) == 44
    assert [
        name for name, left, right in names if not plate["x"] < left < right < plate["x"] + plate["width"]
    ] == []


def test_typing_filters_and_the_chart_leads_to_a_unit(page):
    page.goto("/action-units/")
    field, said = page.get_by_label("Find an Action Unit"), page.get_by_role("status")
    cards, chart = page.locator(".unit:visible"), page.locator(".plate")

    field.fill("zygomaticus")
    expect(said).to_have_text("2 Action Units found.")
    expect(cards).to_have_count(2)
    expect(chart).to_be_hidden()
    expect(page).to_have_url(re.compile(r"\?q=zygomaticus$"))

    field.fill("nostrum")
    expect(said).to_have_text("No Action Unit found.")
    expect(page.get_by_role("heading", name="Nothing is called that")).to_be_visible()

    field.fill("")
    expect(cards).to_have_count(44)
    chart.get_by_role("link", name="12 Lip corner puller, Mid-face").locator(".chip__box").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("AU12 Lip corner puller")
