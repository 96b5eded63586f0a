import pytest

from accounts.models import Membership
from analysis.enums import RunState
from analysis.models import TrackAssignment
from echodepth.tenancy import tenant
from tests.factories import ProjectFactory, SubjectFactory
from tests.support.api import Api, problem, token_for
from tests.support.roles import subject_of, waiting_run
from tests.support.tenants import every, fresh
from tests.support.work import see_workers, wakeups


def api_of(place):
    with tenant(place.organisation.pk):
        member = Membership.objects.select_related("organisation", "user").get(user=place.user)
    return Api(token_for(member))


@pytest.fixture
def api(acme):
    return api_of(acme)


@pytest.fixture
def waiting(acme):
    see_workers(1)
    with tenant(acme.organisation.pk):
        return waiting_run(acme)


def told(run):
    with tenant(run.organisation_id):
        subject = subject_of(run)
    return [{"track": 1, "role": "own_staff"}, {"track": 2, "role": "customer", "subject": str(subject.pk)}]


def test_faces_are_told_of_by_when_and_where_they_are_seen(api, waiting):
    assert api.get("run", waiting.pk).json()["state"] == "assigning"

    found = api.get("run-people", waiting.pk).json()

    assert found["waits"] is True
    assert found["faces"][0] == {
        "track": 1,
        "seconds": 30.0,
        "wanted": True,
        "stretches": [{"start": 1.0, "end": 31.0}],
        "places": [{"time": 1.0, "x": 100, "y": 40, "width": 80, "height": 90}],
        "role": None,
        "subject": None,
    }


def test_an_answer_lets_the_run_go_on(api, waiting):
    found = api.put("run-people", waiting.pk, told={"people": told(waiting)}).json()

    assert found["waits"] is False
    assert [(one["track"], one["role"]) for one in found["faces"]] == [(1, "own_staff"), (2, "customer")]
    assert found["faces"][1]["subject"] == told(waiting)[1]["subject"]
    assert fresh(waiting).state == RunState.ANALYSING
    assert wakeups() == [waiting.pk]


def test_a_wrong_answer_keeps_it_waiting(api, acme, waiting):
    elsewhere = SubjectFactory(project=ProjectFactory(organisation=acme.organisation))
    right = told(waiting)
    wrong = {
        "faces_missing": right[:1],
        "unknown_face": [*right, {"track": 9, "role": "customer"}],
        "unknown_subject": [right[0], right[1] | {"subject": str(elsewhere.pk)}],
        "invalid": [right[0], right[0], right[1]],
    }
    for code, people in wrong.items():
        answer = api.put("run-people", waiting.pk, told={"people": people})
        assert problem(answer) == (400, code)
    assert every(TrackAssignment) == []
    assert fresh(waiting).state == RunState.ASSIGNING


def test_subjects_and_runs_of_others_are_not_there(api, acme, other, waiting):
    foreign = SubjectFactory(project=other.project)
    people = [told(waiting)[0], told(waiting)[1] | {"subject": str(foreign.pk)}]

    assert problem(api.put("run-people", waiting.pk, told={"people": people}))[0] == 400
    assert problem(api_of(other).get("run-people", waiting.pk)) == (404, "not_found")
    assert problem(api_of(other).put("run-people", waiting.pk, told={"people": told(waiting)}))[0] == 404
    assert every(TrackAssignment) == []


def test_a_run_that_never_asked_has_no_people_to_tell_of(api, acme):
    assert problem(api.get("run-people", acme.run().pk)) == (404, "not_found")


def test_recordings_that_wait_to_be_told_are_filtered(api, acme, waiting):
    acme.run(acme.recording("Under way"), state=RunState.ANALYSING)

    found = api.get("recordings", state="assigning").json()["results"]

    assert [one["run"]["id"] for one in found] == [str(waiting.pk)]
