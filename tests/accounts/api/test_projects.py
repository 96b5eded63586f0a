from uuid import uuid4

import pytest

from accounts.models import AuditRecord, Declaration, Project, Subject
from echodepth.tenancy import tenant
from tests.factories import ProjectFactory, SubjectFactory
from tests.support.api import Api, problem, token_for
from tests.support.queries import cost_of


@pytest.fixture
def api(analyst):
    return Api(token_for(analyst))


@pytest.fixture
def project(organisation):
    return ProjectFactory(organisation=organisation, name="Autumn", description="Of 2026")


def test_a_project_is_made_read_and_changed(api, organisation):
    made = api.post("projects", told={"name": "Spring", "description": "New"})
    assert made.status_code == 201
    told = made.json()
    assert api.get("project", told["id"]).json() == told
    changed = api.patch("project", told["id"], told={"description": "Newer"}).json()
    assert changed == told | {"description": "Newer"}
    with tenant(organisation.pk):
        assert Project.objects.values_list("name", "description").get() == ("Spring", "Newer")


def test_reading_a_subject_is_recorded(api, project):
    subject = SubjectFactory(project=project, label="P 7")
    assert api.get("subject", project.pk, subject.pk).json()["label"] == "P 7"
    with tenant(project.organisation_id):
        line = AuditRecord.objects.get(action="subject.viewed")
    assert (line.target, line.token is not None) == (str(subject.pk), True)


def test_projects_are_listed_newest_first_and_found_by_name(api, organisation, outsider):
    for name in ("Spring", "Summer", "Autumn"):
        ProjectFactory(organisation=organisation, name=name)
    ProjectFactory(organisation=outsider.organisation, name="Summer elsewhere")
    assert [one["name"] for one in api.get("projects").json()["results"]] == ["Autumn", "Summer", "Spring"]
    assert [one["name"] for one in api.get("projects", name="SUM").json()["results"]] == ["Summer"]


def test_pages_are_followed_by_their_address(api, organisation):
    for number in range(5):
        ProjectFactory(organisation=organisation, name=str(number))
    page = api.get("projects", limit=2).json()
    names = [one["name"] for one in page["results"]]
    while page["next"]:
        page = api.send("get", page["next"]).json()
        names += [one["name"] for one in page["results"]]
    assert names == ["4", "3", "2", "1", "0"]


@pytest.mark.parametrize(
    ("told", "field"),
    [({}, "name"), ({"name": ""}, "name"), ({"name": "x" * 201}, "name"), ({"name": ["x"]}, "name")],
)
def test_a_wrong_project_is_refused_by_field(api, organisation, told, field):
    response = api.post("projects", told=told)
    assert problem(response) == (400, "invalid")
    assert list(response.json()["errors"]) == [field]
    with tenant(organisation.pk):
        assert not Project.objects.exists()


def test_subjects_are_added_listed_and_renamed(api, project, organisation):
    made = api.post("subjects", project.pk, told={"label": "P-1"}).json()
    assert (made["project"], made["label"], made["cohort"]) == (str(project.pk), "P-1", "")
    assert api.get("subjects", project.pk).json()["results"] == [made]
    assert api.get("subject", project.pk, made["id"]).json() == made
    renamed = api.patch("subject", project.pk, made["id"], told={"label": "P-2"}).json()
    assert renamed == made | {"label": "P-2"}
    with tenant(organisation.pk):
        assert Subject.objects.get().label == "P-2"


def test_a_label_that_is_taken_is_refused(api, project):
    SubjectFactory(project=project, label="P-1")
    other = SubjectFactory(project=project, label="P-2")
    assert problem(api.post("subjects", project.pk, told={"label": "p-1"})) == (409, "label_taken")
    assert problem(api.patch("subject", project.pk, other.pk, told={"label": "P-1"})) == (409, "label_taken")


def test_a_subject_is_found_in_its_own_project_alone(api, project, organisation):
    subject = SubjectFactory(project=ProjectFactory(organisation=organisation))
    assert problem(api.get("subject", project.pk, subject.pk)) == (404, "not_found")
    assert problem(api.get("subjects", uuid4())) == (404, "not_found")


def test_lists_cost_the_same_however_long(api, project, organisation):
    def lists():
        api.get("projects")
        api.get("subjects", project.pk)

    SubjectFactory(project=project)
    lists()
    few = cost_of(lists)
    for _ in range(6):
        SubjectFactory(project=project)
        ProjectFactory(organisation=organisation)
    assert cost_of(lists) == few


USE = {"purpose": "sales_meeting", "setting": "online_meeting", "region": "eu", "people": ["own_staff"]}


def test_a_token_confirms_nothing(api, project):
    told = api.post(
        "uses", project.pk, told=USE | {"purpose": "training_own", "confirmed_name": "R. Obot"}
    ).json()

    assert (told["state"], told["confirmed_name"]) == ("unconfirmed", "")


class TestUses:
    def test_a_use_is_declared_and_told_with_what_follows(self, api, project):
        made = api.post("uses", project.pk, told=USE | {"details": "Demo calls"})

        assert made.status_code == 201
        told = made.json()
        assert (told["state"], told["details"], told["people"]) == ("allowed", "Demo calls", ["own_staff"])
        assert told["requires"] == ["consent", "culture", "notice", "roles"]
        assert told["roles"] == ["customer", "prospect"]
        rule = next(rule for rule in told["rules"] if rule["id"] == "notice")
        assert "told that their expressions are analysed" in rule["reason"]
        assert rule["sources"][0]["read_on"] == "2026-11-23"
        listed = api.get("uses", project.pk).json()["results"]
        assert listed[0] == told
        assert [one["purpose"] for one in listed] == ["sales_meeting", "rendered_people"]
        assert [one["ended_at"] is None for one in listed] == [True, False]

    def test_a_refused_use_says_why(self, api, project):
        told = api.post("uses", project.pk, told=USE | {"purpose": "recruitment"}).json()

        assert (told["state"], told["roles"]) == ("refused", [])
        assert [rule["id"] for rule in told["rules"]] == ["recruitment"]

    def test_what_the_table_does_not_know_is_named_by_field(self, api, project):
        refused = api.post("uses", project.pk, told=USE | {"region": "moon", "people": ["ghosts"]})

        assert refused.json()["code"] == "invalid"
        assert {name.partition(".")[0] for name in refused.json()["errors"]} == {"region", "people"}
        with tenant(project.organisation_id):
            assert Declaration.objects.get().purpose == "rendered_people"


def test_a_subjects_role_is_said_and_changed(api, project):
    made = api.post("subjects", project.pk, told={"label": "P-1", "role": "customer"}).json()
    assert made["role"] == "customer"
    assert api.post("subjects", project.pk, told={"label": "P-2"}).json()["role"] == "unknown"

    changed = api.patch("subject", project.pk, made["id"], told={"role": "own_staff"}).json()

    assert (changed["role"], changed["label"]) == ("own_staff", "P-1")
    with tenant(project.organisation_id):
        assert Subject.objects.get(pk=made["id"]).role == "own_staff"
