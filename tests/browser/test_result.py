"""The page of a result in a browser: accessible, fitting, its charts drawn, its files handed over."""

import dataclasses

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from analysis.engine import frame_table
from analysis.engine.findings import cohorts, reliability
from analysis.enums import RunState
from analysis.models import Run
from echodepth.tenancy import tenant
from reports.domain import publish
from reports.domain.fairness import Fairness
from reports.domain.model_page import ModelPage
from reports.enums import ReportState
from reports.models import Report
from reports.views import model
from tests.browser.test_shell import look, violations
from tests.factories import ReportFactory
from tests.reports.conftest import scored
from tests.reports.domain.test_fairness import BARS, FAIRNESS
from tests.reports.domain.test_questions import TESTED
from tests.support.cards import WEAK, example_card
from tests.support.results import example_frames, example_result, example_track, unscored_track

pytestmark = pytest.mark.django_db(transaction=True)

FRAMES = 600


@pytest.fixture
def storage(settings, tmp_path):
    options = {"location": str(tmp_path / "storage"), "base_url": None}
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": options},
    }


@pytest.fixture
def run(organisation, storage, tmp_path):
    """Two faces, of which one could not be scored."""
    table = tmp_path / "frames.parquet"
    frame_table.write_parquet(table, example_frames(FRAMES))
    result = example_result(
        FRAMES, tracks=(example_track(FRAMES), unscored_track(FRAMES)), warnings=("low_frame_rate",)
    )
    with tenant(organisation.pk):
        run = scored(organisation, table, result)
    ReportFactory(run=run)
    return run


@pytest.fixture
def calibrated(organisation, storage, tmp_path):
    """A result whose subject's cohort was declared, with brief displays among the events."""
    table = tmp_path / "frames.parquet"
    frame_table.write_parquet(table, example_frames(FRAMES))
    track = example_track(FRAMES)
    signals = tuple(
        dataclasses.replace(one, calibrated=one.overall, calibrated_series=one.series)
        for one in track.signals
    )
    events = tuple(dataclasses.replace(one, brief=one.offset - one.onset < 0.5) for one in track.events)
    track = dataclasses.replace(track, signals=signals, events=events)
    result = dataclasses.replace(
        example_result(FRAMES, tracks=(track,)), cohort=cohorts.shipped().cohorts["ca-fr"]
    )
    with tenant(organisation.pk):
        run = scored(organisation, table, result)
    return reverse("reports:result", args=[organisation.slug, run.pk])


@pytest.fixture
def address(run):
    return reverse("reports:result", args=[run.organisation.slug, run.pk])


@pytest.mark.parametrize("state", list(ReportState))
def test_the_page_is_accessible_and_fits(analyst, signed_in, run, address, state):
    with tenant(run.organisation_id):
        Report.objects.update(state=state, pages=3)

    assert look(signed_in(analyst.user), address) == []


def test_a_face_that_could_not_be_scored_has_an_accessible_page_too(analyst, signed_in, address):
    page = signed_in(analyst.user)

    assert look(page, address + "?face=2") == []
    expect(page.get_by_text("Not enough to score", exact=True)).to_be_visible()


def test_a_calibrated_result_is_accessible_with_everything_unfolded(viewer, signed_in, calibrated):
    page = signed_in(viewer.user)

    assert look(page, calibrated) == []
    page.set_viewport_size({"width": 1440, "height": 900})
    page.locator("details.values").evaluate_all("all => all.forEach(one => one.open = true)")
    assert violations(page) == []
    expect(page.get_by_role("heading", name="Canada, French")).to_be_visible()
    expect(page.locator(".chart-wide .chart-calibrated").first).to_be_visible()
    expect(page.get_by_text("possible brief displays, shorter than half a second")).to_be_visible()


def test_what_moved_a_signal_stands_with_its_moments(viewer, signed_in, address):
    page = signed_in(viewer.user)
    page.goto(address)
    smile = page.get_by_role("article", name="Trust Score").get_by_role("row", name="Smile (AU12)")

    expect(smile).to_contain_text("0:04\N{EN DASH}0:08 +")
    expect(page.get_by_role("img", name="Displays over time").first).to_be_visible()
    combination = page.get_by_role("region", name="Patterns shown").get_by_role("row", name="6+12")
    expect(combination).to_contain_text("Happiness")


@pytest.mark.parametrize(("width", "shown", "hidden"), [(360, "narrow", "wide"), (1440, "wide", "narrow")])
def test_each_width_shows_one_drawing_of_each_chart(viewer, signed_in, address, width, shown, hidden):
    page = signed_in(viewer.user)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address)

    for chart in page.locator(f".chart-{shown}").all():
        box = chart.bounding_box()
        assert box["width"] > 200
        assert box["height"] > 40
    assert not any(chart.is_visible() for chart in page.locator(f".chart-{hidden}").all())
    expect(page.get_by_role("img", name="Trust Score over time")).to_be_visible()


def test_dark_mode_recolours_the_drawings(viewer, signed_in, address):
    page = signed_in(viewer.user)
    page.goto(address)
    line = page.locator(".chart-wide .chart-line.chart-trust").first
    colours = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        colours.append(line.evaluate("element => getComputedStyle(element).stroke"))

    assert colours == ["rgb(11, 102, 160)", "rgb(107, 184, 236)"]


def test_faces_values_and_files_are_reached_by_hand(analyst, signed_in, run, address):
    with tenant(run.organisation_id):
        publish.make(Report.objects.get().pk)
    page = signed_in(analyst.user)
    page.goto(address)
    page.get_by_text("Values as a table").first.click()
    expect(page.get_by_role("region", name="Trust Score")).to_be_visible()

    with page.expect_download() as report:
        page.get_by_role("link", name="Download the draft").click()
    assert report.value.suggested_filename == "interview-a-draft-report.pdf"
    assert report.value.path().read_bytes().startswith(b"%PDF")
    page.get_by_text("Data", exact=True).click()
    with page.expect_download() as frames:
        page.get_by_role("link", name="Frame table, CSV").click()
    assert len(frames.value.path().read_text().splitlines()) == FRAMES + 1

    page.get_by_role("link", name="Face 2").click()
    expect(page.get_by_role("link", name="Face 2")).to_have_attribute("aria-current", "page")


def test_the_download_appears_without_a_reload_by_hand(viewer, signed_in, run, address):
    page = signed_in(viewer.user)
    page.goto(address)
    expect(page.get_by_text("The PDF report is being written.")).to_be_visible()

    with tenant(run.organisation_id):
        publish.make(Report.objects.get().pk)

    expect(page.get_by_role("link", name="Download the draft")).to_be_visible()


def test_the_model_card_is_accessible_and_fits_for_everybody(page, monkeypatch):
    card = ModelPage.of(example_card())
    monkeypatch.setattr(model, "shipped", lambda: card)

    assert look(page, "/model/") == []
    expect(page.get_by_role("region", name="Measured, but not reliable")).to_be_visible()


def test_the_five_questions_are_accessible_and_fit_for_everybody(page, monkeypatch):
    fairness = Fairness.of({"fairness": FAIRNESS, "bars": BARS})
    card = dataclasses.replace(ModelPage.of(example_card()), fairness=fairness)
    monkeypatch.setattr(model, "shipped", lambda: card)
    monkeypatch.setattr(reliability, "tested", lambda: TESTED)

    assert look(page, "/questions/") == []
    expect(page.get_by_role("region", name="Test of the intervals")).to_be_visible()
    assert look(page, "/model/") == []
    expect(page.get_by_role("region", name="Does it measure everybody alike?")).to_be_visible()


def test_weak_units_stand_apart_with_their_reason(viewer, signed_in, address):
    page = signed_in(viewer.user)
    page.goto(address)
    apart = page.get_by_role("region", name="Measured, but not reliable: feeds no signal")

    expect(apart.get_by_role("row")).to_have_count(1 + len(WEAK))
    expect(apart.get_by_role("row", name="31 Jaw clencher")).to_contain_text("a muscle hardens")
    expect(page.get_by_role("img", name="Lower face: Action Unit activity")).not_to_contain_text(
        "Jaw clencher"
    )
    page.get_by_role("link", name="Model card: every figure").click()
    expect(page.get_by_role("heading", name="Model card", level=1)).to_be_visible()


def test_the_neutral_is_marked_by_hand(analyst, signed_in, run, address):
    with tenant(run.organisation_id):
        Run.objects.update(state=RunState.DONE, media_facts={"seconds": 20.0})
    page = signed_in(analyst.user)
    page.goto(address)
    page.get_by_role("link", name="Analyse again with a marked neutral").click()
    assert look(page, page.url) == []

    page.get_by_label("From, seconds").fill("2.5")
    page.get_by_label("To, seconds").fill("1")
    page.get_by_role("button", name="Analyse again").click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.get_by_label("To, seconds").fill("3.5")
    page.get_by_role("button", name="Analyse again").click()
    expect(page.get_by_text("will be analysed again from the marked neutral")).to_be_visible()


def test_a_neutral_is_kept_and_reset_by_hand(analyst, signed_in, run, address):
    page = signed_in(analyst.user)
    page.goto(address)
    page.get_by_role("button", name="Keep this neutral for P-014").click()
    expect(page.get_by_text("This neutral is kept for P-014.")).to_be_visible()
    page.get_by_text("Analyse again", exact=True).click()
    expect(page.get_by_text("The new run is measured from the neutral kept for P-014")).to_be_visible()
    assert look(page, address) == []

    page.get_by_role("button", name="Reset the neutral kept for P-014").click()

    expect(page.get_by_text("No neutral is kept for P-014 any more.")).to_be_visible()
    assert look(page, page.url) == []
