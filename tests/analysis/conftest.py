"""A tenant with a project, and ways to put recordings and runs into it."""

from dataclasses import dataclass

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from accounts.enums import Role
from accounts.models import Membership, Organisation, Project, Subject, User
from analysis.domain import objects
from analysis.engine.runtime import Models
from analysis.models import Recording, Run
from echodepth.tenancy import tenant
from tests.support.models import real_models

MEDIA = {"seconds": 4.0, "width": 640, "height": 480, "frame_rate": 30.0, "frames": None, "codec": "h264"}


@dataclass
class Tenant:
    """An organisation with one member of each kind the tests need."""

    organisation: Organisation
    user: User
    project: Project

    def recording(self, title: str = "Interview", media: bytes = b"media", **fields) -> Recording:
        with tenant(self.organisation.pk):
            recording = Recording(
                organisation=self.organisation,
                project=self.project,
                title=title,
                original_name=f"{title}.mp4",
                size=len(media),
                sha256="0" * 64,
                uploaded_by=self.user,
                **fields,
            )
            recording.storage_key = default_storage.save(
                objects.recording_key(self.organisation.pk, recording.pk), ContentFile(media)
            )
            recording.save()
            return recording

    def run(self, recording: Recording | None = None, **fields) -> Run:
        with tenant(self.organisation.pk):
            return Run.objects.create(
                organisation=self.organisation,
                recording=recording or self.recording(),
                requested_by=self.user,
                media_facts=MEDIA,
                **fields,
            )

    def subject(self, label: str = "Speaker A") -> Subject:
        with tenant(self.organisation.pk):
            return Subject.objects.create(organisation=self.organisation, project=self.project, label=label)

    def member(self, role: Role) -> User:
        user = User.objects.create_user(f"{role}@{self.organisation.slug}.example", "pass word of the test")
        Membership.objects.create(organisation=self.organisation, user=user, role=role)
        return user


def make_tenant(slug: str) -> Tenant:
    organisation = Organisation.objects.create(name=slug.title(), slug=slug)
    with tenant(organisation.pk):
        project = Project.objects.create(organisation=organisation, name=f"{slug} interviews")
    user = User.objects.create_user(f"analyst@{slug}.test", "pass word of the test")
    Membership.objects.create(organisation=organisation, user=user, role=Role.ANALYST)
    return Tenant(organisation, user, project)


@pytest.fixture
def storage(settings, tmp_path):
    """Stored objects go into the test's own folder."""
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "storage"), "base_url": None},
        }
    }
    return tmp_path / "storage"


@pytest.fixture
def acme(db, storage) -> Tenant:
    return make_tenant("acme")


@pytest.fixture
def other(db, storage) -> Tenant:
    return make_tenant("other")


@pytest.fixture(scope="session")
def models() -> Models:
    return real_models()
