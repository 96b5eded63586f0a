"""A request that staff enter for a prospect."""

import pytest
from django.core import mail
from django.urls import reverse

from accounts.enums import PlatformRole
from reports.domain.samples import links
from reports.enums import SampleState
from reports.models import SampleRequest
from tests.support.pages import text_of
from tests.support.samples import TOLD, desk
from tests.support.staff import at_work, platform_person
from tests.support.tenants import every

FIELDS = {**TOLD, "agreed": "on", "responsible": "on"}


@pytest.fixture
def sales(db):
    desk()
    return platform_person(PlatformRole.SALES, full_name="Sal Seller")


@pytest.fixture
def client(sales):
    return at_work(sales)


def test_it_is_open_at_once_and_the_link_is_shown(client, sales):
    text = text_of(client.post(reverse("desk-new"), FIELDS))

    (made,) = every(SampleRequest)
    assert (made.state, made.entered_by_id, made.company) == (SampleState.OPEN, sales.pk, "Prospect Works")
    assert made.reference in text
    assert links.find(text.split("/sample/")[1].split("/")[0]).pk == made.pk
    assert mail.outbox == []


def test_the_form_speaks_of_the_prospect(client):
    text = text_of(client.get(reverse("desk-new")))

    assert "Where does the prospect work?" in text
    assert "Where do you work?" not in text
    assert "<legend>You</legend>" not in text


def test_a_refused_use_is_told_with_its_reason_and_nothing_is_kept(client):
    answer = client.post(reverse("desk-new"), {**FIELDS, "people": ["applicants"]})

    assert answer.status_code == 400
    assert "Why this use is refused" in text_of(answer)
    assert every(SampleRequest) == []


def test_without_the_prospects_word_that_all_agreed_nothing_is_kept(client):
    text = text_of(client.post(reverse("desk-new"), {**FIELDS, "agreed": ""}))

    assert "Please correct this" in text
    assert every(SampleRequest) == []
