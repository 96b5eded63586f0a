"""Every request of platform staff inside a session stands in the organisation's trail."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.enums import PlatformRole
from accounts.models import AuditParty, AuditRecord
from echodepth.tenancy import tenant
from echodepth.uploads import SMALL_BODY
from tests.factories import RecordingFactory, RunFactory, StaffSessionFactory

pytestmark = pytest.mark.django_db

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def _entered(monkeypatch):
    """What a session must prove at the door is tested with the door."""
    monkeypatch.setattr("accounts.http.check_entry", lambda _request, _actor: None)


@pytest.fixture
def staff(organisation):
    return StaffSessionFactory(organisation=organisation, user__platform_role=PlatformRole.SUPPORT)


@pytest.fixture
def staff_client(staff):
    client = Client(REMOTE_ADDR="203.0.113.9")
    client.force_login(staff.user, backend=BACKEND)
    return client


def requests_of(organisation):
    with tenant(organisation.pk):
        return list(AuditRecord.objects.filter(action="staff.request").order_by("number"))


def test_a_page_is_recorded_with_its_name_its_object_and_the_session(organisation, staff, staff_client):
    recording = RunFactory(recording__project__organisation=organisation).recording

    answer = staff_client.get(f"/o/harbour/recordings/{recording.pk}/")

    (line,) = requests_of(organisation)
    assert recording.title in answer.content.decode()
    assert line.facts == {"method": "GET", "page": "analysis:recording"}
    assert (line.target_kind, line.target) == ("recording", str(recording.pk))
    assert line.staff_session == staff.pk
    with tenant(organisation.pk):
        assert AuditParty.objects.get(pk=line.actor).key == str(staff.user_id)
        assert AuditParty.objects.get(pk=line.address).name == "203.0.113.9"


def test_what_is_refused_or_missing_is_recorded_too(organisation, staff_client):
    foreign = RecordingFactory()

    assert staff_client.get("/o/harbour/members/").status_code == 403
    assert staff_client.get(f"/o/harbour/recordings/{foreign.pk}/").status_code == 404

    assert [(line.facts["page"], line.target) for line in requests_of(organisation)] == [
        ("members", ""),
        ("analysis:recording", str(foreign.pk)),
    ]


def test_a_large_upload_refused_before_it_is_read_is_recorded_once(organisation, staff_client):
    body = {"uploads": SimpleUploadedFile("long.mp4", b"x" * (SMALL_BODY + 1))}

    assert staff_client.post("/o/harbour/upload/", body).status_code == 403

    (line,) = requests_of(organisation)
    assert line.facts == {"method": "POST", "page": "analysis:upload"}


def test_members_leave_no_such_records(organisation, owner_client):
    assert owner_client.get("/o/harbour/projects/").status_code == 200

    assert requests_of(organisation) == []
