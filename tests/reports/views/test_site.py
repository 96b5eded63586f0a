import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from reports.domain.site import atlas, specimen
from reports.domain.site.how import STEPS
from tests.support.pages import text_of
from tests.support.samples import desk

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("card")
def test_the_home_page_answers_with_the_figures_of_the_model_that_runs(client):
    desk()
    text = text_of(client.get(reverse("home")))

    for told in (
        '<span class="asked__number">33,597</span>',
        "frames coded in FACS, all of them synthetic",
        '<span class="asked__number">38<small> / 44</small></span>',
        "Measured on 320 rendered people that no training has seen. 4 units are graded D and feed no signal.",
        "Against OpenFace, on video of real people: mean r 0.52 to 0.63.",
        "None of the 14 cohorts has evidence yet, and none changes a value until it has.",
        "A signed report within 5 working days of your recording's arrival. No account needed.",
    ):
        assert told in text


def test_the_first_thing_seen_is_a_frame_with_its_readings_and_their_truth(client):
    text = text_of(client.get(reverse("home")))
    moment = specimen.shipped().moments[0]

    assert f"specimen/{Path(moment.picture).stem}" in text
    assert f"Frame {moment.frame} of {specimen.shipped().frames}" in text
    assert [unit.au for unit in moment.units if f"posed {unit.posed:.1f}" not in text] == []
    assert "One frame alone is uncertain, and its bands say so" in text


def test_the_home_page_says_what_is_refused_and_claims_none_of_it(client):
    text = text_of(client.get(reverse("home")))

    assert "it does not say whether someone lied, told the truth or felt something" in text
    for use in ("Choosing applicants", "Monitoring or assessing workers", "Assessing pupils or students"):
        assert f"<dt>{use}</dt>" in text
    assert "<dt>A sales conversation</dt>" not in text


def test_machines_find_the_company_and_the_product_on_the_home_page(client):
    text = text_of(client.get(reverse("home")))

    assert '"@type": "Organization"' in text
    assert '"@type": "SoftwareApplication"' in text


@pytest.mark.parametrize("part", ["specimen", "atlas"])
def test_without_a_part_of_the_home_page_the_door_leads_to_sign_in(
    client, monkeypatch, tmp_path, part, caplog
):
    atlas.shipped.cache_clear()
    monkeypatch.setattr({"specimen": specimen, "atlas": atlas}[part], "FOLDER", tmp_path)
    response = client.get(reverse("home"))

    assert (response.status_code, response["Location"]) == (302, reverse("account_login"))
    assert f"{part}_missing" in caplog.text


def test_a_sample_is_offered_where_a_desk_takes_it(client):
    desk()
    pages = {name: text_of(client.get(reverse(name))) for name in ("home", "how-it-works", "cohorts")}

    for name, offers in (("home", 3), ("how-it-works", 2), ("cohorts", 1)):
        assert pages[name].count('href="/sample/">Free sample analysis</a>') == offers
    assert "A signed report within 5 working days" in pages["home"]
    assert '<a class="button" href="/sample/report/">Look at a sample report</a>' in pages["how-it-works"]


def test_where_no_desk_is_a_report_to_look_at_is_offered_and_no_sample(client):
    pages = {name: text_of(client.get(reverse(name))) for name in ("home", "how-it-works", "cohorts")}

    for text in pages.values():
        assert 'href="/sample/"' not in text
    for text in (pages["home"], pages["how-it-works"]):
        assert '<a class="button button--primary" href="/sample/report/">Look at a sample report</a>' in text
    assert "A signed report within" not in pages["home"]
    assert "Send a recording" not in pages["home"]


def test_who_is_signed_in_is_led_to_their_own_work(owner_client):
    response = owner_client.get(reverse("home"))

    assert response.status_code == 302
    assert response["Location"].startswith("/o/harbour/")


def test_the_steps_in_words_are_those_of_the_drawing(client):
    text = text_of(client.get(reverse("how-it-works")))
    steps = re.findall(r'<li class="how__step" id="([a-z-]+)"> <h2>(.*?)</h2>', text)

    assert steps == [(step.key, step.name) for step in STEPS]
    assert f"{len(STEPS)} steps. Two are done by people" in text


@pytest.mark.usefixtures("card")
def test_the_way_is_told_with_the_figures_of_this_installation(client, settings):
    settings.RETENTION_DAYS = {"media": 90}
    text = text_of(client.get(reverse("how-it-works")))

    for told in (
        "the recording itself, 90 days where nobody chose otherwise",
        "none is written to disk",
        "turned by more than 45 degrees to a side, or narrower than 48 pixels",
        "trained on synthetic video alone",
        "38 units reach grade A or B (synthetic), 2 grade C; 4 are graded D",
        "its landmarks and its code stay in the result",
        "No program can sign.",
    ):
        assert told in text


def test_speeds_are_those_of_the_benchmarks_page(client):
    text = text_of(client.get(reverse("how-it-works")))
    page = (Path(settings.BASE_DIR) / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    small = page.split("## 1280 x 720")[0]

    speed, memory, longer, reported = re.findall(r"<dd>([\d.]+)</dd>", text)
    assert f"| without report | 800 | {speed} |" in small
    assert re.search(rf"\| without report \| 800 \|.*\| {memory} \|", small)
    assert re.search(rf"\| without report, 10 times the length \|.*\| {longer} \|", small)
    assert re.search(rf"\| with report, 10 times the length \|.*\| {reported} \|", small)
    assert "python manage.py benchmark portrait-480p.mp4" in text
    assert "python manage.py benchmark portrait-480p.mp4" in small
