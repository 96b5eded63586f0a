import dataclasses

import pytest
from django.urls import reverse

from analysis.engine.findings import reliability
from reports.domain.model_page import ModelPage
from reports.domain.site import faq
from reports.domain.site.faq_texts import GROUPS, UNMEASURED
from tests.contracts.test_wording import banned
from tests.support.cards import example_card

pytestmark = pytest.mark.django_db


@pytest.fixture
def page():
    return ModelPage.of(example_card())


def answers(groups):
    return {one.key: one for group in groups for one in group.answers}


def test_every_answer_is_filled_in_and_leads_on(page):
    found = answers(faq.groups(page))

    assert 15 <= len(found) <= 25
    for one in found.values():
        assert one.question.endswith("?")
        assert "{" not in one.text
        assert "None" not in one.text
        assert all(link.url.startswith("/") and link.label for link in one.links)
        assert banned(f"{one.question} {one.text}") == []
    assert "38,400 frames of 320 rendered people" in found["accuracy"].text
    assert "4 stay at grade D" in found["accuracy"].text
    assert "between 0.52 and 0.63" in found["real-people"].text
    assert [link.url for link in found["truth"].links] == [f"{reverse('science')}#cues"]


def test_an_answer_does_not_promise_more_than_is_done(page):
    found = answers(faq.groups(page))

    for key, told in (
        ("withdrawal", "The record of what they agreed to stays for a time"),
        ("retention", "the person's neutral face stays with the results, as landmarks and numbers"),
        ("learning", "it never reads uploaded recordings"),
        ("where", "The free sample is the exception"),
        ("sample", "a document gets a written answer"),
        ("signals", "whose weights are our own choice, and all stated"),
    ):
        assert told in found[key].text
    assert not any("everything of them" in one.text for one in found.values())


def test_figures_are_those_of_the_installation(page, settings):
    settings.RETENTION_DAYS, settings.MAX_SECONDS, settings.MAX_UPLOAD_BYTES = (
        {"media": 77},
        5400,
        2_500_000_000,
    )
    found = answers(faq.groups(page))

    assert "recordings go after 77 days" in found["retention"].text
    assert "up to 1.5 hours, 2.5 GB" in found["files"].text


def test_what_was_not_measured_is_said_instead(page, monkeypatch):
    monkeypatch.setattr(reliability, "tested", lambda: None)
    measured = dataclasses.replace(page.measured, clips=())
    bare = dataclasses.replace(page, measured=measured, fairness=None)
    found = answers(faq.groups(bare))

    assert found["real-people"].paragraphs == (UNMEASURED["clips"],)
    assert found["everybody"].paragraphs == (UNMEASURED["twins"],)
    assert found["intervals"].paragraphs[-1] == UNMEASURED["interval_recordings"]


def test_machines_read_the_same_words(page):
    groups = faq.groups(page)
    told = faq.structured(groups)

    assert told["@type"] == "FAQPage"
    read = {one["name"]: one["acceptedAnswer"]["text"] for one in told["mainEntity"]}
    assert read == {one.question: one.text for one in answers(groups).values()}


def test_keys_are_one_question_s_alone():
    keys = [entry.key for _key, _title, entries in GROUPS for entry in entries]

    assert len(keys) == len(set(keys))
