"""A request by right in a browser: entered, copied, downloaded, answered; another one erased."""

import os
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.utils import timezone

from accounts.domain.rights import copies
from accounts.enums import Role
from accounts.models import RightsRequest
from echodepth.tenancy import tenant
from tests.browser.test_shell import overflow, violations
from tests.browser.test_sign_in import confirm
from tests.factories import (
    ConsentFactory,
    DeclarationFactory,
    MembershipFactory,
    ProjectFactory,
    RightsRequestFactory,
    SubjectFactory,
)
from tests.support.tenants import every

SHOTS = os.environ.get("SHOTS")


def shot(page, name):
    if SHOTS:
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=Path(SHOTS) / f"{name}_{width}.png", full_page=True)
        page.set_viewport_size({"width": 1280, "height": 900})


def faults_of(page):
    """What axe finds, and what does not fit a narrow window."""
    found = violations(page)
    page.set_viewport_size({"width": 390, "height": 900})
    if overflow(page) > 0:
        found.append(f"{overflow(page)} px too wide")
    page.set_viewport_size({"width": 1280, "height": 900})
    return found


@pytest.fixture
def admin(transactional_db):
    return MembershipFactory(role=Role.ADMIN)


@pytest.fixture
def subject(admin):
    project = ProjectFactory(organisation=admin.organisation, name="Spring talks", declared=False)
    DeclarationFactory(project=project, purpose="sales_meeting", setting="online_meeting", region="eu")
    made = SubjectFactory(project=project, label="Quirina Zellweger")
    ConsentFactory(subject=made, signer="Quirina Zellweger")
    return made


def test_a_copy_is_entered_made_downloaded_and_answered(signed_in, admin, subject, tmp_path):
    page = signed_in(admin.user)
    slug = admin.organisation.slug
    page.goto(f"/o/{slug}/requests/")
    assert faults_of(page) == []
    page.get_by_role("link", name="Enter a request").click()
    assert faults_of(page) == []
    shot(page, "rights_new")
    page.get_by_label("Project").select_option(label="Spring talks")
    page.get_by_label("Person").fill("Quirina Zellweger")
    page.get_by_label("A copy of everything").check()
    page.get_by_label("What they wrote or said").fill("Please send me all that you have of me.")
    page.get_by_role("button", name="Enter request").click()

    page.get_by_role("heading", name="A copy of everything").wait_for()
    page.get_by_role("link", name="Data Protection Commission of Ireland").wait_for()
    page.get_by_role("button", name="Make the copy").click()
    page.get_by_text("Being made", exact=True).wait_for()
    [asked] = every(RightsRequest)
    with tenant(asked.organisation_id):
        assert copies.make(asked.pk)
    page.reload()
    with page.expect_download() as arriving:
        page.get_by_role("link", name="Download the copy").click()
    arriving.value.save_as(tmp_path / "copy.zip")
    assert "overview.pdf" in ZipFile(tmp_path / "copy.zip").namelist()
    if SHOTS:
        ZipFile(tmp_path / "copy.zip").extract("overview.pdf", SHOTS)
    assert faults_of(page) == []
    shot(page, "rights_access")

    page.get_by_label("Done as they asked").check()
    page.get_by_role("button", name="Keep the answer").click()
    page.get_by_text("The answer was kept.").wait_for()
    assert [row.state for row in every(RightsRequest)] == ["done"]


def test_corrections_and_erasure_are_fit_to_be_used(signed_in, admin, subject):
    wrong = RightsRequestFactory(subject=subject, kind="correction", words="It is Zellweger-Ott.")
    gone = RightsRequestFactory(subject=subject, kind="erasure", due_on=timezone.localdate(), by_subject=True)
    page = signed_in(admin.user)
    slug = admin.organisation.slug
    page.goto(f"/o/{slug}/requests/{wrong.pk}/")
    assert faults_of(page) == []
    shot(page, "rights_correction")
    page.get_by_label("Label of the person").fill("Quirina Zellweger-Ott")
    page.get_by_role("button", name="Correct", exact=True).click()
    page.get_by_text("Analyse again to have it in reports too.").wait_for()
    page.goto(f"/o/{slug}/requests/")
    assert page.get_by_text("Quirina Zellweger-Ott").count() >= 2
    assert faults_of(page) == []
    shot(page, "rights_list")
    page.goto(f"/o/{slug}/requests/{gone.pk}/")
    shot(page, "rights_erasure")
    page.get_by_role("button", name="Erase this person").click()
    page.get_by_role("heading", name="Erase everything of Quirina Zellweger-Ott?").wait_for()
    assert faults_of(page) == []
    page.get_by_role("dialog").get_by_role("button", name="Erase this person").click()
    confirm(page)
    page.get_by_text("The person's data are being erased.").wait_for()
