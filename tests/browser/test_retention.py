"""Retention in a browser: policies, due dates, an extension, a hold, and the public page."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.domain.retention import holds, retentions
from accounts.enums import DataClass, Role
from analysis.domain import retention
from echodepth.tenancy import tenant
from tests.browser.test_shell import look
from tests.factories import DocumentFactory, MembershipFactory, ProjectFactory, RecordingFactory, RunFactory
from tests.support.tenants import fresh, save

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)


@pytest.fixture
def owner(organisation):
    return MembershipFactory(organisation=organisation, role=Role.OWNER, user__full_name="Ada Lovelace")


@pytest.fixture
def recording(organisation):
    project = ProjectFactory(organisation=organisation, name="Autumn interviews")
    recording = RecordingFactory(project=project, title="First meeting with the board " + "x" * 60)
    run = RunFactory(recording=recording)
    document = DocumentFactory(project=project, title="Contract")
    with tenant(organisation.pk):
        retention.keep_recording(recording)
        retention.keep_document(document)
        retention.keep_result(run)
        retention.keep_report(run.pk)
    return recording


def rows(recording):
    with tenant(recording.organisation_id):
        return {row.data_class: row for row in retentions.of("recording", recording.pk)}


def test_a_policy_is_changed_and_what_is_due_is_kept_longer(signed_in, owner, recording):
    save(rows(recording)[DataClass.MEDIA], due_at=timezone.now() + 10 * DAY)
    page = signed_in(owner.user)
    expect(page.get_by_text("Will be erased soon")).to_be_visible()
    page.get_by_role("link", name="See which, and extend what you still need").click()
    expect(page.get_by_role("row", name="First meeting").first).to_contain_text("Recordings")
    assert look(page, "/o/harbour/retention/") == []

    later = timezone.localdate() + 60 * DAY
    page.get_by_label("First meeting with the board " + "x" * 60 + ", Recordings").check()
    page.get_by_label("Keep what is chosen until the end of").fill(later.isoformat())
    page.get_by_role("button", name="Keep longer").click()
    expect(page.get_by_text("1 due date was moved.")).to_be_visible()
    assert timezone.localtime(rows(recording)["media"].extended_until).date() == later
    page.goto(f"/o/harbour/recordings/{recording.pk}/")
    expect(page.get_by_text("Extended")).to_be_visible()

    page.goto("/o/harbour/retention/policies/")
    page.get_by_role("link", name="Change Frame tables").click()
    assert look(page, page.url) == []
    page.get_by_label("Days").fill("90")
    page.get_by_label("the person's last interaction").check()
    page.get_by_role("button", name="Save the policy").click()
    expect(page.get_by_text("The policy was saved; 1 due date changed.")).to_be_visible()
    expect(page.get_by_role("row", name="Frame tables")).to_contain_text(
        "90 days after the person's last interaction"
    )
    assert look(page, "/o/harbour/retention/policies/") == []
    assert look(page, f"/o/harbour/projects/{recording.project_id}/retention/") == []


def test_a_hold_is_placed_from_the_recording_and_released(signed_in, owner, recording):
    page = signed_in(owner.user)
    page.goto(f"/o/harbour/recordings/{recording.pk}/")
    page.get_by_role("link", name="Place a legal hold").click()
    assert look(page, page.url) == []
    page.get_by_label("Reason").fill("Case 12 before the regional court")
    page.get_by_role("button", name="Place the hold").click()

    expect(page.get_by_role("row", name="First meeting")).to_contain_text("Case 12")
    assert look(page, "/o/harbour/retention/holds/") == []
    with tenant(recording.organisation_id):
        (hold,) = holds.of("recording", recording.pk)
    page.goto(f"/o/harbour/recordings/{recording.pk}/")
    expect(page.get_by_text("Case 12")).to_be_visible()

    page.goto("/o/harbour/retention/holds/")
    page.get_by_role("button", name="Release").click()
    expect(page.get_by_role("heading", name="Nothing is held")).to_be_visible()
    assert fresh(hold).released_by_id == owner.user_id


def test_the_public_page_is_there_once_it_is_wanted(signed_in, owner):
    page = signed_in(owner.user)
    page.goto("/retention/harbour/")
    expect(page.get_by_role("table")).to_have_count(0)

    page.goto("/o/harbour/retention/policies/")
    page.get_by_label("The retention policy is public").check()
    page.get_by_label("Contact for people in recordings").fill("privacy@harbour.example")
    page.get_by_role("button", name="Save the public page").click()
    page.get_by_role("link", name="/retention/harbour/").click()

    expect(page.get_by_role("row", name="Recordings The uploaded")).to_contain_text(
        "365 days after the upload"
    )
    expect(page.get_by_text("privacy@harbour.example")).to_be_visible()
    assert look(page, "/retention/harbour/") == []
