import hashlib

from django_q.models import OrmQ

from accounts.domain.people import DEMO_EMAIL, create_demo
from accounts.models import Project, User
from analysis.domain import demonstration
from analysis.domain.erasure import erase_recording
from analysis.enums import RunState
from analysis.models import Recording
from echodepth.tenancy import tenant
from tests.analysis.conftest import stored_files


def test_the_demonstration_begins_with_a_recording_whose_analysis_is_requested(db, storage):
    organisation = create_demo("a password")

    with tenant(organisation.pk):
        recording = Recording.objects.get()
        run = recording.runs.get()
    media = demonstration.RECORDING.read_bytes()
    assert (recording.title, recording.original_name) == ("Demonstration recording", "demonstration.mp4")
    assert recording.subject.label == "Speaker 1"
    assert recording.uploaded_by == User.objects.get(email=DEMO_EMAIL)
    assert recording.sha256 == hashlib.sha256(media).hexdigest()
    assert run.state == RunState.REQUESTED
    assert run.media_facts["frame_rate"] == 30
    assert OrmQ.objects.count() == 1
    assert stored_files(storage) == [recording.storage_key]


def test_a_recording_that_was_deleted_does_not_come_back(db, storage):
    organisation = create_demo("a password")
    with tenant(organisation.pk):
        erase_recording(Recording.objects.get())

    assert create_demo("another password") is None

    with tenant(organisation.pk):
        assert not Recording.objects.exists()
    assert stored_files(storage) == []


def test_a_project_without_subjects_takes_it_too(acme):
    with tenant(acme.organisation.pk):
        recording = demonstration.load(Project.objects.get(), acme.user)

    assert recording.subject is None
