"""Erasures and their certificates in a browser: a member deletes, anybody verifies."""

import json

import pytest
from playwright.sync_api import expect

from accounts.domain.erasure import erasures
from accounts.enums import DataClass, ErasureReason, Role
from accounts.models import Erasure
from echodepth.tenancy import tenant
from tests.browser.test_shell import look
from tests.factories import LegalHoldFactory, MembershipFactory, ProjectFactory, RecordingFactory, RunFactory
from tests.support.erasing import erase_all

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def owner(organisation):
    return MembershipFactory(organisation=organisation, role=Role.OWNER, user__full_name="Ada Lovelace")


@pytest.fixture
def recording(organisation):
    project = ProjectFactory(organisation=organisation, name="Autumn interviews")
    recording = RecordingFactory(project=project, title="First meeting with the board")
    RunFactory(recording=recording)
    return recording


def test_a_recording_is_deleted_and_its_certificate_verified_by_anybody(
    signed_in, owner, recording, tmp_path
):
    page = signed_in(owner.user)
    page.goto(f"/o/harbour/recordings/{recording.pk}/delete/")
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("everything made from it is being erased")).to_be_visible()
    expect(page.get_by_role("link", name="First meeting with the board")).to_have_count(0)
    page.goto("/o/harbour/retention/erasures/")
    expect(page.get_by_role("row", name="Recording")).to_contain_text("Waiting")
    page.get_by_role("link", name="Recording", exact=True).click()
    expect(page.get_by_text("It is being erased.")).to_be_visible()
    address = page.url
    assert look(page, address) == []

    with tenant(recording.organisation_id):
        erase_all()
    page.goto(address)
    assert look(page, address) == []
    with page.expect_download() as told:
        page.get_by_role("link", name="Certificate, JSON").click()
    told.value.save_as(tmp_path / "certificate.json")

    page.context.clear_cookies()
    page.goto("/certificates/")
    assert look(page, "/certificates/") == []
    page.get_by_label("Certificate").set_input_files(tmp_path / "certificate.json")
    page.get_by_role("button", name="Verify").click()
    expect(page.get_by_text("Valid: it says what this installation signed.")).to_be_visible()
    expect(page.get_by_text(str(recording.pk))).to_be_visible()

    changed = json.loads((tmp_path / "certificate.json").read_text())
    changed["body"]["counts"]["recording"] = 2
    page.get_by_label("or its text").fill(json.dumps(changed))
    page.get_by_role("button", name="Verify").click()
    expect(page.get_by_text("Something in it was changed.")).to_be_visible()


def test_the_list_shows_what_is_held_and_why(signed_in, owner, organisation, recording):
    with tenant(organisation.pk):
        LegalHoldFactory(
            organisation=organisation, kind="recording", object_id=recording.pk, reason="Case 12 of 2026"
        )
        erasures.request(
            ErasureReason.POLICY, "recording", recording.pk, organisation.pk, data_class=DataClass.MEDIA
        )
        held = Erasure.objects.get()
    page = signed_in(owner.user)
    assert look(page, "/o/harbour/retention/erasures/") == []
    expect(page.get_by_role("row", name="Recording")).to_contain_text("Blocked by a legal hold")
    page.goto(f"/o/harbour/retention/erasures/{held.pk}/")
    expect(page.get_by_text("Case 12 of 2026")).to_be_visible()
