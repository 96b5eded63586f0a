"""Which pages leave a record when they are read, and which do not."""

import pytest

from accounts.domain.viewing import list_read
from accounts.models import AuditParty, AuditRecord
from analysis.enums import RunState
from echodepth.tenancy import tenant
from tests.factories import RecordingFactory, RunFactory, SubjectFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def subject(organisation):
    return SubjectFactory(project__organisation=organisation, label="P 7")


@pytest.fixture
def run(subject):
    recording = RecordingFactory(project=subject.project, subject=subject, title="Interview with Ada")
    return RunFactory(recording=recording, state=RunState.ANALYSING)


def seen(organisation):
    """What the trail holds: action, kind of the target, its name, facts."""
    with tenant(organisation.pk):
        names = dict(AuditParty.objects.values_list("key", "name"))
        return [
            (line.action, line.target_kind, names.get(f"{line.target_kind}:{line.target}", ""), line.facts)
            for line in AuditRecord.objects.order_by("number")
        ]


@pytest.mark.parametrize(
    ("address", "record"),
    [
        ("", ("list.read", "", "", {"list": "recordings", "rows": 1})),
        ("members/", ("list.read", "", "", {"list": "members", "rows": 1})),
        ("upload/", ("list.read", "", "", {"list": "labels", "rows": 1})),
        ("projects/{project}/", ("list.read", "project", "{name}", {"list": "project", "rows": 1})),
        ("projects/{project}/subjects/", ("list.read", "project", "{name}", {"list": "subjects", "rows": 1})),
        ("projects/{project}/subjects/{subject}/", ("subject.viewed", "subject", "P 7", {})),
        ("projects/{project}/subjects/{subject}/cohort/", ("subject.viewed", "subject", "P 7", {})),
        ("recordings/{recording}/", ("recording.viewed", "recording", "Interview with Ada", {})),
    ],
)
def test_a_page_that_shows_people_leaves_one_record(owner, owner_client, run, subject, address, record):
    ids = {"project": subject.project_id, "subject": subject.pk, "recording": run.recording_id}
    answer = owner_client.get(f"/o/harbour/{address.format(**ids)}")

    assert answer.status_code == 200
    expected = tuple(subject.project.name if part == "{name}" else part for part in record)
    assert seen(owner.organisation) == [expected]


def test_asking_how_far_a_run_is_leaves_none(owner, owner_client, run):
    answer = owner_client.get("/o/harbour/progress/", {"run": run.pk})

    assert [one["id"] for one in answer.json()["runs"]] == [str(run.pk)]
    assert seen(owner.organisation) == []


def test_every_opening_counts(owner, owner_client, run):
    for _ in range(2):
        owner_client.get(f"/o/harbour/recordings/{run.recording_id}/")

    assert [action for action, *_rest in seen(owner.organisation)] == ["recording.viewed"] * 2


def test_a_list_of_something_says_of_what(organisation, subject):
    with tenant(organisation.pk):
        list_read("subjects", subject.project, rows=3)

    assert seen(organisation) == [
        ("list.read", "project", subject.project.name, {"list": "subjects", "rows": 3})
    ]
