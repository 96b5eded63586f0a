from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.audit_actions import AuditAction
from accounts.domain.erasure import erasures
from accounts.domain.retention import holds
from accounts.enums import DataClass, ErasureReason, ErasureState, PlatformRole, Role, SubjectRole
from accounts.models import (
    AuditRecord,
    Consent,
    Declaration,
    Invitation,
    Organisation,
    Retention,
    Subject,
)
from analysis.domain import results
from analysis.domain.objects import recording_key
from analysis.enums import RunState
from analysis.models import Recording, Run, TrackAssignment
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from reports.domain import reviews
from reports.domain.requests import report_key
from reports.domain.samples import converting, stages
from reports.enums import ReportState, SampleState
from reports.models import Report, Review, SampleRequest
from tests.factories import (
    ReportFactory,
    ReviewFactory,
    RunFactory,
    SampleRequestFactory,
    SubjectFactory,
    TrackAssignmentFactory,
    UserFactory,
)
from tests.reports.conftest import scored
from tests.support.samples import desk
from tests.support.tenants import every, fresh, save

OWNER = "owner@prospect.example"


@pytest.fixture
def sample(db, frames_parquet):
    """At the desk, with everything of it in storage and its report signed."""
    at = desk()
    with tenant(at.pk):
        run = scored(at, frames_parquet, state=RunState.DONE)
        recording = run.recording
        key = recording_key(at.pk, recording.pk)
        save(recording, storage_key=default_storage.save(key, ContentFile(b"media")))
        report = ReportFactory(run=run, state=ReportState.READY, pages=1, sha256="ab" * 32)
        key = report_key(at.pk, report.pk, 1)
        save(report, storage_key=default_storage.save(key, ContentFile(b"%PDF-1.7")))
    ReviewFactory(report=report, name="R. Eviewer")
    facts = {"company": "Prospect Works", "reference": "S-1", "state": SampleState.RECEIVED}
    facts |= {"email": "Owner@Prospect.example", "confirmed_at": timezone.now()}
    return SampleRequestFactory(project=recording.project, recording=recording, **facts)


@pytest.fixture
def colleague(db):
    return UserFactory(platform_role=PlatformRole.SALES)


@pytest.fixture
def convert(sample, colleague):
    def act(address=OWNER):
        with tenant(sample.organisation_id):
            return converting.convert(SampleRequest.objects.get(), colleague, address)

    return act


def objects():
    """Every object in storage."""

    def below(folder):
        folders, files = default_storage.listdir(folder)
        own = {f"{folder}/{name}".lstrip("/") for name in files}
        return own.union(*(below(f"{folder}/{name}".lstrip("/")) for name in folders))

    return below("")


def content(key):
    with default_storage.open(key) as handle:
        return handle.read()


def refused(convert, code, *address):
    before, stored = len(every(Organisation)), objects()
    with pytest.raises(UserError) as refusal:
        convert(*address)
    assert refusal.value.code == code
    assert len(every(Organisation)) == before
    assert objects() == stored
    assert mail.outbox == []


def promoted(person, role):
    person.platform_role = role
    person.save()


def test_a_prospect_gets_an_organisation_on_trial_and_is_invited_as_its_owner(sample, convert):
    made = convert()

    with tenant(made.pk):
        made.refresh_from_db()
        invitation = Invitation.objects.get()
        assert made.trial_until == stages.today(made) + timedelta(days=30)
        actions = set(AuditRecord.objects.values_list("action", flat=True))
    assert (made.name, made.is_desk) == ("Prospect Works", False)
    assert (made.quota_members, made.quota_recordings, made.quota_bytes) == (5, 20, 5 * 10**9)
    assert (invitation.email, invitation.role) == (OWNER, Role.OWNER)
    assert [letter.to for letter in mail.outbox] == [[OWNER]]
    assert {
        AuditAction.ORGANISATION_CREATED,
        AuditAction.QUOTAS_CHANGED,
        AuditAction.SAMPLE_CONVERTED,
    } <= actions

    sample = fresh(sample)
    assert (sample.state, sample.became) == (SampleState.CONVERTED, made.pk)
    assert sample.erase_on
    with tenant(sample.organisation_id):
        line = AuditRecord.objects.get(action=AuditAction.SAMPLE_CONVERTED)
    assert line.facts == {"organisation": str(made.pk)}


def test_the_sample_is_inside_with_its_signed_report(sample, convert):
    with tenant(sample.organisation_id):
        recording = Recording.objects.get()
        save(Subject.objects.get(), role=SubjectRole.CUSTOMER)
        save(Declaration.objects.get(), purpose="sales_meeting")
        TrackAssignmentFactory(recording=recording, track=1, subject=recording.subject)
        TrackAssignmentFactory(recording=recording, track=2, role=SubjectRole.UNKNOWN)
        signature = Review.objects.get()
        old = Run.objects.get()
        findings = content(old.result_key)
    before = objects()
    made = convert()

    with tenant(made.pk):
        run = Run.objects.select_related("recording__project", "recording__subject").get()
        report = Report.objects.get()
        assert run.recording.project.name == "Sample S-1"
        assert run.recording.subject.role == SubjectRole.CUSTOMER
        assert run.recording.sha256 == recording.sha256
        assert run.declaration == Declaration.objects.get()
        assert run.declaration.purpose == "sales_meeting"
        assert list(TrackAssignment.objects.values_list("track", "subject")) == [
            (1, run.recording.subject_id),
            (2, None),
        ]
        assert content(run.result_key) == findings
        assert results.load(run).seconds > 0
        assert (run.state, run.summary, run.requested_by_id) == (old.state, old.summary, None)
        assert reviews.is_signed(report)
        assert report.sha256 == "ab" * 32
        assert Review.objects.get().reviewed_at == signature.reviewed_at
        assert Review.objects.get().reviewer_id is None
        classes = set(Retention.objects.values_list("data_class", flat=True))
        keys = {run.recording.storage_key, run.result_key, run.frames_key, report.storage_key}
        assert not Consent.objects.exists()
    assert objects() - before == keys
    assert all(key.startswith(f"{made.pk}/") for key in keys)
    assert content(report.storage_key) == b"%PDF-1.7"
    assert {"media", "frames", "findings", "reports"} <= classes


def test_what_lies_at_the_desk_stays_until_its_day(sample, convert):
    before = objects()
    save(sample, state=SampleState.DELIVERED, erase_on="2026-12-24", ended_at="2026-11-24T12:00:00Z")
    convert()

    assert str(fresh(sample).erase_on) == "2026-12-24"
    assert objects() > before
    with tenant(sample.organisation_id):
        assert Recording.objects.get().pk == sample.recording_id


def test_only_with_a_signed_report(sample, convert):
    with tenant(sample.organisation_id):
        Review.objects.all().delete()

    refused(convert, "sample_not_signed")


@pytest.mark.parametrize("state", [SampleState.CONVERTED, SampleState.DECLINED, SampleState.WITHDRAWN])
def test_not_once_it_is_over(sample, convert, state):
    save(sample, state=state)

    refused(convert, "sample_state_differs")


@pytest.mark.parametrize("broken", ["send_mail", "store"])
def test_where_mail_or_storage_fails_nothing_is_made(sample, convert, monkeypatch, broken):
    before = objects()

    def refuse(*_args, **_more):
        raise OSError("not now")

    if broken == "send_mail":
        monkeypatch.setattr("accounts.domain.invitations.send_mail", refuse)
        with pytest.raises(OSError, match="not now"):
            convert()
    else:
        monkeypatch.setattr("reports.domain.samples.copying.retention.keep_report", refuse)
        refused(convert, "storage_unavailable")

    assert [one.pk for one in every(Organisation)] == [sample.organisation_id]
    assert objects() == before
    assert fresh(sample).state == SampleState.RECEIVED
    assert fresh(sample).became is None


@pytest.mark.parametrize("confirmed", [True, False])
def test_sales_invites_nobody_but_the_prospect_whose_address_is_known(sample, convert, confirmed):
    if not confirmed:
        save(sample, confirmed_at=None)

    refused(convert, "owner_not_prospect", "me@else.example" if confirmed else OWNER)
    assert fresh(sample).state == SampleState.RECEIVED


def test_an_admin_names_another_owner(convert, colleague):
    promoted(colleague, PlatformRole.ADMIN)

    convert("boss@else.example")

    assert [letter.to for letter in mail.outbox] == [["boss@else.example"]]


def test_of_one_that_staff_entered_the_address_is_known(sample, convert, colleague):
    save(sample, confirmed_at=None, entered_by=colleague)

    convert()

    assert [letter.to for letter in mail.outbox] == [[OWNER]]


@pytest.mark.parametrize("role", [PlatformRole.SALES, PlatformRole.ADMIN])
def test_nobody_of_the_platform_becomes_an_owner(sample, convert, colleague, role):
    promoted(colleague, role)
    UserFactory(email="support@platform.example", platform_role=PlatformRole.SUPPORT)
    save(sample, email="support@platform.example")

    refused(convert, "owner_is_staff", "Support@Platform.example")


@pytest.mark.parametrize("kind", ["project", "subject", "recording", "somebody seen"])
@pytest.mark.parametrize("held", [True, False])
def test_what_is_to_be_erased_does_not_go_along(sample, convert, kind, held):
    with tenant(sample.organisation_id):
        recording = Recording.objects.get()
        thing = {"project": recording.project_id, "subject": recording.subject_id}.get(kind, recording.pk)
        if kind == "somebody seen":
            thing = SubjectFactory(project=recording.project).pk
            TrackAssignmentFactory(recording=recording, track=2, subject_id=thing)
            kind = "subject"
        if held:
            holds.place("recording", recording.pk, "A dispute.", None, None)
        asked = erasures.request(ErasureReason.MEMBER, kind, thing, sample.organisation_id)
    assert asked.state == (ErasureState.HELD if held else ErasureState.REQUESTED)

    refused(convert, "sample_being_erased" if held else "sample_not_signed")


@pytest.mark.parametrize("state", [SampleState.RECEIVED, SampleState.DELIVERED])
def test_what_was_signed_before_a_newer_draft_does_not_go_along(sample, convert, state):
    with tenant(sample.organisation_id):
        RunFactory(recording=Recording.objects.get(), state=RunState.DONE)
    save(sample, state=state)

    refused(convert, "sample_not_signed")


def test_the_copy_is_as_old_and_kept_no_longer_than_what_it_was_made_of(sample, convert):
    long_ago = timezone.now() - timedelta(days=25)
    with tenant(sample.organisation_id):
        Recording.objects.update(created_at=long_ago)
        Run.objects.update(requested_at=long_ago)
        Report.objects.update(ready_at=long_ago + timedelta(hours=1))
    made = convert()

    with tenant(made.pk):
        assert Recording.objects.get().created_at == long_ago
        assert Run.objects.get().requested_at == long_ago
        rows = Retention.objects.filter(data_class__in=[DataClass.MEDIA, DataClass.FRAMES, DataClass.REPORTS])
        assert {row.starts_at for row in rows} == {long_ago}
        assert Retention.objects.get(data_class=DataClass.MEDIA).reported_at == long_ago + timedelta(hours=1)
