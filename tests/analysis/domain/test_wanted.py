import pytest
from django.utils import timezone

from accounts.announcements import consent_withdrawn, standing_changed, subject_objected
from accounts.audit_actions import AuditAction
from accounts.domain.lawful import declarations
from accounts.enums import Declarant, SubjectRole
from accounts.models import AuditRecord
from analysis.domain import gate, wanted
from analysis.domain.work import runs
from analysis.enums import RunState
from analysis.models import Run
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from tests import factories
from tests.support.tenants import fresh, save

RENDERED = {"purpose": "rendered_people", "setting": "demonstration", "region": "other"}
OPEN_MEETING = {"purpose": "sales_meeting", "setting": "online_meeting", "region": "uk"}
FACTS = {"seconds": 4.0}


@pytest.fixture
def project(db):
    return factories.ProjectFactory(declared=False)


@pytest.fixture(autouse=True)
def scope(project):
    with tenant(project.organisation_id):
        yield


@pytest.fixture
def user(project):
    return factories.MembershipFactory(organisation=project.organisation).user


@pytest.fixture
def subject(project):
    return factories.SubjectFactory(project=project, role=SubjectRole.CUSTOMER)


def waiting(project, **fields):
    return factories.RecordingFactory(project=project, analysis_wanted=True, media_facts=FACTS, **fields)


def declare_open(project, user):
    """A use that wants a notice and roles, as rules of an earlier day may have had it."""
    use = declarations.declare(project, user, **OPEN_MEETING)
    save(use, outcome=use.outcome | {"requires": ["culture", "notice", "roles"]})


def states(recording):
    return [run.state for run in recording.runs.order_by("requested_at")]


def test_what_waited_begins_when_the_use_is_declared(project, user):
    recording = waiting(project, uploaded_by=user)
    unwanted = factories.RecordingFactory(project=project)

    made = declarations.declare(project, user, **RENDERED)

    (run,) = Run.objects.all()
    assert (run.recording_id, run.declaration, run.requested_by) == (recording.pk, made, user)
    assert run.media_facts == FACTS
    assert not fresh(recording).analysis_wanted
    assert states(unwanted) == []


def test_what_is_still_missing_keeps_it_waiting(project, user, subject):
    recording = waiting(project, subject=subject)

    declare_open(project, user)

    assert states(recording) == []
    assert fresh(recording).analysis_wanted


def test_a_notice_begins_that_persons_recordings_alone(project, user, subject):
    other = factories.SubjectFactory(project=project, role=SubjectRole.CUSTOMER)
    recording, theirs = waiting(project, subject=subject), waiting(project, subject=other)
    declare_open(project, user)
    for person in (subject, other):
        factories.NoticeFactory(subject=person)

    standing_changed.send(None, project_id=project.pk, subject_id=subject.pk)

    assert states(recording) == [RunState.REQUESTED]
    assert states(theirs) == []


def test_another_projects_recordings_stay_as_they_are(project, user):
    recording = waiting(factories.ProjectFactory(organisation=project.organisation, declared=False))

    declarations.declare(project, user, **RENDERED)

    assert states(recording) == []
    assert fresh(recording).analysis_wanted


def test_a_use_that_is_refused_stops_what_is_under_way_and_it_waits(project, user):
    declarations.declare(project, user, **RENDERED)
    recording = factories.RecordingFactory(project=project)
    runs.request(recording, user, FACTS)

    declarations.declare(project, user, **(RENDERED | {"purpose": "recruitment"}))

    assert states(recording) == [RunState.CANCELLED]
    assert fresh(recording).analysis_wanted
    declarations.declare(project, user, **RENDERED)
    assert states(recording) == [RunState.CANCELLED, RunState.REQUESTED]


def test_a_run_under_an_earlier_declaration_is_done_anew_under_the_current_one(project, user):
    declarations.declare(project, user, **RENDERED)
    recording = factories.RecordingFactory(project=project, media_facts=FACTS)
    runs.request(recording, user, FACTS)

    made = declarations.declare(project, user, **(RENDERED | {"region": "uk"}))

    assert states(recording) == [RunState.CANCELLED, RunState.REQUESTED]
    assert recording.runs.get(state=RunState.REQUESTED).declaration == made


def test_what_is_done_anew_is_done_as_it_was_asked_for(project, user):
    declarations.declare(project, user, **RENDERED)
    recording = factories.RecordingFactory(project=project, media_facts=FACTS, uploaded_by=None)
    runs.request(recording, user, FACTS, (1.0, 2.5))

    declarations.declare(project, user, **(RENDERED | {"region": "uk"}))

    anew = recording.runs.get(state=RunState.REQUESTED)
    assert (anew.requested_by, anew.neutral_start, anew.neutral_end) == (user, 1.0, 2.5)


def test_what_is_being_erased_does_not_begin(project, user):
    recording = waiting(project)
    factories.ErasureFactory(organisation=project.organisation, kind="recording", object_id=recording.pk)

    declarations.declare(project, user, **RENDERED)

    assert states(recording) == []


def taken(run):
    """A worker takes it; what it was asked to do is left out."""
    assert runs.claim(run.pk)
    went_on = wanted.may_go_on(run.pk)
    run.refresh_from_db()
    return went_on, run.state


def test_nothing_stops_a_run_of_which_nothing_is_missing(project, user):
    declarations.declare(project, user, **RENDERED)
    run = factories.RunFactory(recording=factories.RecordingFactory(project=project))

    assert taken(run) == (True, RunState.CLAIMED)


def test_a_notice_that_is_gone_meanwhile_stops_what_a_worker_takes(project, user, subject):
    declarations.declare(project, user, **OPEN_MEETING)
    recording = factories.RecordingFactory(project=project, subject=subject)
    run = factories.RunFactory(recording=recording)

    assert taken(run) == (False, RunState.CANCELLED)
    assert fresh(recording).analysis_wanted
    assert states(recording) == [RunState.CANCELLED]


def test_a_run_from_before_declarations_is_done_anew_under_the_current_one(project, user):
    made = declarations.declare(project, user, **RENDERED)
    recording = factories.RecordingFactory(project=project)
    run = factories.RunFactory(recording=recording, declaration=None)

    assert taken(run) == (False, RunState.CANCELLED)
    (anew,) = recording.runs.exclude(pk=run.pk)
    assert (anew.state, anew.declaration) == (RunState.REQUESTED, made)


@pytest.mark.parametrize("state", [RunState.REPORTING, RunState.DONE, RunState.FAILED])
def test_what_is_over_or_being_reported_stays(project, user, state):
    recording = factories.RecordingFactory(project=project)
    factories.RunFactory(recording=recording, state=state)

    declarations.declare(project, user, **RENDERED)

    assert states(recording) == [state]
    assert not fresh(recording).analysis_wanted


@pytest.mark.parametrize("signal", [consent_withdrawn, subject_objected])
def test_who_withdraws_or_objects_has_everything_stopped_for_good(project, subject, signal):
    recording = factories.RecordingFactory(project=project, subject=subject)
    in_another = factories.RecordingFactory(project=project)
    factories.TrackAssignmentFactory(recording=in_another, subject=subject)
    of_others = factories.RecordingFactory(project=project, subject=factories.SubjectFactory(project=project))
    for one, state in (
        (recording, RunState.ANALYSING),
        (in_another, RunState.REPORTING),
        (of_others, RunState.ANALYSING),
    ):
        factories.RunFactory(recording=one, state=state)
    done = factories.RunFactory(recording=recording, state=RunState.DONE)
    waits = waiting(project, subject=subject)

    signal.send(None, subject=subject)

    assert sorted(states(recording)) == [RunState.CANCELLED, RunState.DONE]
    assert fresh(done).state == RunState.DONE
    assert states(in_another) == [RunState.CANCELLED]
    assert states(of_others) == [RunState.ANALYSING]
    assert not fresh(waits).analysis_wanted


class TestRequest:
    """`runs.request` asks the gate; what it refuses stands in the audit trail."""

    def test_nothing_is_requested_while_something_is_missing(self, project, user):
        recording = factories.RecordingFactory(project=project)

        with pytest.raises(gate.MissingError):
            runs.request(recording, user, FACTS)

        assert states(recording) == []
        refused = AuditRecord.objects.get(action=AuditAction.ANALYSIS_REFUSED)
        assert refused.target == str(recording.pk)
        assert refused.facts == {"missing": "declaration_missing"}

    def test_the_cohort_is_taken_along_only_where_the_person_agreed(self, project, user, subject):
        declare_open(project, user)
        factories.NoticeFactory(subject=subject)
        save(subject, cohort="jp", cohort_declared_by=Declarant.SUBJECT)
        recording = factories.RecordingFactory(project=project, subject=subject)
        assert runs.request(recording, user, FACTS).cohort == ""

        wanted.cancel_runs_of(subject.pk)
        factories.ConsentFactory(
            subject=subject,
            state="given",
            given_at=timezone.now(),
            purposes=["sales_meeting"],
            culture=True,
            until=timezone.localdate(),
        )
        assert runs.request(recording, user, FACTS).cohort == "jp"

    def test_what_was_erased_is_not_requested_nor_begun(self, project, user):
        recording = waiting(project, storage_key="")

        declarations.declare(project, user, **RENDERED)

        assert states(recording) == []
        with pytest.raises(UserError) as refusal:
            runs.request(recording, user, FACTS)
        assert refusal.value.code == "media_erased"
