"""The sales desk with its requests, beside the organisations of `tests.support.world`."""

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from accounts.enums import ErasureState, PlatformRole
from echodepth.tenancy import tenant
from reports.enums import ReportState, SampleState
from reports.models import Report, SampleRequest
from tests import factories
from tests.support import samples
from tests.support.world import everything_of, scored_run, staff, stored_recording

MARK = "Brobdingnag"
"""What names everything at the desk; it stands in no address."""
SECRET = "secret-of-the-samples-link"
OTHER_SECRET = "secret-of-an-erased-samples-link"
CODE = "123456"
AT_DESK = {"staff", "sales", "admin-in"}
"""Kinds of person that work at the desk."""


class Desk:
    """A request of which the file is there and was analysed, one that nobody confirmed, and one that is gone.

    `ids` are parts of addresses, by their names; `own` are those of the desk's ordinary pages, which an
    organisation of a `World` has too.
    """

    def __init__(self, frames: Path) -> None:
        self.organisation = samples.desk(name=f"{MARK} samples", slug="samples", time_zone="UTC")
        self.pk = self.organisation.pk
        self.colleague = staff(PlatformRole.SALES)
        with tenant(self.pk):
            self.sample = self._sample(frames)
            self._erased()
        fresh = samples.asked(name=f"{MARK} stranger", company=f"{MARK} Works")
        self.ids: dict[str, Any] = {
            "sample_id": self.sample.pk,
            "sample_token": SECRET,
            "erased_sample_token": OTHER_SECRET,
            "fresh_sample_token": fresh.secret,
        }

    def _sample(self, frames: Path) -> SampleRequest:
        project = factories.ProjectFactory(organisation=self.organisation, name=f"{MARK} S-1")
        subject = factories.SubjectFactory(project=project, label=f"{MARK} subject")
        recording = stored_recording(project=project, subject=subject, title=f"{MARK} pitch")
        run = scored_run(recording, frames)
        self.own = {
            "organisation_slug": self.organisation.slug,
            "project_id": project.pk,
            "recording_id": recording.pk,
            "run_id": run.pk,
        }
        made: SampleRequest = factories.SampleRequestFactory(
            project=project,
            recording=recording,
            reference="S-1",
            name=f"{MARK} prospect",
            company=f"{MARK} Ltd",
            state=SampleState.RECEIVED,
            confirmed_at=timezone.now(),
            received_at=timezone.now(),
            due_on=timezone.localdate() + timedelta(days=7),
            token_hash=_sha256(SECRET),
        )
        return made

    def _erased(self) -> None:
        """A request that was withdrawn; its certificate is there."""
        certificate = factories.CertificateFactory(
            erasure__organisation=self.organisation, erasure__state=ErasureState.DONE
        )
        factories.SampleRequestFactory(
            organisation=self.organisation,
            project=None,
            state=SampleState.WITHDRAWN,
            erased_at=timezone.now(),
            erasure=certificate.erasure_id,
            token_hash=_sha256(OTHER_SECRET),
        )

    def turn(self, state: SampleState, **facts: Any) -> None:
        """The request into another state."""
        with tenant(self.pk):
            SampleRequest.objects.filter(pk=self.sample.pk).update(state=state, **facts)

    def ask(self) -> None:
        """The prospect was asked for something."""
        self.turn(SampleState.ASKED, question="Who is the second person?", paused_at=timezone.now())

    def sign(self) -> None:
        """Its report is signed, and could be delivered."""
        with tenant(self.pk):
            report = Report.objects.get(run=self.own["run_id"], state=ReportState.READY)
            factories.ReviewFactory(report=report, name="R. Eviewer")

    def deliver(self) -> None:
        """The report can be opened at the link, with `CODE`."""
        self.sign()
        soon = timezone.now() + timedelta(minutes=10)
        self.turn(SampleState.DELIVERED, report_until=soon, code_hash=make_password(CODE), code_until=soon)

    def everything(self) -> list[list[tuple[Any, ...]]]:
        return everything_of(self.pk)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
