"""The platform's pages and the bar of a staff session in a browser."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.enums import OrganisationState, PlatformRole, Role
from analysis.enums import RunState
from analysis.models import WorkerBeat
from tests.browser.test_shell import look, violations
from tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    RecordingFactory,
    RunFactory,
    StaffSessionFactory,
)
from tests.support.staff import at_work, platform_person
from tests.support.tenants import save

pytestmark = pytest.mark.django_db(transaction=True)

REASON = "They asked in ticket 4711 why the analysis of one recording failed."


@pytest.fixture
def staff_member(page, live_server, settings):
    """A person of the platform, signed in with a second factor a moment ago."""

    def enter(role=PlatformRole.ADMIN):
        name = settings.SESSION_COOKIE_NAME
        session = at_work(platform_person(role)).cookies[name].value
        page.context.add_cookies([{"name": name, "value": session, "url": live_server.url}])
        page.goto("/platform/")

    return enter


@pytest.fixture
def places(organisation):
    """Some organisations, one of them with a long name."""
    OrganisationFactory(
        name="The Department of Behavioural Science and Human Communication of the Northern Provinces",
        state=OrganisationState.SUSPENDED,
    )
    OrganisationFactory(name="Sea Office", state=OrganisationState.CLOSED)
    for size in (3, 5):
        RecordingFactory(project__organisation=organisation, size=size * 2**28)
    return save(organisation, quota_members=10, quota_bytes=2**32)


def test_the_platforms_pages_are_accessible_and_fit(page, staff_member, places):
    staff_member()
    here = f"/platform/organisations/{places.pk}/"
    addresses = [
        "/platform/",
        "/platform/?search=nowhere",
        "/platform/organisations/new/",
        *(here + what for what in ("", "owner/", "quotas/", "suspend/", "close/", "session/")),
    ]

    wrong = {address: look(page, address) for address in addresses}

    assert {address: found for address, found in wrong.items() if found} == {}


def test_a_session_is_opened_shown_and_ended(page, staff_member, places):
    RunFactory(recording__project__organisation=places, recording__title="First talk")
    staff_member(PlatformRole.SUPPORT)
    page.get_by_role("link", name="Open a session Harbour Institute").click()
    page.get_by_role("button", name="Open the session").click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_label("Reason").fill(REASON)
    page.get_by_label("Duration").select_option("30 minutes")
    page.get_by_role("button", name="Open the session").click()

    bar = page.get_by_role("complementary", name="Staff session")
    expect(bar).to_contain_text(REASON)
    expect(page.get_by_text("First talk")).to_be_visible()
    assert look(page, "/o/harbour/projects/") == []

    page.goto("/o/harbour/")
    bar.get_by_role("button", name="End session").click()
    expect(page.get_by_text("The staff session has ended.")).to_be_visible()
    page.goto("/o/harbour/")
    expect(page.get_by_role("heading", name="There is no such page")).to_be_visible()


def test_the_organisation_sees_sessions_and_ends_one(page, signed_in, organisation):
    owner = MembershipFactory(organisation=organisation, role=Role.OWNER).user
    session = StaffSessionFactory(organisation=organisation, reason=REASON, user__full_name="Ada Lind")
    save(StaffSessionFactory(organisation=organisation), closed_at=session.opened_at)
    signed_in(owner)

    assert look(page, "/o/harbour/staff/") == []
    page.get_by_role("button", name="End session Ada Lind").click()

    expect(page.get_by_text("The staff session has ended.")).to_be_visible()
    expect(page.get_by_role("button", name="End session")).to_have_count(0)
    assert violations(page) == []


@pytest.fixture
def work(db):
    """Something of everything that the page of operations shows."""
    now = timezone.now()
    for name, ago in (("worker-7.internal", timedelta()), ("worker-8.internal", timedelta(hours=3))):
        WorkerBeat.objects.create(cluster=name, seen_at=now - ago, beat_at=now - ago, workers=2)
    begun = {"started_at": now - timedelta(minutes=3), "heartbeat_at": now}
    under_way = save(RunFactory(state=RunState.ANALYSING), frames_done=12300, frames_total=54000, **begun)
    save(RunFactory(state=RunState.PROBING), **begun)
    save(RunFactory(), requested_at=now - timedelta(minutes=7))
    for code in ("unreadable", "attempts_spent"):
        save(RunFactory(state=RunState.FAILED), error_code=code, finished_at=now, attempts=3)
    return under_way


def test_operations_are_accessible_and_fit(page, staff_member, work):
    staff_member()

    assert look(page, "/platform/operations/") == []


def test_operations_keep_themselves_up_to_date(page, staff_member, work):
    staff_member()
    page.clock.install()
    page.goto("/platform/operations/")
    expect(page.get_by_text("12300 / 54000")).to_be_visible()
    save(work, frames_done=27000)

    page.clock.fast_forward(11_000)

    expect(page.get_by_text("27000 / 54000")).to_be_visible()
    page.get_by_role("button", name="Run again").first.click()
    expect(page.get_by_text("Requested again as run")).to_be_visible()
