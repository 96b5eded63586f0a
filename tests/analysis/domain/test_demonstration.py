import hashlib

from django_q.models import OrmQ

from accounts.domain.lawful import declarations
from accounts.domain.people import DEMO_EMAIL, create_demo
from accounts.enums import UseState
from accounts.models import Project, User
from analysis.domain import demonstration
from analysis.domain.erasure import erase_recording
from analysis.enums import RunState
from analysis.models import Recording
from echodepth.tenancy import tenant
from tests.analysis.conftest import stored_files
from tests.support.erasing import erase_all


def test_the_demonstration_begins_with_a_recording_whose_analysis_is_requested(db, storage):
    organisation = create_demo("a password")

    with tenant(organisation.pk):
        recording = Recording.objects.select_related("subject").get()
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


def test_its_project_is_declared_to_hold_a_rendered_person(db):
    organisation = create_demo("a password")

    with tenant(organisation.pk):
        declaration = declarations.current(Project.objects.get())
        run = Recording.objects.get().runs.get()
    assert (declaration.purpose, declaration.state) == ("rendered_people", UseState.ALLOWED)
    assert declaration.outcome["requires"] == []
    assert declaration.declared_by == User.objects.get(email=DEMO_EMAIL)
    assert run.declaration_id == declaration.pk


def test_a_declaration_that_was_made_is_left_alone(acme):
    with tenant(acme.organisation.pk):
        before = declarations.current(Project.objects.get())
        demonstration.load(Project.objects.get(), acme.user)
        assert declarations.current(Project.objects.get()) == before


def test_a_recording_that_was_deleted_does_not_come_back(db, storage):
    organisation = create_demo("a password")
    with tenant(organisation.pk):
        erase_recording(Recording.objects.get())
        erase_all()

    assert create_demo("another password") is None

    with tenant(organisation.pk):
        assert not Recording.objects.exists()
    assert stored_files(storage) == []


def test_a_project_without_subjects_takes_it_too(acme):
    with tenant(acme.organisation.pk):
        recording = demonstration.load(Project.objects.get(), acme.user)

    assert recording.subject is None
