import html
import json
import re

import pytest
from django.urls import reverse

from analysis.engine.action_units import ACTION_UNITS, AU_NUMBERS, MISCELLANEOUS, OTHER_MUSCLES
from analysis.engine.findings.patterns import PATTERNS
from reports import labels
from reports.domain.site import atlas
from tests.support.cards import WEAK
from tests.support.pages import text_of

pytestmark = pytest.mark.django_db


def read(response):
    return html.unescape(text_of(response))


def shown(response):
    """Numbers of the cards that are not hidden."""
    cards = re.findall(
        r'<li class="unit" data-words="[^"]*" data-number="(\d+)"( hidden)?>', text_of(response)
    )
    assert len(cards) == len(AU_NUMBERS)
    return [int(number) for number, hidden in cards if not hidden]


def structured(response):
    found = re.search(
        r'<script type="application/ld\+json">(.*?)</script>', response.content.decode(), re.DOTALL
    )
    return json.loads(found.group(1))


def test_all_units_are_listed_with_muscle_grade_and_picture(client):
    response = client.get(reverse("action-units"))
    text = read(response)

    assert sorted(shown(response)) == list(AU_NUMBERS)
    for unit in ACTION_UNITS:
        assert f"</span> {unit.name}</a>" in text
        assert unit.muscle in text
        assert f"atlas/au{unit.number}-e.webp" in text
    assert text.count("(synthetic)</span>") == len(AU_NUMBERS)
    assert "not of a real person" in text


def test_the_chart_links_every_unit_by_name_and_group(client):
    text = read(client.get(reverse("action-units")))
    links = re.findall(r'<a class="chip [^"]*" href="([^"]+)" aria-label="([^"]+)"', text)

    assert len(links) == 44
    assert dict(links) == {
        reverse(
            "action-unit", args=[unit.number]
        ): f"{unit.number} {unit.name}, {labels.words('group', unit.group)}"
        for unit in ACTION_UNITS
    }


@pytest.mark.parametrize(
    ("query", "numbers", "said"),
    [("AU12", [12], "1 Action Unit found."), ("1+2", [1, 2], "2 Action Units found.")],
)
def test_a_search_shows_what_it_finds(client, query, numbers, said):
    response = client.get(reverse("action-units"), {"q": query})

    assert shown(response) == numbers
    assert said in text_of(response)
    assert "data-empty hidden" in text_of(response)
    assert "data-chart hidden" in text_of(response)


def test_a_search_that_finds_nothing_says_what_to_do(client):
    response = client.get(reverse("action-units"), {"q": '"><script>51'})
    text = text_of(response)

    assert shown(response) == []
    assert "No Action Unit found." in text
    assert "data-empty hidden" not in text
    assert "Show all 44" in text
    assert "<script>51" not in text


def test_machines_read_the_set_of_terms(client):
    facts = structured(client.get(reverse("action-units")))

    assert facts["@type"] == "DefinedTermSet"
    assert len(facts["hasDefinedTerm"]) == 44
    assert facts["hasDefinedTerm"][0]["termCode"] == "AU1"


@pytest.mark.parametrize("unit", ACTION_UNITS, ids=lambda unit: unit.code)
def test_each_unit_has_its_page(client, unit):
    entry = atlas.shipped().entries[unit.number]
    response = client.get(reverse("action-unit", args=[unit.number]))
    text = read(response)

    assert f"<h1>AU{unit.number} {unit.name}</h1>" in text
    for told in (entry.change, unit.muscle, entry.geometry, *(one.tell for one in entry.confused)):
        assert told in text
    for picture in (entry.neutral, *entry.pictures.values(), entry.loop.static):
        assert picture in text
    assert "On rendered people (synthetic)" in text
    assert "On video of real people" in text
    assert ("the person's own" in text) == (entry.sides is not None)
    assert structured(response)["termCode"] == f"AU{unit.number}"
    assert structured(response)["description"] == entry.change


@pytest.mark.usefixtures("card")
@pytest.mark.parametrize("number", AU_NUMBERS)
def test_grade_d_says_why_and_no_other_does(client, number):
    text = read(client.get(reverse("action-unit", args=[number])))

    assert ("Grade D: too weak to rely on" in text) == (number in WEAK)
    assert ("feeds no signal and no combination" in text) == (number in WEAK)
    if number == 21:
        assert f"AU21 {labels.words('reason', 'neck_outside')}" in text


@pytest.mark.usefixtures("card")
def test_figures_are_the_cards(client):
    text = read(client.get(reverse("action-unit", args=[12])))

    for told in (
        "echodepth-au, version 7",
        "<dt>ICC(3,1)</dt><dd>0.81</dd>",
        "A (synthetic)",
        "r 0.72 on 2 clips",
        "<dt>single-face</dt><dd>r 0.60</dd>",
        "38,400 rendered frames of 320 made-up people",
        "python manage.py evaluate aus",
    ):
        assert told in text
    assert "None</b>: it was compared with no other system" in read(
        client.get(reverse("action-unit", args=[20]))
    )


def test_a_page_says_where_the_unit_is_used(client):
    text = read(client.get(reverse("action-unit", args=[12])))

    assert "Happily surprised" in text
    assert "raises it by up to 20" in text
    assert "lowers it by up to 22" in text
    assert "part of no combination and of no signal" in read(client.get(reverse("action-unit", args=[38])))


@pytest.mark.parametrize("number", AU_NUMBERS)
def test_a_page_says_whose_the_muscle_is(client, number):
    text = read(client.get(reverse("action-unit", args=[number])))

    assert ("FACS names no muscle for this unit; the one given is our reading." in text) == (
        number in MISCELLANEOUS
    )
    assert ("(sources differ on the muscle)" in text) == (number in OTHER_MUSCLES)
    assert ("its table is known to us second hand" in text) == (
        number not in MISCELLANEOUS and number not in OTHER_MUSCLES
    )
    assert OTHER_MUSCLES.get(number, "").lower() in text
    assert 'href="/static/atlas/NOTICE' in text


def test_each_combination_stands_with_its_source(client):
    text = read(client.get(reverse("action-unit", args=[12])))

    assert "The tables are known to us second hand" in text
    for pattern in PATTERNS:
        if 12 in (*pattern.aus, *pattern.usual, *pattern.against):
            assert f'<span class="use__source">{pattern.source}</span>' in text


def test_units_lead_to_their_neighbours(client):
    text = read(client.get(reverse("action-unit", args=[39])))

    assert f'rel="prev" href="{reverse("action-unit", args=[38])}"' in text
    assert f'rel="next" href="{reverse("action-unit", args=[41])}"' in text
    assert 'rel="prev"' not in read(client.get(reverse("action-unit", args=[1])))


@pytest.mark.parametrize("number", [0, 3, 40, 47, 51])
def test_there_is_no_page_of_what_is_no_action_unit(client, number):
    response = client.get(reverse("action-unit", args=[number]))

    assert response.status_code == 404
    assert "<h1>AU" not in text_of(response)


def test_a_number_with_zeros_before_it_leads_to_the_pages_one_address(client):
    response = client.get("/action-units/012/")

    assert (response.status_code, response["Location"]) == (301, "/action-units/12/")
    assert client.get("/action-units/003/").status_code == 404
