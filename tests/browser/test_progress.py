"""What the pages say of a run under way, and how they keep it true without being loaded again."""

import os
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from analysis.enums import RunState
from analysis.models import Run
from echodepth.tenancy import tenant
from tests.browser.test_shell import look
from tests.factories import ProjectFactory, RecordingFactory, RunFactory
from tests.support.work import see_workers

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def recording(organisation):
    project = ProjectFactory(organisation=organisation, name="Interviews")
    return RecordingFactory(project=project, title="A long talk")


def change(run, **fields):
    with tenant(run.organisation_id):
        Run.objects.filter(pk=run.pk).update(**fields)


def quarter_done(run):
    now = timezone.now()
    return change(
        run,
        state=RunState.ANALYSING,
        frames_done=1000,
        frames_total=4000,
        analysing_since=now - timedelta(seconds=90),
        lease_until=now + timedelta(seconds=90),
    )


def shoot(page, name):
    """A picture of the page, where somebody wants to look at it."""
    folder = os.environ.get("ECHODEPTH_TEST_PICTURES")
    if folder:
        page.screenshot(path=f"{folder}/{name}-{page.viewport_size['width']}.png", full_page=True)


@pytest.mark.parametrize("where", ["list", "recording"])
def test_what_a_run_waits_for_and_how_long_it_takes_is_told_without_a_reload(
    analyst, signed_in, recording, where
):
    see_workers()
    run = RunFactory(recording=recording, media_facts={"seconds": 133})
    page = signed_in(analyst.user)
    page.goto("/o/harbour/" if where == "list" else f"/o/harbour/recordings/{recording.pk}/")
    page.evaluate("window.stayed = true")
    told = page.locator("[data-state]").first
    expect(told).to_contain_text("Waiting for a worker: none is running now.")
    see_workers(1)
    expect(told).to_contain_text("Waiting for its turn")
    quarter_done(run)
    expect(told).to_contain_text("about 5 minutes of analysing left")
    assert page.evaluate("window.stayed") is True


def test_a_recordings_page_with_earlier_results_suits_every_screen(analyst, signed_in, recording):
    see_workers(1)
    facts = {"media_facts": {"seconds": 133, "width": 1280, "height": 720}}
    RunFactory(recording=recording, state=RunState.DONE, engine_version="0.5", **facts)
    RunFactory(recording=recording, state=RunState.FAILED, error_code="internal_error", **facts)
    run = RunFactory(recording=recording, **facts)
    quarter_done(run)
    page = signed_in(analyst.user)
    address = f"/o/harbour/recordings/{recording.pk}/"
    assert look(page, address) == []
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        shoot(page, "recording")
    see_workers()
    change(run, state=RunState.REQUESTED, lease_until=None)
    page.goto("/o/harbour/")
    assert look(page, "/o/harbour/") == []
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        shoot(page, "list")
