"""A tenant with a project, and ways to put recordings and runs into it."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from accounts.enums import Role
from accounts.models import Organisation, Project, User
from analysis.domain import objects
from analysis.engine.runtime import Models
from analysis.models import Document, Recording, Run
from tests import factories
from tests.support.clips import portrait_clip
from tests.support.models import real_models
from tests.support.tenants import save

MEDIA = {"seconds": 4.0, "width": 640, "height": 480, "frame_rate": 30.0, "frames": None, "codec": "h264"}
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass
class Tenant:
    """An organisation with a project and an analyst."""

    slug: str
    organisation: Organisation = field(init=False)
    project: Project = field(init=False)
    user: User = field(init=False)

    def __post_init__(self) -> None:
        self.organisation = factories.OrganisationFactory(slug=self.slug, name=self.slug.title())
        self.project = factories.ProjectFactory(
            organisation=self.organisation, name=f"{self.slug} interviews"
        )
        self.user = factories.MembershipFactory(organisation=self.organisation).user

    def recording(self, title: str = "Interview", media: bytes = b"media", **fields) -> Recording:
        recording = factories.RecordingFactory.build(
            project=self.project, title=title, uploaded_by=self.user, size=len(media), **fields
        )
        key = objects.recording_key(self.organisation.pk, recording.pk)
        recording.storage_key = default_storage.save(key, ContentFile(media))
        save(recording)
        return recording

    def run(self, recording: Recording | None = None, **fields) -> Run:
        recording = recording or self.recording()
        return factories.RunFactory(
            recording=recording, requested_by=self.user, **{"media_facts": MEDIA} | fields
        )

    def document(self, name: str = "notes.txt", content: bytes = b"notes") -> Document:
        document = factories.DocumentFactory.build(
            project=self.project, title=name, original_name=name, size=len(content)
        )
        key = objects.document_key(self.organisation.pk, document.pk)
        document.storage_key = default_storage.save(key, ContentFile(content))
        save(document)
        return document

    def client(self, role: Role = Role.ANALYST) -> Client:
        user = self.user
        if role != Role.ANALYST:
            user = factories.MembershipFactory(organisation=self.organisation, role=role).user
        client = Client()
        client.force_login(user, backend=BACKEND)
        return client

    def address(self, path: str = "") -> str:
        return f"/o/{self.slug}/{path}"


@pytest.fixture
def storage(settings, tmp_path) -> Path:
    """Stored objects go into the test's own folder."""
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "echodepth.storage.durable.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "storage"), "base_url": None},
        }
    }
    return tmp_path / "storage"


@pytest.fixture
def acme(db, storage) -> Tenant:
    return Tenant("acme")


@pytest.fixture
def other(db, storage) -> Tenant:
    return Tenant("other")


@pytest.fixture(scope="session")
def clip(tmp_path_factory) -> bytes:
    """A second of video."""
    return portrait_clip(tmp_path_factory.mktemp("clip") / "clip.mp4", frames=30).read_bytes()


def stored_files(storage: Path) -> list[str]:
    """What lies in storage, without the folders."""
    return sorted(str(path.relative_to(storage)) for path in storage.rglob("*") if path.is_file())


@pytest.fixture(scope="session")
def models() -> Models:
    """The face networks, loaded once."""
    return real_models()
