import pytest

from accounts.audit_actions import AuditAction
from accounts.enums import SubjectRole
from accounts.models import AuditRecord, Subject
from analysis.domain.subjects import name_subject, subject_labels
from analysis.enums import RunState
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from tests.factories import (
    DeclarationFactory,
    NoticeFactory,
    ProjectFactory,
    RecordingFactory,
    RunFactory,
    SubjectFactory,
)
from tests.support.tenants import fresh, save


@pytest.fixture
def project(db):
    return ProjectFactory(declared=False)


@pytest.fixture(autouse=True)
def scope(project):
    with tenant(project.organisation_id):
        yield


def test_the_projects_subject_of_the_label_is_chosen_and_what_waited_begins(project):
    owed = {"rules": [], "requires": ["notice", "roles"], "roles": ["customer"]}
    DeclarationFactory(project=project, purpose="sales_meeting", state="allowed", outcome=owed)
    subject = SubjectFactory(project=project, label="P-01", role=SubjectRole.CUSTOMER)
    NoticeFactory(subject=subject)
    recording = RecordingFactory(project=project, analysis_wanted=True)

    name_subject(recording, " p-01 ")

    assert fresh(recording).subject == subject
    assert [run.state for run in recording.runs.all()] == [RunState.REQUESTED]
    line = AuditRecord.objects.get(action=AuditAction.RECORDING_CHANGED)
    assert line.facts == {"subject": str(subject.pk)}


def test_a_new_label_makes_a_subject_who_is_then_owed_what_the_use_requires(project):
    DeclarationFactory(project=project, purpose="sales_meeting", region="uk")
    recording = RecordingFactory(project=project, analysis_wanted=True)

    name_subject(recording, "P-02")

    assert Subject.objects.get(label="P-02").project == project
    assert not recording.runs.exists()
    assert fresh(recording).analysis_wanted


def test_who_is_in_it_does_not_change_under_an_analysis(project):
    DeclarationFactory(project=project)
    recording = RecordingFactory(project=project)
    RunFactory(recording=recording, state=RunState.ANALYSING)

    with pytest.raises(UserError) as refusal:
        name_subject(recording, "P-02")

    assert refusal.value.code == "run_unfinished"
    assert fresh(recording).subject is None
    assert not Subject.objects.exists()


def test_what_was_found_of_one_person_becomes_nobody_elses(project):
    """Not even where who asks saw the recording before it was said."""
    DeclarationFactory(project=project)
    recording = RecordingFactory(project=project, analysis_wanted=True)
    stale = type(recording).objects.get(pk=recording.pk)
    first = SubjectFactory(project=project, label="P-01")
    save(recording, subject=first)

    with pytest.raises(UserError) as refusal:
        name_subject(stale, "P-02")

    assert (refusal.value.code, refusal.value.status) == ("subject_known", 409)
    assert fresh(recording).subject == first
    assert not recording.runs.exists()
    assert not Subject.objects.filter(label="P-02").exists()


def test_labels_are_the_projects_own(project):
    for label in ("B", "A"):
        SubjectFactory(project=project, label=label)
    SubjectFactory(project=ProjectFactory(organisation=project.organisation), label="Elsewhere")

    assert subject_labels(RecordingFactory(project=project)) == ["A", "B"]
