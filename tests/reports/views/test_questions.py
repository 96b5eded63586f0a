import dataclasses

import pytest
from django.urls import reverse

from analysis.engine.findings import reliability
from analysis.engine.findings.cohorts import shipped
from reports.domain.fairness import Fairness
from reports.domain.model_page import ModelPage
from reports.views import model
from tests.reports.domain.test_fairness import BARS, FAIRNESS
from tests.reports.domain.test_questions import TESTED
from tests.support.cards import example_card
from tests.support.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def tested(card, monkeypatch):
    monkeypatch.setattr(reliability, "tested", lambda: TESTED)


@pytest.mark.usefixtures("tested")
def test_everybody_reads_the_five_answers_with_the_products_figures(client):
    text = text_of(client.get(reverse("questions")))

    for told in (
        "Five questions to ask of a facial analysis",
        "On synthetic video alone: FACS-coded faces",
        "are licensed for research; none was licensed for this product",
        "agreement with human FACS coders has not been measured",
        f"The list that is shipped (version {shipped().version}) has 14 cohorts in 6 countries",
        "none is ever inferred from a face",
        "38,400 frames of 320 rendered people",
        "between 0.66 (Light: from in front) and 0.71 (Cover: nothing before the face)",
        "mean r 0.52 to 0.63 on 2 clips",
        "300 rendered recordings of 290 people",
        "Means of Action Units lay inside in 94.8 %, in no single one under 89.1 %",
        '<td class="number">0.31</td><td class="number">0.62</td>',
        "“None of these” is a full answer",
        "the same input gives the same numbers, with the same version on the same machine",
        "named by SHA-256",
    ):
        assert told in text


@pytest.mark.usefixtures("tested")
def test_what_twins_show_is_told_with_what_does_not_hold(client, monkeypatch):
    fairness = Fairness.of({"fairness": FAIRNESS, "bars": BARS})
    page = dataclasses.replace(ModelPage.of(example_card()), fairness=fairness)
    monkeypatch.setattr(model, "shipped", lambda: page)

    for name in ("questions", "model"):
        text = text_of(client.get(reverse(name)))
        assert "the group that is measured worst (Skin tone, Monk scale: 10) is 1.21 times" in text
        assert "times that of all (95 % interval 1.11 to 1.31), and" in text
        assert "at most 3.4 points apart" in text
        assert "twins, skin: AU error, at most 1.15: 1.21 (monk 10)" in text
    assert '1.21 <span class="muted">(1.11 to 1.31)</span>' in text


@pytest.mark.usefixtures("tested")
def test_while_the_intervals_are_untested_the_page_says_so(client, monkeypatch):
    monkeypatch.setattr(reliability, "tested", lambda: None)
    text = text_of(client.get(reverse("questions")))

    assert "they were not tested for the version that made these numbers" in text
    assert "Do the intervals hold?" not in text


def test_the_page_is_linked_from_every_foot(client):
    assert f'href="{reverse("questions")}"' in text_of(client.get(reverse("model")))


def test_the_shipped_figures_have_a_page(client):
    assert client.get(reverse("questions")).status_code == 200
