from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import AuditRecord, Membership
from analysis.engine.findings.cohorts import shipped
from analysis.enums import RunState
from analysis.models import Recording, Run
from echodepth.tenancy import tenant
from tests.analysis.conftest import stored_files
from tests.factories import (
    DeclarationFactory,
    NoticeFactory,
    ProjectFactory,
    RecordingFactory,
    RunFactory,
    SubjectFactory,
)
from tests.support.api import Api, problem, token_for
from tests.support.erasing import erase_all
from tests.support.queries import cost_of
from tests.support.tenants import fresh, save


@pytest.fixture
def api(acme):
    with tenant(acme.organisation.pk):
        member = Membership.objects.select_related("organisation", "user").get(user=acme.user)
    return Api(token_for(member))


def titles(response):
    return [one["title"] for one in response.json()["results"]]


def test_recordings_are_listed_newest_first_with_their_latest_run(api, acme, other):
    first, second = acme.recording("First"), acme.recording("Second")
    acme.run(first, state=RunState.FAILED, error_code="unreadable")
    latest = acme.run(first, state=RunState.DONE, frames_done=30, frames_total=30)
    acme.run(second)
    other.run(other.recording("Elsewhere"))

    listed = api.get("recordings").json()["results"]

    assert [one["title"] for one in listed] == ["Second", "First"]
    assert listed[1]["run"]["id"] == str(latest.pk)
    assert (listed[1]["run"]["state"], listed[1]["run"]["is_final"]) == ("done", True)
    assert (listed[1]["run"]["frames_done"], listed[1]["run"]["error"]) == (30, None)
    assert listed[1]["project"] == str(acme.project.pk)
    assert "storage_key" not in listed[1]


def test_recordings_are_filtered(api, acme):
    done, waiting = acme.recording("Done"), acme.recording("Waiting")
    acme.run(done, state=RunState.DONE)
    acme.run(waiting)
    project = ProjectFactory(organisation=acme.organisation)
    subject = SubjectFactory(project=project)
    RunFactory(recording=RecordingFactory(project=project, subject=subject, title="Of another"))

    assert titles(api.get("recordings", state="done")) == ["Done"]
    assert titles(api.get("recordings", state="unfinished")) == ["Of another", "Waiting"]
    assert titles(api.get("recordings", project=str(project.pk))) == ["Of another"]
    assert titles(api.get("recordings", subject=str(subject.pk))) == ["Of another"]
    at = api.get("recording", waiting.pk).json()["created_at"]
    assert titles(api.get("recordings", created_from=at)) == ["Of another", "Waiting"]
    assert titles(api.get("recordings", created_until=at)) == ["Done"]
    for wrong in ({"state": "happy"}, {"project": "x"}, {"created_from": "soon"}):
        response = api.get("recordings", **wrong)
        assert problem(response) == (400, "invalid")
        assert list(response.json()["errors"]) == list(wrong)


def test_a_recording_is_read_and_that_is_recorded(api, acme):
    recording = acme.recording("Talk")
    acme.run(recording, state=RunState.FAILED, error_code="too_long", error_facts={"seconds": 99999})
    told = api.get("recording", recording.pk).json()
    assert told["run"]["error"]["code"] == "too_long"
    assert "longest" in told["run"]["error"]["detail"]
    with tenant(acme.organisation.pk):
        assert AuditRecord.objects.filter(action="recording.viewed", target=recording.pk).count() == 1


def test_a_recording_is_deleted_for_good(api, acme, storage):
    recording = acme.recording("Talk")
    acme.run(recording)
    response = api.delete("recording", recording.pk)
    assert (response.status_code, response.content) == (204, b"")
    assert problem(api.get("recording", recording.pk)) == (404, "not_found")
    with tenant(acme.organisation.pk):
        erase_all()
    assert stored_files(storage) == []
    with tenant(acme.organisation.pk):
        assert not Recording.objects.exists()
        assert AuditRecord.objects.filter(action="recording.deleted").exists()
    assert problem(api.get("recording", recording.pk)) == (404, "not_found")


def test_a_run_is_requested_again_one_at_a_time(api, acme):
    recording = acme.recording("Talk")
    acme.run(recording, state=RunState.DONE)
    made = api.post("recording-runs", recording.pk, told={"neutral": {"start": 1, "end": 2.5}})
    assert made.status_code == 201
    assert made.json()["neutral"] == {"start": 1.0, "end": 2.5}
    assert made.json()["recording"] == str(recording.pk)
    assert problem(api.post("recording-runs", recording.pk, told={})) == (409, "run_unfinished")
    listed = api.get("recording-runs", recording.pk).json()["results"]
    assert [one["state"] for one in listed] == ["requested", "done"]


@pytest.mark.parametrize(
    ("neutral", "field"),
    [
        ({"start": 2, "end": 1}, "neutral.end"),
        ({"start": 1, "end": 1}, "neutral.end"),
        ({"start": -1, "end": 1}, "neutral.start"),
        ({"start": 10, "end": 11}, "neutral.start"),
        ({"end": 1}, "neutral.start"),
        ("here", "neutral"),
    ],
)
def test_a_neutral_that_cannot_be_is_refused(api, acme, neutral, field):
    recording = acme.recording("Talk")
    acme.run(recording, state=RunState.DONE, media_facts={"start": 0.5, "seconds": 9.5})
    response = api.post("recording-runs", recording.pk, told={"neutral": neutral})
    assert problem(response) == (400, "invalid")
    assert list(response.json()["errors"]) == [field]
    with tenant(acme.organisation.pk):
        assert Run.objects.count() == 1


def test_a_run_tells_how_far_it_is_and_is_cancelled(api, acme):
    run = acme.run(state=RunState.ANALYSING, frames_done=12, frames_total=30)
    told = api.get("run", run.pk).json()
    assert (told["state"], told["frames_done"], told["frames_total"]) == ("analysing", 12, 30)
    assert told["seconds_left"] is None
    now = timezone.now()
    moving = {"analysing_since": now - timedelta(seconds=100), "lease_until": now + timedelta(seconds=60)}
    save(run, frames_done=1000, frames_total=4000, **moving)
    assert 295 <= api.get("run", run.pk).json()["seconds_left"] <= 310
    assert api.post("run-cancel", run.pk).json()["state"] == "cancelled"
    assert api.post("run-cancel", run.pk).json()["state"] == "cancelled"
    with tenant(acme.organisation.pk):
        run.refresh_from_db()
    assert run.state == RunState.CANCELLED


def test_a_cohort_is_declared_and_taken_back(api, acme):
    subject = SubjectFactory(project=acme.project)
    address = (acme.project.pk, subject.pk)
    key = next(iter(shipped().cohorts))
    told = api.put("subject-cohort", *address, told={"cohort": key, "declared_by": "subject"})
    assert told.json()["cohort_declared_by"] == "subject"
    assert api.put("subject-cohort", *address, told={"cohort": ""}).json()["cohort"] == ""
    for wrong in ({"cohort": "martian"}, {"cohort": told.json()["cohort"]}, {}):
        assert problem(api.put("subject-cohort", *address, told=wrong)) == (400, "invalid")


def test_lists_cost_the_same_however_long(api, acme):
    recording = acme.recording()
    acme.run(recording, state=RunState.DONE)

    def lists():
        api.get("recordings")
        api.get("recordings", state="done")
        api.get("recording-runs", recording.pk)

    lists()
    few = cost_of(lists)
    for _ in range(5):
        subject = SubjectFactory(project=acme.project)
        acme.run(acme.recording(subject=subject), state=RunState.DONE)
        acme.run(recording, state=RunState.FAILED)
    assert cost_of(lists) == few


class TestMissing:
    """A recording that may not be analysed yet says what it waits for."""

    @pytest.fixture
    def undeclared(self, acme):
        acme.project = ProjectFactory(organisation=acme.organisation, declared=False)
        return acme

    def test_it_has_no_run_and_names_what_is_missing(self, api, undeclared):
        recording = undeclared.recording("Waits", analysis_wanted=True)

        told = api.get("recording", recording.pk).json()

        assert (told["run"], told["analysis_wanted"]) == (None, True)
        assert [one["code"] for one in told["missing"]] == ["declaration_missing"]
        assert told["missing"][0]["detail"].startswith("Nobody has declared yet")
        assert api.get("recordings").json()["results"] == [told]
        assert titles(api.get("recordings", state="held_back")) == ["Waits"]
        assert api.get("recording-runs", recording.pk).json()["results"] == []

    def test_asking_for_a_run_names_it_too(self, api, undeclared):
        refused = api.post("recording-runs", undeclared.recording().pk, told={})

        assert refused.status_code == 409
        assert refused.json()["code"] == "declaration_missing"
        assert [one["code"] for one in refused.json()["missing"]] == ["declaration_missing"]

    def test_what_was_never_requested_can_be_once_nothing_is_missing(self, api, acme):
        recording = acme.recording(media_facts={"seconds": 4.0})

        made = api.post("recording-runs", recording.pk, told={})

        assert made.status_code == 201
        with tenant(acme.organisation.pk):
            assert Run.objects.get().media_facts == {"seconds": 4.0}

    def test_who_is_in_it_is_said_and_what_waited_begins(self, api, undeclared):
        DeclarationFactory(
            project=undeclared.project,
            purpose="sales_meeting",
            state="allowed",
            outcome={"rules": [], "requires": ["notice", "roles"], "roles": ["customer"]},
        )
        subject = SubjectFactory(project=undeclared.project, label="P-7", role="customer")
        NoticeFactory(subject=subject)
        recording = undeclared.recording(analysis_wanted=True)
        assert [one["code"] for one in api.get("recording", recording.pk).json()["missing"]] == [
            "subject_missing"
        ]

        told = api.patch("recording", recording.pk, told={"subject": "P-7"}).json()

        assert (told["subject_label"], told["missing"], told["analysis_wanted"]) == ("P-7", [], False)
        assert told["run"]["state"] == "requested"

    def test_who_is_in_it_is_said_once(self, api, acme):
        first = SubjectFactory(project=acme.project, label="P-1")
        recording = acme.recording(subject=first)

        assert problem(api.patch("recording", recording.pk, told={"subject": "P-2"})) == (
            409,
            "subject_known",
        )
        assert fresh(recording).subject_id == first.pk

    def test_a_list_of_many_that_wait_costs_as_much_as_of_one(self, api, undeclared):
        def ask():
            return api.get("recordings")

        undeclared.recording(analysis_wanted=True)
        ask()  # the first use of a token is noted
        one = cost_of(ask)
        for _ in range(4):
            undeclared.recording(analysis_wanted=True)
        assert cost_of(ask) == one
