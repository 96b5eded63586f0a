import pytest
from django.urls import reverse

from analysis.engine.errors import ModelsMissingError
from reports.views import model
from tests.support.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.mark.usefixtures("card")
def test_everybody_reads_what_the_card_says(client):
    text = text_of(client.get(reverse("model")))

    for told in (
        "echodepth-au, version 7, measured on 2026-01-31",
        "38,400 frames of 320 rendered people",
        "38 of the 44 Action Units reach grade A or B (synthetic)",
        "2,816 made-up people",
        "A (synthetic)",
        "r 0.72 on 2 clips",
        "happens on the neck",
        '<th scope="row">1 to 3</th><td class="number">1,100</td>',
        "woman-sad-to-smile",
        "agreement with human FACS coders has not been measured",
        "14 cohorts in 6 countries",
    ):
        assert told in text
    assert text.count("D (synthetic)</td>") == 4
    assert text.count("missed</span>") == 1


def test_the_shipped_card_has_a_page(client):
    assert client.get(reverse("model")).status_code == 200


def test_without_a_model_it_is_said_in_words(client, monkeypatch):
    def missing():
        raise ModelsMissingError(folder="nowhere")

    monkeypatch.setattr(model, "shipped", missing)
    response = client.get(reverse("model"))

    assert response.status_code == 404
    assert "Action Unit model of this installation is not there" in text_of(response)
