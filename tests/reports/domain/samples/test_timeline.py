from datetime import UTC, datetime, timedelta

from echodepth.tenancy import tenant
from reports.domain.samples import timeline
from reports.models import SampleRequest
from tests.factories import (
    ProjectFactory,
    RecordingFactory,
    ReportFactory,
    ReviewFactory,
    RunFactory,
    SampleRequestFactory,
)
from tests.support.samples import desk

DAY = timedelta(days=1)
BEGUN = datetime(2026, 11, 2, 9, tzinfo=UTC)


def told(sample):
    with tenant(sample.organisation_id):
        SampleRequest.objects.filter(pk=sample.pk).update(created_at=BEGUN)
        return [event.words for event in timeline.of(SampleRequest.objects.get(pk=sample.pk))]


def test_a_requests_life_in_order(db):
    organisation = desk()
    moments = [BEGUN + DAY * number for number in range(9)]
    sample = SampleRequestFactory(
        project=ProjectFactory(organisation=organisation),
        state="withdrawn",
        confirmed_at=moments[1],
        received_at=moments[2],
        pauses=[[moments[3].isoformat(), moments[4].isoformat()]],
        delivered_at=moments[5],
        ended_at=moments[6],
        erased_at=moments[7],
    )

    assert told(sample) == [
        "Asked for at the public page",
        "E-mail address confirmed",
        "File received: the working days run",
        "Asked the prospect: the clock stands",
        "Answered: the clock goes on",
        "Report delivered",
        "Withdrawn",
        "Everything erased",
    ]


def test_its_analyses_and_reviews_and_nobody_elses(db):
    organisation = desk()
    project = ProjectFactory(organisation=organisation)
    recording = RecordingFactory(project=project)
    report = ReportFactory(run=RunFactory(recording=recording, state="done", finished_at=BEGUN + DAY * 99))
    ReviewFactory(report=report, name="Ada R.", outcome="signed")
    other = ReportFactory(run=RunFactory(recording=RecordingFactory(project=project)))
    ReviewFactory(report=other, name="Eve", outcome="returned")
    sample = SampleRequestFactory(project=project, recording=recording, state="received")

    words = told(sample)

    assert words.count("Analysis begun") == words.count("Analysis ended") == 1
    assert "Report signed by Ada R." in words
    assert not any("Eve" in one for one in words)
    with tenant(organisation.pk):
        assert timeline.report_of(report.run) == report
        assert timeline.report_of(None) is None
