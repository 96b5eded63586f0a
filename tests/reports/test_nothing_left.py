"""A person is erased at their request; then everything is searched for their name, address and file names.

Everything: every table of the database, what queue and sessions hold packed, storage, and the log of the
erasure itself. What another person left is searched for in the same way, and must still be found.
"""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ, Task
from django_q.tasks import async_task

from accounts.audit_actions import AuditAction
from accounts.domain import audit
from accounts.domain.erasure import erasures
from accounts.domain.rights import answers, copies, requests
from accounts.enums import ConsentState, ErasureState, RightsKind, Role
from accounts.models import Certificate, Erasure, RightsRequest
from analysis.domain import objects
from analysis.engine.result import to_json
from analysis.enums import RunState, UploadState
from echodepth.tenancy import tenant
from reports.domain.requests import report_key
from reports.enums import ReportState
from reports.models import Report
from tests import factories
from tests.support.results import example_result
from tests.support.sign_in import reauthenticate, signed_in
from tests.support.tenants import every
from tests.support.traces import Log, in_database, in_storage

pytestmark = pytest.mark.django_db

NAME = "Ottoline Quimby"
EMAIL = "ottoline@quimby.example"
FILE = "quimby-statement.mp4"
TITLE = "Statement of O. Quimby"
GONE = (NAME, EMAIL, FILE, TITLE, "Quimby")
STAYS = (
    "Perpetua Hargreave",
    "perpetua@hargreave.example",
    "hargreave-statement.mp4",
    "Statement of P. Hargreave",
)


class Person:
    """Somebody of whom there is one of everything that can be of a person."""

    def __init__(self, project, name, email, file, title, frames):
        self.subject = factories.SubjectFactory(project=project, label=name)
        self.organisation_id = project.organisation_id
        with tenant(self.organisation_id):
            self._recorded(file, title, frames)
            self._papers(name, email)
            self._traces(name)

    def _recorded(self, file, title, frames):
        recording = factories.RecordingFactory.build(
            project=self.subject.project, subject=self.subject, title=title, original_name=file
        )
        recording.organisation_id = self.organisation_id
        key = objects.recording_key(self.organisation_id, recording.pk)
        recording.storage_key = default_storage.save(key, ContentFile(title.encode()))
        recording.save()
        run = self.run = factories.RunFactory(recording=recording, state=RunState.DONE)
        folder = f"{objects.run_folder(self.organisation_id, run.pk)}/1"
        run.frames_key = objects.store(f"{folder}/frames.parquet", frames)
        run.result_key = default_storage.save(
            f"{folder}/result.json", ContentFile(to_json(example_result(600)).encode())
        )
        run.save()
        report = factories.ReportFactory(run=run, state=ReportState.READY, pages=1)
        key = report_key(self.organisation_id, report.pk, 1)
        report.storage_key = default_storage.save(key, ContentFile(title.encode()))
        report.save()
        factories.ReviewFactory(report=report, remarks=f"Talk to {self.subject.label}")
        factories.UploadFactory(
            project=self.subject.project,
            recording=recording,
            title=title,
            subject_label=self.subject.label,
            original_name=file,
            state=UploadState.DONE,
        )
        for action in (AuditAction.RECORDING_UPLOADED, AuditAction.RECORDING_VIEWED):
            audit.record(action, recording)
        audit.record(AuditAction.RESULT_VIEWED, run)

    def _papers(self, name, email):
        factories.NoticeFactory(subject=self.subject)
        factories.ConsentFactory(
            subject=self.subject,
            state=ConsentState.GIVEN,
            signer=name,
            email=email,
            given_at=timezone.now(),
            until=timezone.localdate() + timedelta(days=30),
        )
        audit.record(AuditAction.SUBJECT_VIEWED, self.subject)
        self.asked = requests.receive(self.subject, RightsKind.ACCESS, f"I am {name}, {email}")
        copies.ask(self.asked, with_media=True)
        copies.make(self.asked.pk)
        self.wants = requests.receive(self.subject, RightsKind.ERASURE, f"Erase me, {name}")
        factories.LegalHoldFactory(
            organisation=self.subject.organisation,
            kind="subject",
            object_id=self.subject.pk,
            reason=f"{name} against us",
            released_at=timezone.now(),
        )

    def _traces(self, name):
        async_task("analysis.tasks.analyse", str(self.organisation_id), str(self.run.pk), save=False)
        Task.objects.create(
            id=self.run.pk.hex,
            name="analyse",
            func="analysis.tasks.analyse",
            args=(str(self.organisation_id), str(self.run.pk)),
            result=f"Traceback: no such file {name}",
            started=timezone.now(),
            stopped=timezone.now(),
            success=False,
        )


@pytest.fixture(autouse=True)
def quick_pdf(monkeypatch):
    """The readable copy is laid out in `tests/accounts/domain/rights/test_readable.py`; here it only lies."""
    monkeypatch.setattr(copies.readable, "pdf", lambda subject, *_more: subject.label.encode())


@pytest.fixture
def project():
    return factories.ProjectFactory(name="Spring")


@pytest.fixture
def person(project, frames_parquet):
    return Person(project, NAME, EMAIL, FILE, TITLE, frames_parquet)


@pytest.fixture
def other(project, frames_parquet):
    return Person(project, *STAYS, frames_parquet)


@pytest.fixture
def storage(settings) -> Path:
    return Path(settings.STORAGES["default"]["OPTIONS"]["location"])


def erase(person):
    """As a member does it and a worker works it off."""
    organisation = person.subject.organisation
    owner = factories.MembershipFactory(organisation=organisation, role=Role.OWNER).user
    client = signed_in(owner)
    reauthenticate(client)
    address = reverse("rights-erase", args=[organisation.slug, person.wants.pk])
    assert client.post(address).status_code == 302
    [erasure] = [row for row in every(Erasure) if row.object_id == person.subject.pk]
    with tenant(person.organisation_id):
        assert erasures.work(erasure.pk)
    return erasure


def test_everything_is_found_before(person, storage):
    tables = set().union(*in_database(GONE).values())
    assert tables == set(GONE)
    assert {"tasks"} <= set(in_database(GONE))
    assert set().union(*in_storage(storage, GONE).values()) == set(GONE)


def test_of_somebody_erased_nothing_is_left_anywhere(person, other, storage):
    with Log() as log:
        erase(person)
    assert in_database(GONE) == {}
    assert in_storage(storage, GONE) == {}
    assert log.found(GONE) == set()
    assert set().union(*in_database(STAYS).values()) == set(STAYS)
    assert set().union(*in_storage(storage, STAYS).values()) == set(STAYS)
    assert [row.run_id for row in every(Report)] == [other.run.pk]


def test_queue_and_outcomes_of_tasks_name_the_others_alone(person, other):
    assert {row.task["args"][1] for row in OrmQ.objects.all()} >= {str(person.run.pk), str(other.run.pk)}
    erase(person)
    named = {row.task["args"][1] for row in OrmQ.objects.all()}
    assert str(person.run.pk) not in named
    assert str(other.run.pk) in named
    assert [row.id for row in Task.objects.all()] == [other.run.pk.hex]


def test_opaque_ids_stay_in_the_trail_and_in_the_certificate(person, other):
    erasure = erase(person)
    [certificate] = every(Certificate)
    assert certificate.erasure_id == erasure.pk
    ids = {str(person.subject.pk), str(person.run.pk)}
    assert ids <= set().union(*in_database(ids).values())
    found = in_database(ids | {one.replace("-", "") for one in ids})  # as SQLite keeps them
    held = {"accounts_auditrecord", "accounts_certificate", "accounts_erasedthing", "accounts_erasure"}
    proof_of_consent = {"accounts_subject", "accounts_consent", "accounts_notice"}
    assert set(found) <= held | proof_of_consent


def test_the_request_says_when_it_was_asked_and_answered_and_no_more(person, other):
    erase(person)
    rows = {row.pk: row for row in every(RightsRequest)}
    done, closed = rows[person.wants.pk], rows[person.asked.pk]
    assert (done.state, closed.state) == ("done", "declined")
    assert {done.words, closed.words, closed.export_key, closed.export_sha256} == {""}
    assert rows[other.asked.pk].words == f"I am {STAYS[0]}, {STAYS[1]}"
    with tenant(person.organisation_id):
        erasure = answers.erasure_of(done)
    assert erasure is not None
    assert erasure.state == ErasureState.DONE
