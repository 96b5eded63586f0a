"""The desk's queue, its export and its figures, as staff see them."""

import csv
import html
import re
from datetime import timedelta
from io import StringIO

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import PlatformRole
from reports.domain.samples import stages
from reports.enums import SampleState
from tests.factories import ProjectFactory, SampleRequestFactory
from tests.support.pages import text_of
from tests.support.queries import cost_of
from tests.support.samples import desk
from tests.support.staff import at_work, platform_person
from tests.support.tenants import save

DAY = timedelta(days=1)


@pytest.fixture
def organisation(db):
    return desk()


@pytest.fixture
def sales(organisation):
    return platform_person(PlatformRole.SALES, full_name="Sal Seller", email="sal@platform.example")


@pytest.fixture
def client(sales):
    return at_work(sales)


def requested(organisation, **fields):
    return SampleRequestFactory(project=ProjectFactory(organisation=organisation), **fields)


def received(organisation, days, **fields):
    """Due in so many days of the calendar."""
    facts = {"received_at": timezone.now(), "due_on": timezone.localdate() + DAY * days} | fields
    return requested(organisation, state=SampleState.RECEIVED, **facts)


def shown(client, **query):
    answer = client.get(reverse("desk"), query)
    assert answer.status_code == 200
    return html.unescape(text_of(answer))


def test_an_empty_queue_says_so(client):
    assert "Nothing is to be done" in shown(client)


def test_the_next_due_stands_on_top_and_lateness_is_said_in_words(client, organisation):
    later = received(organisation, 20, company="Later Ltd")
    late = received(organisation, -10, company="Late Ltd")
    waiting = requested(organisation, company="No file Ltd")

    text = shown(client)

    places = [text.index(one.reference) for one in (late, later, waiting)]
    assert places == sorted(places)
    row = text[places[0] - 900 : places[0]]
    assert "working days late" in row
    assert 'class="desk-queue__late"' in row
    assert text.count("working days late") == 1
    assert "Waiting for the file" in text


def test_what_is_over_is_found_by_its_state_alone(client, organisation):
    over = requested(organisation, state=SampleState.DECLINED, company="Over Ltd")

    assert over.reference not in shown(client)
    assert over.reference in shown(client, state="declined")
    assert over.reference in shown(client, state="all")


def test_what_is_due_today_is_behind_its_number(client, organisation):
    today = received(organisation, 0, due_on=stages.today(organisation))
    others = [received(organisation, -3), received(organisation, 3)]
    others.append(received(organisation, 0, due_on=stages.today(organisation), owner=None))
    save(others[-1], state=SampleState.ASKED)

    answer = client.get(reverse("desk"))
    link = re.search(
        r'href="([^"]*)"><span class="desk-count__value">1</span> <span>due today', text_of(answer)
    )
    text = text_of(client.get(reverse("desk") + link[1]))

    assert today.reference in text
    assert [one for one in others if one.reference in text] == []


def test_filters_by_owner_tag_text_and_lateness(client, organisation, sales):
    mine = received(organisation, 3, owner=sales, tags=["größe"], company="Mine Ltd")
    theirs = received(organisation, -3, company="Theirs Ltd", email="who@theirs.example")

    def found(**query):
        text = shown(client, **query)
        return [one for one in (mine, theirs) if one.reference in text]

    assert found() == [mine, theirs]
    assert found(owner="me") == [mine]
    assert found(owner="none") == [theirs]
    assert found(owner=sales.pk) == [mine]
    assert found(tag="größe") == [mine]
    assert found(overdue="on") == [theirs]
    assert found(text="THEIRS.example") == [theirs]
    assert found(text="nobody knows") == []
    assert found(owner="x' OR 1=1", state="nonsense", tag="no such tag") == [mine, theirs]


def test_numbers_above_the_queue(client, organisation, sales):
    received(organisation, -3, owner=sales)
    received(organisation, 0)
    requested(organisation, state=SampleState.ASKED, due_on=timezone.localdate(), paused_at=timezone.now())

    text = shown(client)

    counts = [part.split("<")[0] for part in text.split('<span class="desk-count__value">')[1:]]
    assert counts == ["1", "1", "0", "0", "1", "2"]


def test_as_many_queries_for_fifty_requests_as_for_one(client, organisation):
    received(organisation, 1, company="Same Ltd")
    shown(client)
    few = cost_of(lambda: shown(client))
    for number in range(12):
        received(organisation, number, company="Same Ltd", tags=[f"tag {number}"])

    assert cost_of(lambda: shown(client)) == few


def test_the_export_holds_what_the_filters_find_and_no_formula(client, organisation):
    received(organisation, -3, name="=HYPERLINK(1)", company="Evil Ltd", tags=["a", "b"])
    received(organisation, 3, company="Other Ltd")

    answer = client.get(reverse("desk-export"), {"text": "evil"})

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="samples-' in answer["Content-Disposition"]
    (row,) = csv.DictReader(StringIO(answer.content.decode()))
    assert (row["company"], row["name"], row["tags"], row["overdue"]) == (
        "Evil Ltd",
        "'=HYPERLINK(1)",
        "a, b",
        "yes",
    )


def test_figures_without_and_with_requests(client, organisation):
    assert "No figures yet" in text_of(client.get(reverse("desk-figures")))

    requested(organisation, company="Nobody's business")
    text = text_of(client.get(reverse("desk-figures")))

    assert "0 of 1 requests" in text
    assert "<svg" in text
    assert "Nobody's business" not in html.unescape(text)


@pytest.mark.parametrize("name", ["desk", "desk-export", "desk-figures", "desk-new"])
def test_nobody_but_the_desk_finds_it(organisation, name):
    secret = requested(organisation, company="Secret Ltd")
    support = at_work(platform_person(PlatformRole.SUPPORT))

    answer = support.get(reverse(name))

    assert answer.status_code == 404
    assert secret.reference not in answer.content.decode()
