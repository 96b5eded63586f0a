"""The sales desk's pages in a browser: accessible, in every width, and used."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.enums import PlatformRole
from reports.enums import SampleState
from tests.browser.test_shell import look
from tests.factories import ProjectFactory, SampleRequestFactory
from tests.support.sample_work import analysed, received, signed
from tests.support.samples import desk
from tests.support.staff import at_work, platform_person
from tests.support.tenants import fresh

pytestmark = pytest.mark.django_db(transaction=True)

LONG = "The Department of Behavioural Science and Human Communication of the Northern Provinces"


@pytest.fixture
def organisation(db):
    return desk()


@pytest.fixture
def seller(page, live_server, settings, organisation):
    """Somebody at the desk, signed in with a second factor a moment ago."""
    user = platform_person(PlatformRole.SALES, full_name="Sal Seller", email="sal@platform.example")
    name = settings.SESSION_COOKIE_NAME
    session = at_work(user).cookies[name].value
    page.context.add_cookies([{"name": name, "value": session, "url": live_server.url}])
    return user


@pytest.fixture
def requests(organisation, seller):
    """One of each kind that the queue tells apart."""
    now = timezone.now()
    today = timezone.localdate()
    late = received(organisation, due_on=today - timedelta(days=5), company=LONG, tags=["retail", "big"])
    analysed(late, media_facts={"seconds": 61.0}, summary={"scored_seconds": 21.0, "tracks": 2})
    ready = received(organisation, due_on=today, owner=seller, company="Ready Ltd", note="Kind regards.")
    signed(ready)
    project = ProjectFactory(organisation=organisation)
    facts = {"question": "Who is on the left?", "paused_at": now, "received_at": now, "due_on": today}
    asked = SampleRequestFactory(project=project, state=SampleState.ASKED, **facts)
    SampleRequestFactory(project=ProjectFactory(organisation=organisation), email="someone@gmail.com")
    SampleRequestFactory(
        project=ProjectFactory(organisation=organisation),
        state=SampleState.DELIVERED,
        delivered_at=now,
        due_on=today,
    )
    return {"late": late, "ready": ready, "asked": asked}


def test_its_pages_are_accessible_and_fit(page, requests):
    addresses = ["/desk/", "/desk/?text=nobody", "/desk/new/", "/desk/figures/"]
    addresses += [f"/desk/{one.pk}/" for one in requests.values()]

    wrong = {address: look(page, address) for address in addresses}

    assert {address: found for address, found in wrong.items() if found} == {}


def test_a_request_is_found_taken_and_declined(page, requests, seller):
    late = requests["late"]
    page.goto("/desk/")
    expect(page.locator("tbody tr").first).to_contain_text("late")
    page.get_by_role("link", name="overdue").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("link", name=late.reference).click()
    page.get_by_label("Owner").select_option("Sal Seller")
    page.get_by_role("button", name="Change the owner").click()
    expect(page.get_by_text("The owner was changed.")).to_be_visible()
    page.get_by_role("heading", name="Decline the request").click()
    page.get_by_label("Reason").fill("Too little of the face can be seen.")
    page.get_by_role("button", name="Decline and tell the prospect").click()

    expect(page.get_by_text("The request was declined")).to_be_visible()
    assert (fresh(late).state, fresh(late).owner_id) == (SampleState.DECLINED, seller.pk)
