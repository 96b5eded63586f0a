"""Uploading and following recordings in a browser, with and without script."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from analysis.enums import RunState
from analysis.models import Document, Recording, Run
from echodepth.tenancy import tenant
from tests.browser.test_shell import look
from tests.factories import DocumentFactory, ProjectFactory, RunFactory, SubjectFactory
from tests.support.clips import portrait_clip
from tests.support.tenants import every

pytestmark = pytest.mark.django_db(transaction=True)

SUMMARY = {"signals": {"trust": {"value": 61.0, "low": 50.0, "high": 70.0}}, "warnings": ["low_frame_rate"]}


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    options = {"location": str(tmp_path / "storage"), "base_url": None}
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": options},
    }


@pytest.fixture
def project(organisation):
    return ProjectFactory(organisation=organisation, name="Interviews")


@pytest.fixture
def clip(tmp_path):
    return portrait_clip(tmp_path / "talk.mp4", frames=30)


@pytest.fixture
def letter(tmp_path):
    path = tmp_path / "letter.mp4"
    path.write_bytes(b"This is not a video. " * 50)
    return path


@pytest.fixture
def uploading(analyst, signed_in, project):
    page = signed_in(analyst.user)
    page.goto("/o/harbour/upload/")
    return page


def titles():
    return sorted(recording.title for recording in every(Recording))


def change(run, **fields):
    with tenant(run.organisation_id):
        Run.objects.filter(pk=run.pk).update(**fields)


def test_an_answer_that_is_not_ours_is_told_in_place(uploading, clip):
    """Such as a proxy's, whose limit is below ours."""
    page = uploading
    page.route("**/uploads/", lambda route: route.fulfill(status=413, body="<h1>Too large</h1>"))
    page.get_by_label("Video files").set_input_files(clip)
    page.get_by_role("button", name="Upload and analyse").click()
    expect(page.get_by_role("alert")).to_contain_text("The server could not take the file.")
    assert titles() == []


def test_files_can_be_dropped(uploading):
    page = uploading
    transfer = page.evaluate_handle(
        "() => { const t = new DataTransfer(); t.items.add(new File(['x'], 'a.mp4')); return t; }"
    )
    page.get_by_label("Video files").dispatch_event("drop", {"dataTransfer": transfer})
    assert page.get_by_label("Video files").evaluate("input => input.files[0].name") == "a.mp4"


def test_the_form_works_without_script(uploading, browser, live_server, clip, letter):
    state = uploading.context.storage_state()
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False, storage_state=state)
    page = context.new_page()
    page.goto("/o/harbour/upload/")
    page.get_by_label("Video files").set_input_files([letter, clip])
    page.get_by_role("button", name="Upload and analyse").click()
    expect(page.locator(".error-summary")).to_contain_text(
        "letter.mp4: This is not a video file we can open."
    )
    assert titles() == ["talk"]
    context.close()


def test_the_list_moves_without_a_reload(analyst, signed_in, project):
    run = RunFactory(recording__project=project, recording__title="First talk", media_facts={"seconds": 3})
    page = signed_in(analyst.user)
    page.goto("/o/harbour/")
    page.evaluate("window.stayed = true")
    row = page.get_by_role("row", name="First talk")
    expect(row).to_contain_text("Waiting")
    change(run, state=RunState.ANALYSING, frames_done=30, frames_total=120)
    expect(row.get_by_role("progressbar")).to_have_js_property("value", 25)
    expect(row).to_contain_text("25 %")
    change(run, state=RunState.DONE, summary=SUMMARY)
    expect(row).to_contain_text("Done")
    expect(row).to_contain_text("61")
    link = row.get_by_role("link", name="First talk")
    assert link.get_attribute("href") == reverse("reports:result", args=["harbour", run.pk])
    expect(page.locator("[data-progress-status]")).to_have_text("First talk: Done")
    assert page.evaluate("window.stayed") is True


def test_what_was_deleted_elsewhere_leaves_the_list_and_is_asked_for_no_more(analyst, signed_in, project):
    gone = RunFactory(recording__project=project, recording__title="First talk", media_facts={"seconds": 3})
    RunFactory(recording__project=project, recording__title="Second talk", media_facts={"seconds": 3})
    page = signed_in(analyst.user)
    page.goto("/o/harbour/")
    with tenant(gone.organisation_id):
        gone.recording.delete()
    expect(page.get_by_role("row", name="First talk")).to_have_count(0)
    expect(page.get_by_role("row", name="Second talk")).to_contain_text("Waiting")
    with page.expect_request("**/progress/*") as asked:
        pass
    assert str(gone.pk) not in asked.value.url


def test_the_page_of_a_recording_that_was_deleted_elsewhere_says_so(analyst, signed_in, project):
    run = RunFactory(recording__project=project, state=RunState.ANALYSING, frames_done=1, frames_total=9)
    page = signed_in(analyst.user)
    page.goto(f"/o/harbour/recordings/{run.recording_id}/")
    with tenant(run.organisation_id):
        run.recording.delete()
    expect(page.get_by_role("heading", name="There is no such page")).to_be_visible()


def test_the_recordings_page_follows_its_run_to_the_end(analyst, signed_in, project):
    run = RunFactory(recording__project=project, state=RunState.ANALYSING, frames_done=1, frames_total=9)
    page = signed_in(analyst.user)
    page.goto(f"/o/harbour/recordings/{run.recording_id}/")
    expect(page.get_by_text("1 of 9 frames")).to_be_visible()
    change(run, frames_done=6)
    expect(page.get_by_text("6 of 9 frames")).to_be_visible()
    change(run, state=RunState.FAILED, error_code="no_frames")
    expect(page.get_by_role("heading", name="Not one picture of the video could be read.")).to_be_visible()


def test_a_document_is_uploaded_to_its_project(analyst, signed_in, project, tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("Notes")
    page = signed_in(analyst.user)
    page.goto(f"/o/harbour/projects/{project.pk}/")
    page.get_by_label("Add documents").set_input_files(path)
    page.get_by_role("button", name="Upload documents").click()
    expect(page.get_by_role("link", name="notes.txt", exact=True)).to_be_visible()
    assert [document.original_name for document in every(Document)] == ["notes.txt"]


@pytest.fixture
def recordings(project):
    subject = SubjectFactory(project=project, label="P-014")
    facts = {"seconds": 75.0, "width": 640, "height": 480}
    states = {
        RunState.DONE: {"summary": SUMMARY},
        RunState.ANALYSING: {"frames_done": 3, "frames_total": 9},
        RunState.SCORING: {},
        RunState.FAILED: {"error_code": "no_frames"},
        RunState.CANCELLED: {},
    }
    return {
        state: RunFactory(
            recording__project=project,
            recording__subject=subject,
            recording__title=f"A recording with quite a long title, {state.label.lower()}",
            state=state,
            media_facts=facts,
            **fields,
        ).recording_id
        for state, fields in states.items()
    }


def test_every_page_is_accessible_and_fits(analyst, signed_in, project, recordings):
    document = DocumentFactory(project=project, original_name="a-rather-long-name-of-a-document.pdf")
    page = signed_in(analyst.user)
    addresses = [
        "",
        "?state=cancelled&project=",
        "?state=done&page=1",
        "upload/",
        f"projects/{project.pk}/",
        f"documents/{document.pk}/delete/",
        *(f"recordings/{key}/" for state, key in recordings.items() if state != RunState.DONE),
        f"recordings/{recordings[RunState.FAILED]}/delete/",
    ]
    assert [wrong for address in addresses for wrong in look(page, f"/o/harbour/{address}")] == []


def test_the_first_pages_of_an_organisation_are_accessible_and_fit(analyst, viewer, signed_in):
    page = signed_in(analyst.user)
    assert [wrong for address in ("", "upload/") for wrong in look(page, f"/o/harbour/{address}")] == []
