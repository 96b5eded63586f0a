"""Sample requests at the desk whose file is there, and how far their analysis is."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Organisation
from analysis.enums import RunState
from analysis.models import Run
from reports.enums import ReportState, SampleState
from reports.models import SampleRequest
from tests import factories
from tests.support.samples import desk


def received(at: Organisation | None = None, **more: Any) -> SampleRequest:
    """A request whose recording came today; nothing was begun with it."""
    project = factories.ProjectFactory(organisation=at or desk())
    recording = factories.RecordingFactory(project=project)
    facts = {
        "state": SampleState.RECEIVED,
        "received_at": timezone.now(),
        "due_on": timezone.localdate() + timedelta(days=7),
    }
    made: SampleRequest = factories.SampleRequestFactory(
        **{"project": project, "recording": recording, **facts, **more}
    )
    return made


def analysed(sample: SampleRequest, state: RunState = RunState.DONE, **more: Any) -> Run:
    """A run of its recording, in this state."""
    made: Run = factories.RunFactory(recording=sample.recording, state=state, **more)
    return made


def signed(sample: SampleRequest) -> Run:
    """Analysed, and its report is signed and ready."""
    run = analysed(sample)
    report = factories.ReportFactory(run=run, state=ReportState.READY, sha256="ab" * 32, pages=1)
    factories.ReviewFactory(report=report, name="R. Eviewer")
    return run
