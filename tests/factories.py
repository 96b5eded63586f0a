"""Objects for tests. A tenant's object is made inside its own scope; read it inside `tenant(...)`."""

import hashlib
from typing import Any

import factory
from django.db.models import Model

from accounts.enums import Role
from accounts.models import Membership, Organisation, Project, Subject, User
from analysis.enums import RunState
from analysis.models import Document, Recording, Run
from echodepth.tenancy import every_tenant
from reports.enums import ReportState
from reports.models import Report

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


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    organisation = factory.SubFactory(OrganisationFactory)
    user = factory.SubFactory(UserFactory)
    role = Role.ANALYST


class TenantFactory(factory.django.DjangoModelFactory):
    """Writes need the scope lifted: `objects` refuses outside of it."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class: type[Model], *args: Any, **kwargs: Any) -> Any:
        with every_tenant():
            return super()._create(model_class, *args, **kwargs)


class ProjectFactory(TenantFactory):
    class Meta:
        model = Project

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence(lambda n: f"Project {n}")


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


class ReportFactory(TenantFactory):
    class Meta:
        model = Report

    organisation = factory.SelfAttribute("run.organisation")
    run = factory.SubFactory(RunFactory)
    state = ReportState.REQUESTED
