"""One request at the desk: what stands there, and what is offered in which state."""

import html

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import PlatformRole
from analysis.enums import RunState
from reports.enums import ReportState, SampleState
from tests.factories import (
    DocumentFactory,
    ProjectFactory,
    RecordingFactory,
    ReportFactory,
    ReviewFactory,
    RunFactory,
    SampleRequestFactory,
)
from tests.support.pages import text_of
from tests.support.samples import desk
from tests.support.staff import at_work, platform_person
from tests.support.tenants import fresh, save

OFFERS = (
    "desk-assign",
    "desk-tag",
    "desk-note",
    "desk-ask",
    "desk-decline",
    "desk-deliver",
    "desk-convert",
    "desk-link",
)


@pytest.fixture
def organisation(db):
    return desk()


@pytest.fixture
def client(organisation):
    return at_work(platform_person(PlatformRole.SALES, full_name="Sal Seller"))


@pytest.fixture
def sample(organisation):
    project = ProjectFactory(organisation=organisation)
    return SampleRequestFactory(project=project, company="Prospect & Co", wish="How we <b>sound</b>.")


def analysed(sample, **fields):
    """Received, with a recording and a run."""
    recording = RecordingFactory(project=sample.project)
    run = RunFactory(recording=recording, **fields)
    now = timezone.now()
    save(sample, state=SampleState.RECEIVED, recording=recording, received_at=now, due_on=now.date())
    return run


def shown(client, sample):
    answer = client.get(reverse("desk-sample", args=[sample.pk]))
    assert answer.status_code == 200
    return text_of(answer)


def offered(text, sample):
    return [name for name in OFFERS if f'"{reverse(name, args=[sample.pk])}"' in text]


def test_all_that_the_prospect_told_escaped(client, sample):
    text = shown(client, sample)

    assert "Prospect &amp; Co" in text
    assert "How we &lt;b&gt;sound&lt;/b&gt;." in text
    assert sample.email in text
    assert "United Kingdom" in text
    assert "The prospect has to send the file." in text


@pytest.mark.parametrize(
    ("state", "offers"),
    [
        ("unconfirmed", ["desk-assign", "desk-tag", "desk-note"]),
        ("open", ["desk-assign", "desk-tag", "desk-note", "desk-decline", "desk-link"]),
        ("received", ["desk-assign", "desk-tag", "desk-note", "desk-ask", "desk-decline", "desk-link"]),
        ("asked", ["desk-assign", "desk-tag", "desk-note", "desk-decline", "desk-link"]),
        ("delivered", ["desk-assign", "desk-tag", "desk-convert", "desk-link"]),
        ("declined", ["desk-assign", "desk-tag", "desk-link"]),
        ("withdrawn", []),
        ("converted", []),
    ],
)
def test_what_would_be_refused_is_not_offered(client, sample, state, offers):
    save(sample, state=state)

    assert offered(shown(client, sample), sample) == offers


def test_a_draft_leads_to_its_review_and_is_not_delivered(client, sample):
    run = analysed(
        sample, state=RunState.DONE, media_facts={"seconds": 60.0}, summary={"scored_seconds": 54.0}
    )
    ReportFactory(run=run, state=ReportState.READY)

    text = shown(client, sample)

    assert reverse("reports:result", args=["sample-desk", run.pk]) + "#review" in text
    assert reverse("analysis:recording", args=["sample-desk", run.recording_id]) in text
    assert "90 % of 1:00 measured" in text
    assert "desk-deliver" not in offered(text, sample)
    assert "Due today" in text


def test_a_signed_report_can_be_delivered(client, sample):
    run = analysed(sample, state=RunState.DONE)
    report = ReportFactory(run=run, state=ReportState.READY)
    ReviewFactory(report=report, name="Ada R.", outcome="signed")

    text = shown(client, sample)

    assert {"desk-deliver", "desk-convert"} <= set(offered(text, sample))
    assert "Report signed by Ada R." in text


def test_a_document_is_delivered_once_there_is_an_answer(client, sample):
    document = DocumentFactory(project=sample.project)
    now = timezone.now()
    save(sample, state=SampleState.RECEIVED, document=document, received_at=now, due_on=now.date())
    before = shown(client, sample)
    save(sample, note="Your pitch is clear.")
    after = shown(client, sample)

    assert "desk-deliver" not in offered(before, sample)
    assert "write the answer as the covering note" in before
    assert "desk-deliver" in offered(after, sample)
    assert "desk-convert" not in offered(after, sample)
    assert "Deliver the answer" in after


def test_a_file_that_staff_put_into_the_project_is_taken_up(client, sample):
    save(sample, state=SampleState.OPEN, confirmed_at=timezone.now())
    recording = RecordingFactory(project=sample.project)

    text = shown(client, sample)

    assert (fresh(sample).state, fresh(sample).recording_id) == (SampleState.RECEIVED, recording.pk)
    assert reverse("analysis:recording", args=["sample-desk", recording.pk]) in text
    assert "The prospect has to send the file." not in text


def test_faces_that_wait_lead_to_where_they_are_told(client, sample):
    run = analysed(sample, state=RunState.ASSIGNING)

    assert reverse("analysis:run-people", args=["sample-desk", run.pk]) in shown(client, sample)


def test_of_an_erased_one_only_the_skeleton(client, sample):
    now = timezone.now()
    save(sample, state="withdrawn", erased_at=now, project=None, name="", email="", company="", wish="")

    text = shown(client, sample)

    assert "Everything that named the prospect was erased." in text
    assert offered(text, sample) == []


def test_another_organisations_row_is_not_there(client, sample):
    elsewhere = SampleRequestFactory(company="Elsewhere Ltd")

    answer = client.get(reverse("desk-sample", args=[elsewhere.pk]))

    assert answer.status_code == 404
    assert "Elsewhere" not in html.unescape(answer.content.decode())
