"""Who is who: what a run waits for, and of whom nothing is measured then."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pyarrow.parquet as pq
import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from django_q.models import OrmQ

from accounts.audit_actions import AuditAction
from accounts.enums import SubjectRole
from accounts.models import AuditRecord
from analysis.domain import assignments, results
from analysis.domain.assignments import Person
from analysis.domain.work import runs, segments, standing, sweeps, tidying, workplaces
from analysis.domain.work.engine import REAL
from analysis.domain.work.leases import ATTEMPTS
from analysis.engine.segments import SegmentsDifferError
from analysis.enums import RunState
from analysis.models import Segment, TrackAssignment
from echodepth.errors import UserError
from echodepth.tenancy import tenant
from tests.analysis.conftest import stored_files
from tests.factories import ConsentFactory, ProjectFactory, SubjectFactory
from tests.support import clips
from tests.support.engines import face, fake_engine
from tests.support.models import FOLDER, real_models
from tests.support.roles import CUSTOMERS, declare_roles, run_of_customer, subject_of, waiting_run
from tests.support.tenants import save
from tests.support.work import answer, answer_all, see_workers, wakeups

CUSTOMER, STAFF = SubjectRole.CUSTOMER, SubjectRole.OWN_STAFF
TWO = fake_engine(faces=[face(1), face(2)])


@pytest.fixture
def scoped(acme):
    see_workers(1)
    with tenant(acme.organisation.pk):
        yield acme


def reasons(run):
    """What is withheld in the run's result: role and reason by track."""
    run.refresh_from_db()
    assert run.state == RunState.REPORTING
    found = {
        track.track: (track.withheld.role, track.withheld.reason)
        for track in results.load(run).tracks
        if track.withheld
    }
    assert sorted(found) == sorted(run.withheld)
    return found


def test_with_several_people_a_run_waits_to_be_told_who_they_are(scoped, storage):
    run = waiting_run(scoped)

    assert run.state == RunState.ASSIGNING
    assert (run.lease, run.lease_until, run.woken_at, run.attempts) == (None, None, None, 0)
    assert [(one["track"], one["substantial"], one["places"][0][1]) for one in run.people] == [
        (1, True, 100),
        (2, True, 200),
    ]
    assert not run.result_key
    assert len([name for name in stored_files(storage) if "/spools/0." in name]) == 1
    assert wakeups() == []


def test_what_waits_is_woken_by_nobody_and_taken_by_no_worker(scoped):
    run = waiting_run(scoped)

    assert sweeps.sweep() == 0
    sweeps.forget_wakeups()
    assert sweeps.sweep() == 0
    assert (runs.claim(run.pk), segments.claim(run.pk), runs.claim_scoring(run.pk)) == (None, None, None)
    assert not tidying.tidy(run.pk)
    assert standing._standing(run, 0, timezone.now()) == standing.Standing()
    assert not workplaces._is_held(run.organisation_id, run.pk)


def test_once_it_is_told_who_is_who_the_run_goes_on(scoped, storage):
    run = waiting_run(scoped)
    customer = subject_of(run)

    assert assignments.assign(run, {1: Person(STAFF), 2: Person(CUSTOMER, customer)}, scoped.user)
    assert wakeups() == [run.pk]
    answer_all(TWO)

    assert reasons(run) == {1: ("own_staff", "role_not_allowed")}
    result = results.load(run)
    assert [track.track for track in result.tracks] == [2, 1]
    assert result.main.track == 2
    assert [name for name in stored_files(storage) if "spools" in name] == []
    rows = TrackAssignment.objects.order_by("track").values_list("track", "role", "subject", "assigned_by")
    assert list(rows) == [(1, STAFF, None, scoped.user.pk), (2, CUSTOMER, customer.pk, scoped.user.pk)]
    said = AuditRecord.objects.filter(action=AuditAction.TRACKS_ASSIGNED).get()
    assert (said.target, said.facts) == (str(run.pk), {"faces": 2})


def test_a_wake_up_that_is_lost_after_the_assignment_is_made_again(scoped):
    run = waiting_run(scoped)
    assignments.assign(run, {1: Person(STAFF), 2: Person(CUSTOMER, subject_of(run))}, scoped.user)
    run.refresh_from_db()
    save(run, woken_at=timezone.now() - timedelta(days=1))
    OrmQ.objects.all().delete()

    assert sweeps.sweep() == 1
    answer_all(TWO)
    assert list(reasons(run)) == [1]


def test_another_run_takes_over_what_was_told(scoped):
    run = waiting_run(scoped)
    assignments.assign(run, {1: Person(STAFF), 2: Person(CUSTOMER, subject_of(run))}, scoped.user)
    answer_all(TWO)
    runs.finish(run.pk)

    again = runs.request(run.recording, scoped.user, run.media_facts)
    answer_all(TWO)

    assert reasons(again) == {1: ("own_staff", "role_not_allowed")}


def test_what_was_told_of_another_engines_faces_is_not_taken_over(scoped):
    run = waiting_run(scoped)
    assignments.assign(run, {1: Person(STAFF), 2: Person(CUSTOMER, subject_of(run))}, scoped.user)
    TrackAssignment.objects.update(engine_version="0.0")

    answer_all(TWO)

    run.refresh_from_db()
    assert run.state == RunState.ASSIGNING
    assert run.attempts == 0


@pytest.mark.parametrize(
    ("role", "found"),
    [(CUSTOMER, {}), (STAFF, {1: ("own_staff", "role_not_allowed")})],
)
def test_a_person_alone_is_who_the_recording_is_about(scoped, role, found):
    run = run_of_customer(scoped, role)

    answer_all(fake_engine(faces=[face(1)]))

    assert reasons(run) == found
    assert results.load(run).subject_absent == bool(found)


def test_somebody_who_passes_by_is_withheld_without_a_question(scoped):
    run = run_of_customer(scoped)

    answer_all(fake_engine(faces=[face(2), face(1, substantial=False)]))

    assert reasons(run) == {1: ("unknown", "not_told")}
    assert results.load(run).main.track == 2


def test_who_passes_by_is_analysed_where_anybody_may_be(scoped):
    declare_roles(scoped.project, roles=[*CUSTOMERS["roles"], "unknown"])
    subject = SubjectFactory(project=scoped.project, role=CUSTOMER)
    run = runs.request(scoped.recording(subject=subject), None, {})

    answer_all(fake_engine(faces=[face(2), face(1, substantial=False)]))

    assert reasons(run) == {}


def test_of_a_person_without_consent_nothing_is_measured(scoped):
    declare_roles(scoped.project, requires=["consent", "roles"])
    agreed, silent = SubjectFactory.create_batch(2, project=scoped.project, role=CUSTOMER)
    purpose = "rendered_people"
    until = timezone.localdate() + timedelta(days=9)
    ConsentFactory(subject=agreed, state="given", purposes=[purpose], given_at=timezone.now(), until=until)
    run = runs.request(scoped.recording(subject=agreed), None, {})
    faces = fake_engine(faces=[face(1), face(2), face(3)])
    answer_all(faces)
    run.refresh_from_db()

    assignments.assign(
        run, {1: Person(CUSTOMER, silent), 2: Person(CUSTOMER, agreed), 3: Person(CUSTOMER)}, None
    )
    answer_all(faces)

    assert reasons(run) == {1: ("customer", "consent_missing"), 3: ("customer", "subject_missing")}
    assert results.load(run).main.track == 2


def test_an_objection_counts_up_to_the_moment_of_scoring(scoped):
    run = waiting_run(scoped)
    assignments.assign(
        run,
        {
            1: Person(CUSTOMER, subject_of(run)),
            2: Person(CUSTOMER, other := SubjectFactory(project=scoped.project, role=CUSTOMER)),
        },
        None,
    )
    save(other, objected_at=timezone.now())

    answer_all(TWO)

    assert reasons(run) == {2: ("customer", "objected")}


def test_two_faces_may_be_one_person(scoped):
    run = waiting_run(scoped)
    customer = subject_of(run)

    assignments.assign(run, {1: Person(CUSTOMER, customer), 2: Person(CUSTOMER, customer)}, None)
    told = assignments.asked(run.pk)((face(1), face(2)))

    assert told.subject == {1, 2}
    assert not told.withheld


def test_nobody_else_is_taken_for_the_subject(scoped):
    run = waiting_run(scoped)
    another = SubjectFactory(project=scoped.project, role=CUSTOMER)

    assignments.assign(run, {1: Person(STAFF), 2: Person(CUSTOMER, another)}, None)
    answer_all(TWO)

    result = results.load(fresh := type(run).objects.get(pk=run.pk))
    assert (result.subject_absent, result.main) == (True, None)
    assert fresh.summary["signals"] == {}


def test_a_declaration_that_does_not_ask_lets_a_run_through(scoped):
    run = runs.request(scoped.recording(), None, {})

    answer_all(TWO)

    run.refresh_from_db()
    assert run.state == RunState.REPORTING
    assert (run.people, run.withheld) == ([], [])
    assert assignments.asked(run.pk) is None


def wrong(run, other):
    customer = subject_of(run)
    return {
        "unknown_face": {1: Person(STAFF), 2: Person(CUSTOMER, customer), 9: Person(STAFF)},
        "faces_missing": {2: Person(CUSTOMER, customer)},
        "unknown_subject": {
            1: Person(STAFF),
            2: Person(CUSTOMER, SubjectFactory(project=other, role=CUSTOMER)),
        },
    }


@pytest.mark.parametrize("code", ["unknown_face", "faces_missing", "unknown_subject"])
def test_what_is_wrong_is_refused_and_nothing_is_kept(scoped, code):
    run = waiting_run(scoped)
    elsewhere = ProjectFactory(organisation=scoped.organisation)
    with pytest.raises(UserError) as refused:
        assignments.assign(run, wrong(run, elsewhere)[code], None)

    assert refused.value.code == code
    assert not TrackAssignment.objects.exists()
    assert (type(run).objects.get(pk=run.pk).state, wakeups()) == (RunState.ASSIGNING, [])


def test_a_second_answer_while_the_run_goes_on_is_refused(scoped):
    run = waiting_run(scoped)
    told = {1: Person(STAFF), 2: Person(CUSTOMER, subject_of(run))}
    assignments.assign(run, told, None)

    with pytest.raises(UserError) as refused:
        assignments.assign(run, told | {1: Person(CUSTOMER)}, None)

    assert refused.value.code == "not_assignable"
    assert TrackAssignment.objects.get(track=1).role == STAFF
    assert wakeups() == [run.pk]


def test_who_is_who_may_be_told_otherwise_for_the_next_run(scoped):
    run = waiting_run(scoped)
    assignments.assign(run, {1: Person(STAFF), 2: Person(CUSTOMER, subject_of(run))}, None)
    answer_all(TWO)
    runs.finish(run.pk)
    run.refresh_from_db()

    assert not assignments.assign(run, {1: Person(CUSTOMER, subject_of(run)), 2: Person(CUSTOMER)}, None)
    assert wakeups() == []
    assert {track: one.role for track, one in assignments.told_of(run).items()} == {1: CUSTOMER, 2: CUSTOMER}
    again = runs.request(run.recording, None, {})
    answer_all(TWO)

    assert list(reasons(again)) == []


def test_who_turns_out_to_be_left_out_has_no_numbers_any_more(scoped):
    run = waiting_run(scoped)
    customer = Person(CUSTOMER, subject_of(run))
    assignments.assign(run, {1: Person(CUSTOMER), 2: customer}, None)
    answer_all(TWO)
    runs.finish(run.pk)
    run.refresh_from_db()
    assert (run.withheld, run.retracted) == ([], [])

    assignments.assign(run, {1: Person(STAFF), 2: customer}, scoped.user)

    run.refresh_from_db()
    assert run.retracted == [1]
    (again,) = run.recording.runs.exclude(pk=run.pk)
    assert wakeups() == [again.pk]
    answer_all(TWO)
    assert reasons(again) == {1: ("own_staff", "role_not_allowed")}
    assert again.retracted == []


def test_what_was_told_of_a_face_elsewhere_is_not_told_of_one_of_the_same_number(scoped):
    run = waiting_run(scoped)
    assignments.assign(run, {1: Person(STAFF), 2: Person(CUSTOMER, subject_of(run))}, None)
    moved = replace(face(2), places=face(9).places)
    later = replace(face(2), start=7.0)

    answer_all(fake_engine(faces=[face(1), moved]))

    run.refresh_from_db()
    assert run.state == RunState.ASSIGNING
    assert list(assignments.told_of(run)) == [1]
    with pytest.raises(assignments.UnassignedError):
        assignments.asked(run.pk)((face(1), later))
    assert assignments.asked(run.pk)((face(1), face(2))).subject == {2}


@pytest.mark.parametrize("other", ["own_staff", "interviewer"])
def test_a_face_alone_is_asked_about_where_it_may_be_the_other_side(scoped, other):
    declaration = declare_roles(scoped.project)
    save(declaration, people=["customer", other])

    run = waiting_run(scoped, faces=1)

    assert (run.state, len(run.people)) == (RunState.ASSIGNING, 1)
    assignments.assign(run, {1: Person(STAFF)}, None)
    answer_all(fake_engine(faces=[face(1)]))
    assert reasons(run) == {1: ("own_staff", "role_not_allowed")}


def test_a_run_from_before_declarations_measures_nobody(scoped):
    run = scoped.run(declaration=None)

    told = assignments.asked(run.pk)((face(1), face(2)))

    assert told.subject == frozenset()
    assert {track: why.reason for track, why in told.withheld.items()} == {
        1: "declaration_missing",
        2: "declaration_missing",
    }


def test_a_run_that_waits_can_be_cancelled_and_leaves_no_geometry(scoped, storage):
    run = waiting_run(scoped)

    assert runs.cancel(run.pk)
    assert tidying.tidy(run.pk)

    run.refresh_from_db()
    assert (run.state, run.people, run.error_code) == (RunState.CANCELLED, [], "")
    assert [name for name in stored_files(storage) if "/runs/" in name] == []
    assert not Segment.objects.exists()
    with pytest.raises(UserError) as refused:
        assignments.assign(run, {}, None)
    assert refused.value.code == "not_assignable"


def test_a_run_that_nobody_answers_for_days_is_given_up(scoped, storage, settings):
    run, waits = waiting_run(scoped), waiting_run(scoped)
    save(run, heartbeat_at=timezone.now() - timedelta(days=settings.ASSIGNING_DAYS, minutes=1))
    save(waits, heartbeat_at=timezone.now() - timedelta(days=settings.ASSIGNING_DAYS, minutes=-1))

    assert sweeps.sweep() == 0
    sweeps.tidy()

    run.refresh_from_db()
    waits.refresh_from_db()
    assert (run.state, run.error_code, run.people) == (RunState.CANCELLED, "assignment_expired", [])
    assert waits.state == RunState.ASSIGNING
    kept = [name for name in stored_files(storage) if "/spools/" in name]
    assert [str(waits.pk) in name for name in kept] == [True]
    assert not runs.give_up(waits.pk)


def test_a_late_scorer_cannot_have_a_run_wait_that_is_another_ones(scoped):
    run = run_of_customer(scoped)
    answer(TWO)
    answer(TWO)
    first = runs.claim_scoring(run.pk)
    save(type(run).objects.get(pk=run.pk), lease_until=timezone.now() - timedelta(seconds=1))
    second = runs.claim_scoring(run.pk)

    assert not runs.wait_for_people(first, [])
    assert type(run).objects.get(pk=run.pk).state == RunState.SCORING
    assert runs.wait_for_people(second, [])
    assert not runs.wait_for_people(second, [])


def test_a_spool_that_is_damaged_in_storage_does_not_begin_a_run_anew_for_ever(scoped):
    def refuse(*_args):
        raise SegmentsDifferError("damaged")

    run = run_of_customer(scoped)
    broken = fake_engine(finish=refuse)
    answer(broken)
    answer(broken)
    for _ in range(ATTEMPTS):
        held_wakeups = type(run).objects.get(pk=run.pk)
        if not wakeups():
            save(held_wakeups, woken_at=timezone.now() - timedelta(days=1))
            sweeps.sweep()
        answer(broken)

    run.refresh_from_db()
    assert (run.state, run.error_code) == (RunState.FAILED, "internal_error")


def test_the_real_engine_waits_with_its_spool_and_then_leaves_a_person_out(scoped, settings, tmp_path):
    real_models()
    settings.MODELS_FOLDER = FOLDER
    media = clips.write(tmp_path / "a.mp4", clips.two_people(40)).read_bytes()
    run = run_of_customer(scoped, media=media)
    answer_all(REAL)
    run.refresh_from_db()
    assert (run.state, run.error_code) == (RunState.ASSIGNING, "")
    left, right = sorted(run.people, key=lambda one: one["places"][0][1])
    assert left["places"][0][1] < 240 <= right["places"][0][1]

    told = {left["track"]: Person(STAFF), right["track"]: Person(CUSTOMER, subject_of(run))}
    assignments.assign(run, told, None)
    answer_all(REAL)

    assert reasons(run) == {left["track"]: ("own_staff", "role_not_allowed")}
    assert results.load(run).main.track == right["track"]
    with default_storage.open(run.frames_key) as handle:
        rows = pq.read_table(BytesIO(handle.read())).to_pylist()
    held = [row for row in rows if row["track"] == left["track"]]
    assert len(held) == 40
    assert {row["excluded"] for row in held} == {"withheld"}
    assert all(row[name] is None for row in held for name in row if name.startswith("AU"))
    assert any(row["AU12"] is not None for row in rows if row["track"] == right["track"])
