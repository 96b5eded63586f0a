"""The page on which a member says who is who."""

import pytest

from accounts.enums import Role
from analysis.enums import RunState
from analysis.models import TrackAssignment
from echodepth.tenancy import tenant
from tests.factories import SubjectFactory
from tests.support.roles import subject_of, waiting_run
from tests.support.tenants import every, fresh, save
from tests.support.work import see_workers, wakeups


@pytest.fixture
def waiting(acme):
    """A run that waits to be told who two people are."""
    see_workers(1)
    with tenant(acme.organisation.pk):
        return waiting_run(acme, title="Sales call")


def page(place, run):
    return place.address(f"runs/{run.pk}/people/")


def answers(run, **more):
    with tenant(run.organisation_id):
        return {"role_1": "own_staff", "role_2": "customer", "subject_2": str(subject_of(run).pk)} | more


def test_the_page_tells_where_and_when_each_face_is_seen(acme, waiting):
    with tenant(acme.organisation.pk):
        SubjectFactory(project=acme.project, label="Second Subject")
    text = acme.client().get(page(acme, waiting)).content.decode()

    assert text.count('class="people__picture"') == 2
    assert 'viewBox="0 0 640 480"' in text
    assert '<rect class="people__box" x="100" y="40" width="80" height="90"/>' in text
    assert "Seen for 0:30 (minutes and seconds), on the left of the picture." in text
    assert "0:01\N{EN DASH}0:31" in text
    assert "roles to be analysed: Customer, Prospect." in text
    assert "Second Subject" in text
    assert "<img" not in text.split("<main")[1].split("</main")[0]


def test_an_answer_lets_the_analysis_go_on(acme, waiting):
    answer = acme.client().post(page(acme, waiting), answers(waiting), follow=True)

    assert "the analysis of “Sales call” goes on" in answer.content.decode()
    assert fresh(waiting).state == RunState.ANALYSING
    assert wakeups() == [waiting.pk]
    assert [(one.track, one.role) for one in sorted(every(TrackAssignment), key=lambda one: one.track)] == [
        (1, "own_staff"),
        (2, "customer"),
    ]


def test_a_face_without_an_answer_keeps_the_run_waiting(acme, waiting):
    answer = acme.client().post(page(acme, waiting), answers(waiting, role_1=""))

    assert answer.status_code == 400
    assert "A role is missing." in answer.content.decode()
    assert (fresh(waiting).state, every(TrackAssignment)) == (RunState.ASSIGNING, [])


def test_the_recordings_page_and_list_say_what_the_run_waits_for(acme, waiting):
    own = acme.client().get(acme.address(f"recordings/{waiting.recording_id}/")).content.decode()
    listed = acme.client().get(acme.address("?state=assigning")).content.decode()
    working = acme.client().get(acme.address("?state=unfinished")).content.decode()

    assert "2 faces were found: who is who?" in own
    assert "then it is cancelled" in own
    assert page(acme, waiting) in own
    assert page(acme, waiting) in listed
    assert "Waiting to know who is who" in listed
    assert "Sales call" not in working


def test_who_may_not_answer_is_not_asked_to(acme, waiting):
    own = acme.client(Role.VIEWER).get(acme.address(f"recordings/{waiting.recording_id}/")).content.decode()

    assert page(acme, waiting) not in own
    assert "Ask an analyst to say who is who." in own
    assert acme.client(Role.REVIEWER).post(page(acme, waiting), answers(waiting)).status_code == 403
    assert every(TrackAssignment) == []


def test_another_organisation_finds_nothing(acme, other, waiting):
    answer = other.client().get(other.address(f"runs/{waiting.pk}/people/"))

    assert answer.status_code == 404
    assert "Sales call" not in answer.content.decode()


def test_a_run_that_never_asked_has_no_such_page(acme):
    assert acme.client().get(page(acme, acme.run())).status_code == 404


def test_what_is_said_of_a_run_that_is_over_is_kept_for_the_next(acme, waiting):
    save(waiting, state=RunState.DONE)
    client = acme.client()
    assert "This analysis is over." in client.get(page(acme, waiting)).content.decode()

    client.post(page(acme, waiting), answers(waiting))

    assert len(every(TrackAssignment)) == 2
    assert (fresh(waiting).state, wakeups()) == (RunState.DONE, [])


def test_a_run_that_was_given_up_says_why(acme, waiting):
    save(waiting, state=RunState.CANCELLED, error_code="assignment_expired")
    text = acme.client().get(acme.address(f"recordings/{waiting.recording_id}/")).content.decode()

    assert "Nobody said who is who in this recording in time" in text
