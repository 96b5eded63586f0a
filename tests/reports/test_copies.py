"""Reports and reviews in a person's copy: rows always, the PDF where it is wanted."""

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.domain.rights.exporters import copy_of
from echodepth.tenancy import tenant
from reports import copies
from reports.domain.requests import report_key
from reports.enums import ReportState
from tests.factories import (
    RecordingFactory,
    ReportFactory,
    ReviewFactory,
    RunFactory,
    SubjectFactory,
    TrackAssignmentFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def reported():
    """A report of one person, and one of somebody else."""
    made = []
    subject = SubjectFactory()
    for person in (subject, SubjectFactory(project=subject.project)):
        run = RunFactory(recording=RecordingFactory(project=subject.project, subject=person))
        report = ReportFactory(run=run, state=ReportState.READY)
        report.storage_key = default_storage.save(
            report_key(report.organisation_id, report.pk, 1), ContentFile(b"%PDF of " + person.label.encode())
        )
        with tenant(report.organisation_id):
            report.save()
        ReviewFactory(report=report, remarks=f"Of {person.label}")
        made.append((person, report))
    return made


def test_rows_are_the_persons_alone(reported):
    (mine, report), _other = reported
    with tenant(mine.organisation_id):
        assert [row.pk for row in copies.reports(mine)] == [report.pk]
        assert [row.remarks for row in copies.reviews(mine)] == [f"Of {mine.label}"]


def test_remarks_go_to_whom_the_recording_is_about_and_the_reviewers_name_to_nobody(reported):
    (mine, report), (other, _report) = reported
    TrackAssignmentFactory(recording=report.run.recording, subject=other)
    told = {}
    with tenant(mine.organisation_id):
        for person in (mine, other):
            for row in copies.reviews(person):
                facts = copy_of(row) | copies.of_others_reviewed(person, row)
                assert "name" not in facts
                told[person, facts["report"]] = facts["remarks"]
    assert told[mine, str(report.pk)] == f"Of {mine.label}"
    assert told[other, str(report.pk)] == ""


def test_the_pdf_comes_along_where_it_is_wanted(reported):
    (mine, report), (_other, others_report) = reported
    TrackAssignmentFactory(recording=others_report.run.recording, subject=mine)
    with tenant(mine.organisation_id):
        assert list(copies.files(mine, False)) == []
        [file] = copies.files(mine, True)
        content = BytesIO()
        file.write(content)
    assert (file.name, content.getvalue()) == (
        f"reports/{report.run_id}.pdf",
        b"%PDF of " + mine.label.encode(),
    )
