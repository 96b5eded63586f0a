"""The public site's frame, as pages have it: navigation, languages, and what machines read."""

import json
import re

import pytest
from django.template import Context, Template
from django.urls import reverse

from accounts.domain.invitations import absolute
from reports.domain.site import specimen
from reports.templatetags.site import structured_data
from tests.support.pages import text_of

pytestmark = pytest.mark.django_db
HOST = absolute("/").removesuffix("/")


def meta(text, name):
    """What a page says of itself under that name."""
    return re.findall(rf'<meta (?:property|name)="{re.escape(name)}" content="([^"]*)">', text)


def page(client, path):
    return text_of(client.get(path))


def test_the_navigation_marks_the_page_one_is_on_and_no_other(client):
    text = page(client, "/cohorts/")

    marked = re.findall(r'<a [^>]*href="([^"]+)"[^>]*aria-current="page"', text)
    assert marked == ["/cohorts/"]
    for name in ("science", "action-units", "how-it-works", "data-protection", "questions"):
        assert f'href="{reverse(name)}"' in text


def test_a_page_below_another_marks_that_one(client):
    text = page(client, "/action-units/12/")

    assert 'href="/action-units/"' in re.search(r'<a [^>]*aria-current="page"[^>]*>', text).group()


def test_a_page_in_english_alone_has_no_other_languages(client):
    text = page(client, "/cohorts/")
    assert "hreflang" not in text
    assert "Other pages are in English." not in text


def test_the_canonical_address_is_without_a_query(client):
    text = page(client, "/sample/report/?page=3&utm=x")

    assert f'<link rel="canonical" href="{HOST}/sample/report/">' in text
    assert meta(text, "og:url") == [f"{HOST}/sample/report/"]


def test_a_shared_link_says_title_and_sentence_of_its_own_page(client):
    text = page(client, "/sample/report/")

    (title,) = re.findall("<title>(.*?)</title>", text)
    assert title == "A sample report · EchoDepth"
    assert meta(text, "og:title") == ["A sample report"]
    assert meta(text, "og:description") == meta(text, "description")
    assert meta(text, "description")[0].startswith("Leaf through a whole EchoDepth report")


def test_a_shared_link_has_the_card_with_its_size(client):
    text = page(client, "/cohorts/")

    (address,) = meta(text, "og:image")
    assert re.fullmatch(rf"{HOST}/static/{specimen.FOLDER.name}/card(\.\w+)?\.png", address)
    assert meta(text, "twitter:image") == [address]
    size = (meta(text, "og:image:width"), meta(text, "og:image:height"))
    assert size == tuple([str(pixels)] for pixels in specimen.CARD_SIZE)
    assert meta(text, "og:image:alt")[0]


def test_what_a_block_says_may_stand_in_several_places_and_stays_escaped():
    template = Template("{% load site %}{% kept as it %} {{ word }}\n{% endkept %}[{{ it }}][{{ it }}]")

    assert template.render(Context({"word": "<b>"})) == "[&lt;b&gt;][&lt;b&gt;]"


def test_structured_data_is_read_by_machines_and_ends_no_element():
    written = structured_data({"@type": "Thing", "name": "</script><b>&"})

    inside = re.fullmatch('<script type="application/ld\\+json">(.*)</script>', written).group(1)
    assert not set("<>&") & set(inside)
    assert json.loads(inside) == {
        "@context": "https://schema.org",
        "@type": "Thing",
        "name": "</script><b>&",
    }
