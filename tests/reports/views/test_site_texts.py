import json
import re

import pytest
from django.core.management import get_commands
from django.urls import reverse
from django.utils.html import escape

from accounts.domain.lawful.choices import PURPOSES
from echodepth.env import BASE_DIR
from reports.domain.site.faq_texts import GROUPS
from reports.domain.site.sources import WORKS
from tests.contracts.test_wording import banned
from tests.support.pages import text_of
from tests.support.samples import desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("card")]
PAGES = ("science", "data-protection", "faq", "cohorts")
HEAVIEST = 150_000


def page(client, name):
    return text_of(client.get(reverse(name)))


def without_marks(html):
    return re.sub(r"<[^>]+>", "", re.sub(r"\u2060?<sup.*?</sup>", "", html))


def without_titles(text):
    """Titles and addresses of works are other people's words."""
    for work in WORKS.values():
        for theirs in filter(None, (work.title, work.address, work.address_read)):
            text = text.replace(escape(theirs), "")
    return text


@pytest.mark.parametrize("name", PAGES)
def test_no_page_claims_more_than_a_display_and_each_is_light(client, name):
    html = page(client, name)

    assert banned(without_titles(without_marks(html))) == []
    assert len(html.encode()) < HEAVIEST
    assert 'name="description"' in html


@pytest.mark.parametrize("name", PAGES)
def test_every_place_that_a_page_leads_to_is_on_it_once(client, name):
    html = page(client, name)
    ids = re.findall(r'\bid="([^"]+)"', html)

    assert set(re.findall(r'href="#([^"]+)"', html)) - set(ids) == set()
    assert len(ids) == len(set(ids))


def test_the_science_page_names_a_source_for_what_it_says(client):
    html = page(client, "science")
    text = without_marks(html)

    for told in (
        "Thirty belong to the contraction of certain muscles",
        "some 50 to 100 hours",
        "must reach 0.70",
        "mean ICC 0.89",
        "showed it about as often",
        "751 smiles of 136 people",
        "740,984 people of 12 countries",
        "1,338 estimates of 158 cues",
        "right in 54 of 100 cases",
        "Our reading: no cue in a face that was reviewed there",
        "the difference was in ambiguous faces, and went as smiles widened",
        "no score from under 5 seconds",
        "under 0.5 seconds in at least 3 frames, from 25 frames a second on",
        "readings of our own are marked as such",
        "on 38,400 frames of 320 rendered people",
        "Agreement with human coders has not been measured",
        "What faces do not tell",
    ):
        assert told in text
    assert '<li id="ref-barrett2019">' in html
    assert "doi.org/10.1177/1529100619832930" in html
    assert 'href="https://doi.org/10.2139/ssrn.3281765"' in html
    assert 'at <a href="https://www.rawstory.com/' in html
    assert 'href=""' not in html


def test_contested_statements_and_every_line_of_research_carry_a_mark(client):
    html = page(client, "science")
    contested = html[html.index('id="contested"') : html.index('id="limits"')]
    rows = re.findall(r'<th scope="row" class="table__sentence">(.*?)</th>', html)

    assert all('class="cite"' in part for part in contested.split("<h3")[1:])
    assert len(rows) > 10
    assert all('class="cite"' in row for row in rows)


def test_numbers_of_references_are_those_of_the_marks(client):
    html = page(client, "science")
    listed = re.findall(r'<li id="(ref-[^"]+)"', html)
    marks = re.findall(r'href="#(ref-[^"]+)" aria-label="Reference (\d+)"', html)

    assert len(listed) > 20
    assert {target: int(number) for target, number in marks} == {
        target: number for number, target in enumerate(listed, 1)
    }


def test_the_officer_reads_refused_purposes_days_and_what_is_not_certified(client, settings):
    settings.RETENTION_DAYS, settings.BACKUP_DAYS = {"media": 91}, 13
    html = page(client, "data-protection")

    for purpose in PURPOSES.values():
        assert (f"{escape(purpose.label)}<br>" in html) == (not purpose.roles)
    for told in (
        "91 days after the upload",
        "backups may still hold it (13 days)",
        "No ISO 27001, SOC 2 or other certificate is held or claimed",
        "Sub-processors: the product needs none.",
        "2 December 2027",
        "This is no legal advice",
        "unless a legal hold stands; backups may hold it 13 days more",
        "No real person is analysed before a notice to them is on record.",
        "a face is compared with itself in the frame before",
        "it is used to measure and never to identify",
        "The free sample is the exception",
        f'href="{reverse("certificates")}"',
        f'href="{reverse("particulars")}"',
    ):
        assert told in html


def test_what_is_named_to_check_a_statement_exists(client):
    named = set(
        re.findall(r"<code[^>]*>([^<]+)</code>", page(client, "data-protection").replace("<wbr>", ""))
    )
    commands = {name.removeprefix("manage.py ") for name in named if name.startswith("manage.py ")}
    files = {name for name in named if not name.startswith("manage.py ")}

    assert len(files) > 25
    assert [name for name in sorted(files) if not (BASE_DIR / name).is_file()] == []
    assert commands
    assert commands - get_commands().keys() == set()


def test_no_free_sample_is_answered_for_where_no_desk_takes_it(client):
    assert "Can we try it first?" not in page(client, "faq")
    desk()
    assert page(client, "faq").count("<h3>Can we try it first?</h3>") == 1


def test_questions_stand_on_the_page_and_in_the_data_with_the_same_words(client):
    desk()
    html = page(client, "faq")
    data = re.search(r'<script type="application/ld\+json">(.*?)</script>', html)
    told = json.loads(data[1])

    assert told["@type"] == "FAQPage"
    assert [one["name"] for one in told["mainEntity"]] == [
        entry.question for _key, _title, entries in GROUPS for entry in entries
    ]
    for one in told["mainEntity"]:
        assert f"<h3>{escape(one['name'])}</h3>" in html
        sentence = one["acceptedAnswer"]["text"].split(". ")[0]
        assert escape(sentence) in html
    assert "38,400 frames of 320 rendered people" in html


def test_answers_fold_without_script(client):
    desk()
    html = page(client, "faq")

    assert html.count("<details id=") == sum(len(entries) for _key, _title, entries in GROUPS)
    assert html.count(" open>") == len(GROUPS)
