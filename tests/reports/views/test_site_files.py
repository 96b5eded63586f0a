from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from django.urls import reverse

from accounts.domain.invitations import absolute
from analysis.engine.action_units import AU_NUMBERS
from reports.views.site_files import PAGES, closed
from tests.support.pages import text_of
from tests.support.samples import desk

pytestmark = pytest.mark.django_db
HOST = absolute("/").removesuffix("/")
NAMES = {"map": "http://www.sitemaps.org/schemas/sitemap/0.9", "page": "http://www.w3.org/1999/xhtml"}
LANGUAGES = {"en", "de", "es", "x-default"}
TRANSLATED = ("home", "questions", "sample")


@pytest.fixture
def listed(client):
    """Path -> path of each language's page, where samples are taken."""
    desk()
    return entries(client)


def entries(client):
    answer = client.get("/sitemap.xml")
    assert answer["Content-Type"] == "application/xml"
    found = ET.fromstring(answer.content)  # noqa: S314 - our own answer
    urls = found.findall("map:url", NAMES)
    return {path(url.find("map:loc", NAMES).text): languages(url) for url in urls}


def path(address):
    assert address.startswith(f"{HOST}/"), address
    return urlsplit(address).path


def languages(url):
    return {one.get("hreflang"): path(one.get("href")) for one in url.findall("page:link", NAMES)}


def test_the_sitemap_has_every_page_for_everybody_and_each_action_unit(listed):
    pages = {reverse(name) for name in PAGES}
    units = {f"/action-units/{number}/" for number in AU_NUMBERS}
    translated = {f"/{code}{reverse(name)}" for name in TRANSLATED for code in ("de", "es")}

    assert listed.keys() == pages | units | translated
    assert len(units) == 44


def test_pages_in_several_languages_name_each_other_both_ways(listed):
    for found in (others for others in listed.values() if others):
        assert found.keys() == LANGUAGES
        assert found["x-default"] == found["en"]
        assert all(listed[other] == found for other in found.values())
    assert {entry for entry, others in listed.items() if others} == {
        f"{prefix}{reverse(name)}" for name in TRANSLATED for prefix in ("", "/de", "/es")
    }


def test_every_address_of_the_sitemap_answers_with_the_page_that_calls_itself_so(listed, client):
    units = [f"/action-units/{number}/" for number in AU_NUMBERS[1:]]
    for address in listed.keys() - set(units):
        answer = client.get(address)
        assert answer.status_code == 200, address
        text = text_of(answer)
        assert f'<link rel="canonical" href="{HOST}{address}">' in text
        named = {code: f'hreflang="{code}" href="{HOST}{other}"' for code, other in listed[address].items()}
        assert [code for code, link in named.items() if link not in text] == []


def test_a_page_in_another_language_says_which(client):
    assert '<html lang="de">' in text_of(client.get("/de/questions/"))
    assert '<html lang="en">' in text_of(client.get("/questions/"))
    assert client.get("/fr/questions/").status_code == 404


def test_where_no_samples_are_taken_the_form_is_not_listed(client):
    without = entries(client).keys()
    desk()

    assert entries(client).keys() - without == {"/sample/", "/de/sample/", "/es/sample/"}
    assert reverse("sample-example") in without


def test_what_is_nobodys_but_its_readers_is_closed_to_crawlers(client, listed):
    lines = client.get("/robots.txt").content.decode().splitlines()
    disallowed = {line.partition(": ")[2] for line in lines if line.startswith("Disallow")}

    assert lines[0] == "User-agent: *"
    names = (
        "account",
        "api",
        "desk",
        "invitations",
        "o",
        "organisations",
        "outbox",
        "parts",
        "platform",
        "sso",
    )
    assert disallowed == {f"/{name}/" for name in names}
    assert lines[-1] == f"Sitemap: {HOST}/sitemap.xml"
    assert not [entry for entry in listed if entry.startswith(closed())]


def test_every_page_of_an_account_an_organisation_or_a_secret_is_closed_or_says_noindex():
    """Those that say so themselves are not closed: see `CLOSED`. What they answer their own tests hold."""
    says = {"consent", "file", "left", "sample-visit"}
    told = {"invitation": ["x"], "file": ["x"], "left": ["x"], "consent": ["x"], "sample-visit": ["x"]}
    names = {"account_login", "sso-start", "sso-again", *told}

    found = {name for name in names if not reverse(name, args=told.get(name)).startswith(closed())}
    assert found == says
    assert reverse("projects", args=["harbour"]).startswith(closed())
