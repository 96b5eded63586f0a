"""Accounts, recordings, runs and reports for tests; `tests.factories` gives them."""

import hashlib
from datetime import timedelta
from typing import Any

import factory
from django.db.models import Model
from django.utils import timezone

from accounts.domain.lawful import rules
from accounts.domain.sso.providers import PURPOSE
from accounts.enums import (
    PartyKind,
    PlatformRole,
    Role,
)
from accounts.models import (
    ApiToken,
    AuditHead,
    AuditParty,
    AuditRecord,
    Declaration,
    Domain,
    Identity,
    IdentityProvider,
    Invitation,
    Membership,
    Organisation,
    Project,
    StaffSession,
    Subject,
    User,
)
from analysis.enums import RunState
from analysis.models import (
    CohortCalibration,
    Document,
    Recording,
    Run,
    Segment,
    SubjectNeutral,
    Upload,
)
from echodepth.encryption import encrypt
from echodepth.tenancy import tenant
from reports.domain.facts import draft_source
from reports.enums import ReportState, SampleState
from reports.models import Report, SampleRequest

PASSWORD = "correct horse battery staple"


class UserFactory(factory.django.DjangoModelFactory):
    """A person whose password is `PASSWORD`, with a verified address."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    full_name = factory.Faker("name")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        kwargs.setdefault("password", PASSWORD)
        return model_class.objects.create_user(*args, **kwargs)

    @factory.post_generation
    def address(self: User, create: bool, extracted: bool | None, **_kwargs: Any) -> None:
        if create and extracted is not False:
            self.emailaddress_set.create(email=self.email, verified=True, primary=True)


class OrganisationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Organisation {n}")
    slug = factory.Sequence(lambda n: f"organisation-{n}")
    time_zone = "UTC"

    @classmethod
    def _create(cls, model_class: type[Organisation], *args: Any, **kwargs: Any) -> Organisation:
        made = model_class(*args, **kwargs)
        with tenant(made.pk):
            made.save(force_insert=True)
        return made


class TenantFactory(factory.django.DjangoModelFactory):
    """Both fences want the scope of the row's organisation."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class: type[Model], *args: Any, **kwargs: Any) -> Any:
        with tenant(kwargs["organisation"].pk):
            return super()._create(model_class, *args, **kwargs)


class MembershipFactory(TenantFactory):
    class Meta:
        model = Membership

    organisation = factory.SubFactory(OrganisationFactory)
    user = factory.SubFactory(UserFactory)
    role = Role.ANALYST


class StaffSessionFactory(TenantFactory):
    class Meta:
        model = StaffSession

    organisation = factory.SubFactory(OrganisationFactory)
    user = factory.SubFactory(UserFactory, platform_role=PlatformRole.SUPPORT)
    reason = "Ticket 17"
    ends_at = factory.LazyFunction(lambda: timezone.now() + timedelta(hours=1))


class DomainFactory(TenantFactory):
    """Proven, unless told otherwise."""

    class Meta:
        model = Domain

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence(lambda n: f"domain{n}.example")
    secret = "0123456789abcdef"
    proven_at = factory.LazyFunction(timezone.now)


class IdentityProviderFactory(TenantFactory):
    """Switched on; `secret` is what it takes from us."""

    class Meta:
        model = IdentityProvider
        exclude = ("secret",)

    organisation = factory.SubFactory(OrganisationFactory)
    name = "Provider"
    issuer = "https://login.harbour.example"
    client_id = "echodepth-at-provider"
    secret = "a secret of the provider"
    client_secret = factory.LazyAttribute(lambda made: encrypt(made.secret, PURPOSE))
    role = Role.VIEWER
    enabled = True


class IdentityFactory(TenantFactory):
    class Meta:
        model = Identity

    organisation = factory.SelfAttribute("provider.organisation")
    provider = factory.SubFactory(IdentityProviderFactory)
    subject = factory.Sequence(lambda n: f"subject-{n}")
    user = factory.SubFactory(UserFactory)


class ProjectFactory(TenantFactory):
    class Meta:
        model = Project

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence(lambda n: f"Project {n}")

    @classmethod
    def _create(cls, model_class: type[Project], *args: Any, **kwargs: Any) -> Project:
        declared = kwargs.pop("declared", True)
        made: Project = super()._create(model_class, *args, **kwargs)
        if declared:
            DeclarationFactory(project=made)
        return made


def _judged(use: Any) -> rules.Outcome:
    return rules.judge(use.purpose, use.setting, use.region, use.people)


class DeclarationFactory(TenantFactory):
    """A use that requires nothing: of rendered people. What the rules say follows from what is passed."""

    class Meta:
        model = Declaration

    organisation = factory.SelfAttribute("project.organisation")
    project = factory.SubFactory(ProjectFactory, declared=False)
    purpose = "rendered_people"
    setting = "demonstration"
    region = "other"
    people = factory.LazyFunction(list)
    rules_version = rules.VERSION
    state = factory.LazyAttribute(lambda use: _judged(use).state)
    outcome = factory.LazyAttribute(lambda use: _judged(use).as_json())


class SubjectFactory(TenantFactory):
    class Meta:
        model = Subject

    organisation = factory.SelfAttribute("project.organisation")
    project = factory.SubFactory(ProjectFactory)
    label = factory.Sequence(lambda n: f"Subject {n}")


class StoredFileFactory(TenantFactory):
    class Meta:
        abstract = True

    organisation = factory.SelfAttribute("project.organisation")
    project = factory.SubFactory(ProjectFactory)
    title = factory.Sequence(lambda n: f"File {n}")
    size = 1_000
    sha256 = factory.LazyAttribute(lambda file: hashlib.sha256(file.title.encode()).hexdigest())


class RecordingFactory(StoredFileFactory):
    class Meta:
        model = Recording

    original_name = "interview.mp4"
    storage_key = factory.LazyAttribute(
        lambda recording: f"{recording.project.organisation_id}/recordings/{recording.sha256[:32]}/media"
    )


class DocumentFactory(StoredFileFactory):
    class Meta:
        model = Document

    original_name = "notes.pdf"
    storage_key = factory.LazyAttribute(
        lambda document: f"{document.project.organisation_id}/documents/{document.sha256[:32]}/file"
    )


class RunFactory(TenantFactory):
    class Meta:
        model = Run

    organisation = factory.SelfAttribute("recording.organisation")
    recording = factory.SubFactory(RecordingFactory)
    state = RunState.REQUESTED

    @classmethod
    def _create(cls, model_class: type[Run], *args: Any, **kwargs: Any) -> Run:
        """Requested under what is declared of the project, unless it is said otherwise."""
        project = kwargs["recording"].project_id
        with tenant(kwargs["organisation"].pk):
            current = Declaration.objects.filter(project=project, ended_at=None).first()
        made: Run = super()._create(model_class, *args, **{"declaration": current} | kwargs)
        return made


class SegmentFactory(TenantFactory):
    class Meta:
        model = Segment

    organisation = factory.SelfAttribute("run.organisation")
    run = factory.SubFactory(RunFactory)
    number = factory.Sequence(int)
    frames = 256


class ReportFactory(TenantFactory):
    """Made, where its state says so, from what its run's recording is called now."""

    class Meta:
        model = Report

    organisation = factory.SelfAttribute("run.organisation")
    run = factory.SubFactory(RunFactory)
    state = ReportState.REQUESTED

    @classmethod
    def _create(cls, model_class: type[Report], *args: Any, **kwargs: Any) -> Report:
        with tenant(kwargs["organisation"].pk):
            made_from = {"source_sha256": draft_source(kwargs["run"])}
        made: Report = super()._create(model_class, *args, **made_from | kwargs)
        return made


class SampleRequestFactory(TenantFactory):
    """A prospect's, confirmed and without a file."""

    class Meta:
        model = SampleRequest

    organisation = factory.SelfAttribute("project.organisation")
    project = factory.SubFactory(ProjectFactory)
    reference = factory.Sequence(lambda n: f"S-{n:06d}")
    name = factory.Faker("name")
    email = factory.Sequence(lambda n: f"prospect-{n}@prospect.example")
    company = factory.Faker("company")
    wish = "How our pitch comes across."
    country = "GB"
    region = "uk"
    state = SampleState.OPEN
    confirmed_at = factory.LazyFunction(timezone.now)
    token_hash = factory.Sequence(lambda n: hashlib.sha256(f"sample {n}".encode()).hexdigest())


class UploadFactory(TenantFactory):
    class Meta:
        model = Upload

    organisation = factory.SelfAttribute("project.organisation")
    project = factory.SubFactory(ProjectFactory)
    original_name = "interview.mp4"
    size = 1_000
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(hours=1))


class SubjectNeutralFactory(TenantFactory):
    class Meta:
        model = SubjectNeutral

    organisation = factory.SelfAttribute("subject.organisation")
    subject = factory.SubFactory(SubjectFactory)


class CohortCalibrationFactory(TenantFactory):
    class Meta:
        model = CohortCalibration

    organisation = factory.SubFactory(OrganisationFactory)
    cohort = "ca-fr"
    number = 1
    list_version = "1"
    model = "blendface 1"
    parameters = factory.LazyFunction(dict)
    evidence = factory.LazyFunction(dict)


class InvitationFactory(TenantFactory):
    class Meta:
        model = Invitation

    organisation = factory.SubFactory(OrganisationFactory)
    email = factory.Sequence(lambda n: f"invited{n}@example.org")
    role = Role.VIEWER
    token_hash = factory.Sequence(lambda n: hashlib.sha256(f"invitation {n}".encode()).hexdigest())
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=7))


class ApiTokenFactory(TenantFactory):
    class Meta:
        model = ApiToken

    organisation = factory.SelfAttribute("membership.organisation")
    membership = factory.SubFactory(MembershipFactory)
    name = factory.Sequence(lambda n: f"Token {n}")
    prefix = "ed_12345"
    token_hash = factory.Sequence(lambda n: hashlib.sha256(f"token {n}".encode()).hexdigest())
    expires_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=30))


class AuditRecordFactory(TenantFactory):
    """A line by itself, in no chain: for what asks who can reach it."""

    class Meta:
        model = AuditRecord

    organisation = factory.SubFactory(OrganisationFactory)
    number = factory.Sequence(lambda n: n + 1)
    at = factory.LazyFunction(timezone.now)
    action = "list.read"
    previous_hash = "0" * 64
    hash = "1" * 64


class AuditPartyFactory(TenantFactory):
    class Meta:
        model = AuditParty

    organisation = factory.SubFactory(OrganisationFactory)
    kind = PartyKind.SUBJECT
    key = factory.Sequence(lambda n: f"key-{n}")
    name = factory.Sequence(lambda n: f"Name {n}")


class AuditHeadFactory(TenantFactory):
    class Meta:
        model = AuditHead

    organisation = factory.SubFactory(OrganisationFactory)
