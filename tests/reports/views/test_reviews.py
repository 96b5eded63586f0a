"""Human review in the portal: the list of drafts, signing, sending back, what a result's page says."""

import html

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from accounts.enums import Role
from analysis.enums import RunState
from echodepth.tenancy import tenant
from reports.domain import requests
from reports.domain.requests import report_key
from reports.enums import ReportState, ReviewOutcome
from reports.models import Report, Review
from tests.factories import MembershipFactory, ReportFactory, ReviewFactory, RunFactory
from tests.support.pages import text_of
from tests.support.sign_in import signed_in
from tests.support.tenants import every, fresh, save

DRAFT = "ab" * 32
SIGN = {"name": "Ada R.", "remarks": "", "read": "on", "draft": DRAFT, "outcome": "signed"}
SEND_BACK = {"name": "Ada R.", "remarks": "<b>Whose</b> face?", "draft": DRAFT, "outcome": "returned"}
STATEMENT = "No decision about a person may rest on it alone."


@pytest.fixture
def report(run):
    save(run, state=RunState.DONE)
    report = ReportFactory(run=run, state=ReportState.READY, pages=24, sha256=DRAFT)
    with tenant(run.organisation_id):
        key = report_key(run.organisation_id, report.pk, 1)
        report.storage_key = default_storage.save(key, ContentFile(b"%PDF-1.7 pages"))
        report.save()
    return report


@pytest.fixture
def reviewer(organisation):
    return MembershipFactory(organisation=organisation, role=Role.REVIEWER, user__full_name="Ada Reviewer")


@pytest.fixture
def reviewer_client(reviewer):
    return signed_in(reviewer.user)


def page(report, name="result"):
    return reverse(f"reports:{name}", args=[report.organisation.slug, report.run_id])


def listed(client, state=""):
    return html.unescape(text_of(client.get(reverse("reports:reviews", args=["harbour"]), {"state": state})))


def test_a_draft_says_so_and_offers_its_review_to_who_may(reviewer_client, viewer_client, report):
    mine, theirs = (html.unescape(text_of(one.get(page(report)))) for one in (reviewer_client, viewer_client))

    for text in (mine, theirs):
        assert "Draft \N{EN DASH} not reviewed" in text
        assert STATEMENT in text
        assert "Download the draft" in text
        assert "Nobody has reviewed this draft yet." in text
    assert page(report, "review") in mine
    assert 'value="Ada Reviewer"' in mine
    assert f'value="{DRAFT}"' in mine
    assert page(report, "review") not in theirs


def test_a_reviewer_signs_by_name(reviewer, reviewer_client, viewer_client, report):
    told = html.unescape(text_of(reviewer_client.post(page(report, "review"), SIGN, follow=True)))

    (made,) = every(Review)
    assert (made.outcome, made.name, made.reviewer_id) == ("signed", "Ada R.", reviewer.user_id)
    assert "The report is signed. Its PDF is being written anew with the signature." in told
    text = html.unescape(text_of(viewer_client.get(page(report))))
    assert "Reviewed and signed by Ada R. on" in text
    assert "Draft" not in text
    assert STATEMENT in text
    assert "The PDF report is being written." in text
    assert "It is made anew with the signature in it." in text
    assert "data-progress=" not in text  # the run is done: the page would load itself again and again
    assert reverse("reports:download", args=["harbour", report.run_id, "pdf"]) not in text


def test_a_reviewer_sends_back_and_says_why(reviewer_client, viewer_client, report):
    told = text_of(reviewer_client.post(page(report, "review"), SEND_BACK, follow=True))

    (made,) = every(Review)
    assert (made.outcome, made.remarks) == ("returned", "<b>Whose</b> face?")
    assert "The draft is sent back." in told
    text = text_of(viewer_client.get(page(report)))
    assert "Draft \N{EN DASH} sent back" in html.unescape(text)
    assert "&lt;b&gt;Whose&lt;/b&gt; face?" in text
    assert "Download the draft" in text


def test_a_form_that_is_not_filled_in_is_asked_again(reviewer_client, report):
    answer = reviewer_client.post(page(report, "review"), SIGN | {"read": ""})

    assert answer.status_code == 200
    assert "a report is not signed unread" in text_of(answer)
    assert every(Review) == []
    assert fresh(report).state == ReportState.READY


def test_a_draft_that_changed_meanwhile_is_refused_in_words(reviewer_client, report):
    answer = reviewer_client.post(page(report, "review"), SIGN | {"draft": "cd" * 32})

    assert answer.status_code == 409
    assert "The draft has changed since you opened it." in text_of(answer)
    assert every(Review) == []


def test_the_page_of_the_form_shows_what_is_left_to_review(reviewer_client, report):
    assert "Sign the draft, or send it back" in text_of(reviewer_client.get(page(report, "review")))
    ReviewFactory(report=report)

    answer = reviewer_client.get(page(report, "review"))

    assert (answer.status_code, answer.url) == (302, page(report) + "#review")


@pytest.mark.parametrize("role", [Role.ANALYST, Role.VIEWER, Role.GUEST])
def test_others_sign_nothing(organisation, report, role):
    guest_of = report.run_id if role == Role.GUEST else None
    client = signed_in(MembershipFactory(organisation=organisation, role=role, guest_of=guest_of).user)

    assert client.post(page(report, "review"), SIGN).status_code == 403
    assert every(Review) == []


def test_nobody_signs_another_tenants_report(outsider, outsider_client, report):
    elsewhere = reverse("reports:review", args=[outsider.organisation.slug, report.run_id])

    for address in (page(report, "review"), elsewhere):
        answer = outsider_client.post(address, SIGN)
        assert answer.status_code == 404
        assert "Interview" not in text_of(answer)
    assert every(Review) == []


def test_the_list_shows_what_waits_what_was_sent_back_and_what_is_signed(reviewer_client, report, outsider):
    theirs = RunFactory(
        recording__project__organisation=outsider.organisation, recording__title="Their interview"
    )
    ReportFactory(run=theirs, state=ReportState.READY)
    link = page(report) + "#review"

    first = listed(reviewer_client)
    assert link in first
    assert "Interview Ä" in first
    assert STATEMENT in first
    ReviewFactory(report=report, outcome=ReviewOutcome.RETURNED)
    assert "No draft waits for review" in listed(reviewer_client, "draft")
    assert link in listed(reviewer_client, "returned")
    ReviewFactory(report=report)
    assert link in listed(reviewer_client, "signed")
    assert "No draft was sent back" in listed(reviewer_client, "returned")
    for state in ("", "draft", "returned", "signed", "x"):
        assert "Their interview" not in listed(reviewer_client, state)


def test_a_new_analysis_is_a_new_draft(reviewer_client, report, frames_parquet):
    ReviewFactory(report=report, name="Ada R.")
    again = RunFactory(
        recording=report.run.recording,
        state=RunState.DONE,
        frames_key=report.run.frames_key,
        result_key=report.run.result_key,
    )
    newer = ReportFactory(run=again, state=ReportState.READY, pages=24, sha256=DRAFT)

    text = html.unescape(text_of(reviewer_client.get(page(newer))))

    assert "Draft \N{EN DASH} not reviewed" in text
    assert "Ada R." not in text
    assert page(newer, "review") in text


def test_a_signed_report_that_could_not_be_made_is_asked_for_again(reviewer_client, viewer_client, report):
    ReviewFactory(report=report)
    save(report, state=ReportState.FAILED, storage_key="")
    for client, may in ((reviewer_client, True), (viewer_client, False)):
        text = text_of(client.get(page(report)))
        assert "The signed PDF report could not be made." in text
        assert (page(report, "render-again") in text) is may

    answer = reviewer_client.post(page(report, "render-again"))

    assert (answer.status_code, fresh(report).state) == (302, ReportState.REQUESTED)
    assert viewer_client.post(page(report, "render-again")).status_code == 403


def test_a_draft_or_a_report_that_is_there_is_not_made_again(reviewer_client, report, monkeypatch):
    def refused(_report):
        raise AssertionError

    monkeypatch.setattr(requests, "request_again", refused)
    save(report, state=ReportState.FAILED)
    assert reviewer_client.post(page(report, "render-again")).status_code == 404
    ReviewFactory(report=report)
    save(report, state=ReportState.READY)
    assert reviewer_client.post(page(report, "render-again")).status_code == 404
    assert every(Report) == [report]
