"""The public site's long texts in a browser: accessible, fitting every width, whole on paper."""

import pytest

from tests.browser.test_shell import look

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("address", ["/science/", "/data-protection/", "/faq/", "/cohorts/"])
def test_long_texts_are_accessible_and_fit(page, address):
    assert look(page, address) == []


def heights(found):
    return [found.nth(index).bounding_box()["height"] for index in range(found.count())]


def test_on_paper_every_answer_is_open(page):
    page.goto("/faq/")
    closed = page.locator("details:not([open])")
    folded = heights(closed)
    page.emulate_media(media="print")
    printed = heights(closed)

    assert len(folded) > 10
    assert all(after > before + 20 for before, after in zip(folded, printed, strict=True))


def test_answers_open_for_a_print_and_fold_again(page):
    page.goto("/faq/")
    page.wait_for_load_state("load")
    folded = page.locator("details:not([open])")
    before = folded.count()

    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert folded.count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert folded.count() == before > 10


def test_a_mark_leads_to_its_reference_and_back(page):
    page.goto("/science/")
    page.locator("#cite-barrett2019-1").click()

    assert page.url.endswith("#ref-barrett2019")
    page.locator("#ref-barrett2019 .references__back a").first.click()
    assert page.url.endswith("#cite-barrett2019-1")
