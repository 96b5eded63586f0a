"""From a new project to its declaration, in a browser: what a newcomer is led through."""

import os
from pathlib import Path

import pytest

from accounts.enums import Role
from echodepth.tenancy import tenant
from tests.browser.test_shell import overflow, violations
from tests.factories import MembershipFactory, RecordingFactory

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
def owner(transactional_db):
    return MembershipFactory(role=Role.OWNER)


def test_a_newcomer_is_led_from_a_new_project_to_a_confirmed_use(signed_in, owner):
    page = signed_in(owner.user)
    slug = owner.organisation.slug
    page.goto(f"/o/{slug}/projects/new/")
    page.get_by_label("Name").fill("Pitch training")
    page.get_by_role("button", name="Create project").click()

    page.get_by_role("heading", name="Declare the use").wait_for()
    assert faults_of(page) == []
    shot(page, "declare")
    page.get_by_label("Personal training of one's own staff").check()
    page.get_by_label("Where are they made?").select_option("workplace")
    page.get_by_label("Where are the people in them?").select_option("eu")
    page.get_by_label("Own staff", exact=True).check()
    page.get_by_role("button", name="Declare this use").click()

    page.get_by_text("Waits for a named confirmation").wait_for()
    assert faults_of(page) == []
    shot(page, "unconfirmed")
    page.get_by_label("Your full name").fill("Dr. R. Esponsible")
    page.get_by_label("I am responsible for this use").check()
    page.get_by_role("button", name="Confirm by name").click()
    page.get_by_text("The use was confirmed.").wait_for()
    assert page.get_by_text("Dr. R. Esponsible").is_visible()
    shot(page, "confirmed")

    project = page.url.split("/projects/")[1].split("/")[0]
    page.goto(f"/o/{slug}/projects/{project}/")
    assert faults_of(page) == []
    shot(page, "project")


def test_a_refused_use_says_why_and_leads_nowhere(signed_in, owner):
    page = signed_in(owner.user)
    page.goto(f"/o/{owner.organisation.slug}/projects/new/")
    page.get_by_label("Name").fill("Applicants")
    page.get_by_role("button", name="Create project").click()
    page.get_by_label("Choosing applicants").check()
    page.get_by_label("Where are they made?").select_option("online_meeting")
    page.get_by_label("Where are the people in them?").select_option("eu")
    page.get_by_role("button", name="Declare this use").click()

    page.get_by_role("heading", name="Why it is refused").wait_for()
    assert page.get_by_role("link", name="Upload a recording").count() == 0
    assert faults_of(page) == []
    shot(page, "refused")


def test_a_recording_leads_to_what_it_waits_for(signed_in, owner):
    with tenant(owner.organisation_id):
        recording = RecordingFactory(
            project__organisation=owner.organisation, project__declared=False, analysis_wanted=True
        )
    page = signed_in(owner.user)
    page.goto(f"/o/{owner.organisation.slug}/recordings/{recording.pk}/")
    assert faults_of(page) == []
    shot(page, "missing")
    page.get_by_role("link", name="See to it").click()

    page.get_by_label("A sales conversation").check()
    page.get_by_label("Where are they made?").select_option("online_meeting")
    page.get_by_label("Where are the people in them?").select_option("eu")
    page.get_by_role("button", name="Declare this use").click()
    page.get_by_text("The use was declared and is allowed.").wait_for()
    shot(page, "allowed")

    page.goto(f"/o/{owner.organisation.slug}/recordings/{recording.pk}/")
    page.get_by_label("Subject").fill("P-01")
    shot(page, "subject")
    page.get_by_role("button", name="Save the subject").click()
    page.get_by_text("It is not said what the subject is to you. Choose the role.", exact=True).wait_for()
    assert faults_of(page) == []
    shot(page, "role")
    page.goto(f"/o/{owner.organisation.slug}/upload/")
    shot(page, "upload")
