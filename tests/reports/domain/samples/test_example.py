import hashlib
from datetime import timedelta

import pytest
from django.utils import timezone

from analysis.domain import demonstration
from echodepth.tenancy import tenant
from reports.domain.samples.example import PROJECT, example
from reports.enums import ReportState
from tests.factories import ProjectFactory, RecordingFactory, ReportFactory, RunFactory, SampleRequestFactory
from tests.support.samples import desk
from tests.support.tenants import save

pytestmark = pytest.mark.django_db


SHOWN = hashlib.sha256(demonstration.RECORDING.read_bytes()).hexdigest()


def report_in(project, sha256=SHOWN, **fields):
    recording = RecordingFactory(project=project, title="Demonstration recording", sha256=sha256)
    run = RunFactory(recording=recording)
    return ReportFactory(run=run, **{"state": ReportState.READY, "ready_at": timezone.now()} | fields)


def found_in(home):
    with tenant(home.pk):
        return example()


def test_it_is_the_newest_ready_report_of_the_demonstration():
    home = desk()
    project = ProjectFactory(organisation=home, name=PROJECT)
    report_in(project, ready_at=timezone.now() - timedelta(days=1))
    newest = report_in(project)
    report_in(project, state=ReportState.REQUESTED, ready_at=None)

    found = found_in(home)

    assert (found.report.pk, found.is_signed) == (newest.pk, False)
    assert found.file.name == "demonstration-recording-draft-report.pdf"


def test_a_prospect_s_report_is_never_shown(organisation):
    """Neither of the same file, nor by a project's name, nor of another organisation."""
    home = desk()
    prospects = ProjectFactory(organisation=home, name="S-7KQ2-M4")
    save(SampleRequestFactory(project=prospects))
    report_in(prospects)
    report_in(ProjectFactory(organisation=home, name=PROJECT), sha256="ab" * 32)
    report_in(ProjectFactory(organisation=organisation, name=PROJECT))

    assert found_in(home) is None
