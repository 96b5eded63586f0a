import pytest
from django.urls import reverse

from analysis.engine.findings.cohorts import GROUPS, shipped
from tests.support.pages import text_of

pytestmark = pytest.mark.django_db


def test_everybody_reads_the_cohorts_with_their_evidence(client):
    text = text_of(client.get(reverse("cohorts")))

    for told in (
        f"14 cohorts in 6 countries, the list that is shipped, version {shipped().version}",
        "Canada, French",
        "Germany, Turkish",
        "never inferred from a face",
        "not how much somebody shows",
        "between home and a test facility",
        "no evidence",
        "1 for every group",
        "McDuff, Girard &amp; el Kaliouby 2017",
        "several taken together",
    ):
        assert told in text
    assert f'href="{reverse("cohorts")}"' in text


def test_the_page_says_how_a_factor_works_and_how_many_are_measured(client):
    text = text_of(client.get(reverse("cohorts")))

    for told in (
        "calibrated intensity = the smaller of 5 and intensity",
        "from 0.61 to 1.63",
        'Measured on recordings</dt><dd class="stat__value">0 <span',
        'Without evidence</dt><dd class="stat__value">14 <span',
        "No cohort of this list has been measured",
        "at least 20 people",
    ):
        assert told in text
    for units in GROUPS.values():
        assert all(f'href="{reverse("action-unit", args=(au,))}"' in text for au in units)
