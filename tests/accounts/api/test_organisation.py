import pytest

from accounts.enums import Role
from accounts.models import AuditParty
from echodepth.tenancy import tenant
from tests.factories import MembershipFactory, ProjectFactory
from tests.support.api import Api, problem, token_for
from tests.support.queries import cost_of


@pytest.fixture
def api(owner):
    return Api(token_for(owner))


def test_the_organisation_says_who_it_is(api, organisation):
    told = api.get("organisation").json()
    assert told == {
        "id": str(organisation.pk),
        "name": "Harbour Institute",
        "slug": "harbour",
        "time_zone": "Europe/Berlin",
        "created_at": told["created_at"],
    }
    assert told["created_at"].endswith("Z")


def test_members_are_listed_with_their_roles(api, owner, viewer, outsider):
    listed = api.get("members").json()["results"]
    assert [(one["email"], one["role"]) for one in listed] == [
        ("viewer@harbour.example", "viewer"),
        ("owner@harbour.example", "owner"),
    ]
    assert set(listed[0]) == {"id", "email", "name", "role", "created_at"}


def test_the_trail_is_read_newest_first_with_names(api, organisation):
    project = api.post("projects", told={"name": "Autumn"}).json()
    newest = api.get("audit", action="project.created").json()["results"][0]
    (made,) = [one for one in api.get("audit").json()["results"] if one["action"] == "project.created"]

    assert newest == made
    assert (made["target"], made["target_name"]) == (project["id"], "Autumn")
    assert "<owner@harbour.example>" in made["actor_name"]
    assert made["address_name"] == "127.0.0.1"
    with tenant(organisation.pk):
        AuditParty.objects.all().delete()
    erased = api.get("audit", action="project.created").json()["results"][0]
    assert (erased["actor"], erased["actor_name"]) == (made["actor"], None)


def test_the_trail_is_filtered(api):
    first = api.post("projects", told={"name": "A"}).json()
    api.post("projects", told={"name": "B"})
    made = api.get("audit", action="project.created").json()["results"]
    assert len(made) == 2
    assert [one["target"] for one in api.get("audit", target=first["id"]).json()["results"]] == [first["id"]]
    by_time = api.get("audit", since=made[0]["at"], action="project.created").json()["results"]
    assert [one["number"] for one in by_time] == [made[0]["number"]]
    before = api.get("audit", until=made[0]["at"], action="project.created").json()["results"]
    assert [one["number"] for one in before] == [made[1]["number"]]
    assert api.get("audit", person=made[0]["actor"], action="project.created").json()["results"] == made
    assert problem(api.get("audit", since="yesterday")) == (400, "invalid")
    assert problem(api.get("audit", cursor="x")) == (400, "invalid")


def test_the_trail_is_followed_page_by_page(api):
    for number in range(5):
        api.post("projects", told={"name": str(number)})
    page = api.get("audit", action="project.created", limit=2).json()
    seen = [one["number"] for one in page["results"]]
    while page["next"]:
        page = api.send("get", page["next"]).json()
        seen += [one["number"] for one in page["results"]]
    assert len(seen) == 5
    assert seen == sorted(seen, reverse=True)


def test_lists_cost_the_same_however_long(api, organisation):
    def lists():
        api.get("members")
        api.get("audit")

    lists()
    few = cost_of(lists)
    for _ in range(6):
        MembershipFactory(organisation=organisation, role=Role.VIEWER)
        ProjectFactory(organisation=organisation)
    lists()
    assert cost_of(lists) == few
