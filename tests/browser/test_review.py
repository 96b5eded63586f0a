"""A reviewer in a browser: from the list of drafts to a signature, and what others then see."""

import io

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from playwright.sync_api import expect
from pypdf import PdfReader

from accounts.enums import Role
from analysis.engine import frame_table
from echodepth.tenancy import tenant
from reports.domain import publish
from reports.enums import ReviewOutcome
from reports.models import Report
from tests.browser.test_shell import look, violations
from tests.factories import MembershipFactory, ReportFactory, ReviewFactory
from tests.reports.conftest import scored
from tests.support.results import example_frames, example_result

pytestmark = pytest.mark.django_db(transaction=True)

FRAMES = 120
REVIEW = "section[aria-labelledby=review]"
"""Of the page of a result, all of which tests/browser/test_result.py looks at."""


@pytest.fixture
def report(organisation, settings, tmp_path):
    """A draft whose PDF is there."""
    options = {"location": str(tmp_path / "storage"), "base_url": None}
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": options},
    }
    table = tmp_path / "frames.parquet"
    frame_table.write_parquet(table, example_frames(FRAMES))
    with tenant(organisation.pk):
        made = ReportFactory(run=scored(organisation, table, example_result(FRAMES)))
        publish.make(made.pk)
    return made


@pytest.fixture
def reviewer(organisation):
    return MembershipFactory(
        organisation=organisation, role=Role.REVIEWER, user__full_name="Ada R. Eviewer"
    ).user


def test_a_reviewer_reads_a_draft_and_signs_it(reviewer, signed_in, report):
    page = signed_in(reviewer)
    assert look(page, reverse("reports:reviews", args=["harbour"])) == []
    page.get_by_role("link", name="Review Interview Ä").click()
    expect(page.get_by_text("Draft \N{EN DASH} not reviewed")).to_be_visible()
    assert violations(page, REVIEW) == []

    page.get_by_role("button", name="Sign the report").click()
    expect(page.get_by_role("alert")).to_contain_text("a report is not signed unread")
    assert violations(page) == []
    page.get_by_label("Remarks").fill("Left in: the greeting.")
    page.get_by_label("I have read this draft").check()
    page.get_by_role("button", name="Sign the report").click()

    expect(page.get_by_text("The report is signed.")).to_be_visible()
    expect(page.get_by_text("Reviewed and signed by Ada R. Eviewer on")).to_be_visible()
    with tenant(report.organisation_id):
        publish.make(report.pk)
        stored = Report.objects.get()
        with default_storage.open(stored.storage_key) as handle:
            pages = PdfReader(io.BytesIO(handle.read())).pages
            assert all("signed by Ada R. Eviewer" in one.extract_text() for one in pages)
    page.reload()
    expect(page.get_by_role("link", name="Download the report")).to_be_visible()
    assert violations(page, REVIEW) == []


def test_what_was_sent_back_is_listed_with_its_reason(analyst, signed_in, report):
    ReviewFactory(
        report=report, outcome=ReviewOutcome.RETURNED, name="Ada R. Eviewer", remarks="Whose face is this?"
    )
    page = signed_in(analyst.user)
    page.goto(reverse("reports:reviews", args=["harbour"]))
    expect(page.get_by_role("heading", name="No draft waits for review")).to_be_visible()
    page.get_by_role("link", name="Sent back").click()
    page.get_by_role("link", name="Open Interview Ä").click()

    expect(page.get_by_text("Draft \N{EN DASH} sent back")).to_be_visible()
    expect(page.get_by_role("region", name="Review", exact=True)).to_contain_text("Whose face is this?")
    expect(page.get_by_role("button", name="Sign the report")).to_have_count(0)
    assert violations(page, REVIEW) == []
