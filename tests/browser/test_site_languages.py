"""The public pages in German and Spanish in a browser: their longer words fit, and the form works."""

import pytest
from playwright.sync_api import expect

from reports.models import SampleRequest
from tests.browser.test_shell import WIDTHS, look, overflow, violations
from tests.support.samples import desk
from tests.support.tenants import every

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("address", ["/de/", "/es/sample/"])
def test_they_are_accessible_and_fit(page, address):
    desk()

    assert look(page, address) == []


def test_a_prospect_asks_in_german_and_stays_there(page):
    desk()
    page.goto("/de/questions/")
    assert overflow(page) <= 0
    page.get_by_role("navigation", name="Weitere Seiten").get_by_role("link", name="Kostenlose").click()
    page.get_by_label("Ihr Name").fill("Grace Example")
    page.get_by_label("Unternehmen", exact=True).fill("Prospect Works")
    page.get_by_label("Geschäftliche E-Mail-Adresse").fill("grace@prospect.example")
    page.get_by_label("Wo arbeiten Sie?").select_option("Österreich")
    page.get_by_label("Was möchten Sie erfahren?").fill("Wie unser Pitch wirkt.")
    page.get_by_label("Ich selbst, bei einem Pitch").check()
    page.get_by_label("Wo ist sie entstanden?").select_option("Eine Bühne oder eine Veranstaltung")
    page.get_by_label("Wo sind die Personen darin?").select_option("Vereinigtes Königreich")
    page.get_by_label("Allen, die zu sehen sind").check()
    page.get_by_label("Ich bin für diese Verwendung verantwortlich").check()
    page.get_by_role("button", name="Analyse anfordern").click()

    expect(page.get_by_role("heading", name="Sehen Sie in Ihr Postfach")).to_be_visible()
    assert page.url.endswith("/de/sample/sent/")
    assert violations(page) == []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert overflow(page) <= 0
    assert [sample.country for sample in every(SampleRequest)] == ["AT"]
