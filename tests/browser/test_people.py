"""Saying who is who in a browser: from the recording's page to a run that goes on."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.enums import Role
from accounts.models import Subject
from analysis.engine.people import Place, Seen
from analysis.enums import RunState
from analysis.models import TrackAssignment
from tests.browser.test_progress import shoot
from tests.browser.test_shell import look
from tests.factories import MembershipFactory, ProjectFactory, RecordingFactory, RunFactory, SubjectFactory
from tests.support.engines import asked_about
from tests.support.roles import declare_roles
from tests.support.tenants import every, fresh
from tests.support.work import see_workers

pytestmark = pytest.mark.django_db(transaction=True)


def seen(track, x, stretches, *, substantial=True):
    places = tuple(Place(stretches[0][0], x + step, 90.0, 110.0, 140.0) for step in (0.0, 12.0, 30.0))
    total = sum(end - start for start, end in stretches)
    return Seen(track, stretches[0][0], stretches[-1][1], total, substantial, stretches, places)


@pytest.fixture
def run(organisation):
    """One that waits to be told who three people are."""
    see_workers(1)
    project = ProjectFactory(organisation=organisation, name="Sales", declared=False)
    declaration = declare_roles(project)
    SubjectFactory(project=project, label="Customer 7", role="customer")
    people = asked_about(
        seen(1, 80.0, ((0.4, 61.0), (75.0, 240.0))),
        seen(2, 420.0, ((0.4, 130.0),)),
        seen(3, 280.0, ((200.0, 200.8),), substantial=False),
    )
    return RunFactory(
        recording=RecordingFactory(project=project, title="Call of 12 May"),
        declaration=declaration,
        state=RunState.ASSIGNING,
        people=people,
        heartbeat_at=timezone.now(),
        media_facts={"seconds": 240.0, "width": 640, "height": 360, "codec": "h264"},
    )


def test_a_member_says_who_is_who(signed_in, run):
    analyst = MembershipFactory(organisation=run.organisation, role=Role.ANALYST).user
    page = signed_in(analyst)
    page.goto("/o/harbour/?state=assigning")
    page.get_by_role("link", name="Call of 12 May").first.click()
    shoot(page, "assigning")
    page.get_by_role("link", name="Say who is who").click()
    expect(page.get_by_role("heading", name="Face 1")).to_be_visible()
    assert look(page, f"/o/harbour/runs/{run.pk}/people/") == []
    page.set_viewport_size({"width": 1280, "height": 900})
    shoot(page, "people")
    page.set_viewport_size({"width": 390, "height": 844})
    shoot(page, "people")

    first = page.get_by_role("group", name="Who face 1 is")
    first.get_by_label("Role").select_option("Customer")
    first.get_by_label("Subject").select_option("Customer 7")
    page.get_by_role("button", name="Go on with the analysis").click()
    expect(page.get_by_text("A role is missing.")).to_be_visible()
    assert fresh(run).state == RunState.ASSIGNING
    second = page.get_by_role("group", name="Who face 2 is")
    second.get_by_label("Role").select_option("Own staff")
    page.get_by_role("button", name="Go on with the analysis").click()

    expect(page.get_by_text("the analysis of “Call of 12 May” goes on")).to_be_visible()
    assert fresh(run).state == RunState.ANALYSING
    (customer,) = every(Subject)
    told = {one.track: (one.role, one.subject_id) for one in every(TrackAssignment)}
    assert told == {1: ("customer", customer.pk), 2: ("own_staff", None)}
