import pytest

from accounts.enums import SubjectRole
from analysis.domain.assignments import Person
from analysis.engine.people import Place, Seen
from analysis.people_form import PeopleForm, picture
from echodepth.tenancy import tenant
from tests.factories import ProjectFactory, SubjectFactory, TrackAssignmentFactory
from tests.support.engines import asked_about, face

FACTS = {"width": 640, "height": 480}


@pytest.fixture
def scoped(acme):
    with tenant(acme.organisation.pk):
        yield acme


def test_each_face_wants_a_role_but_those_who_pass_by(scoped):
    run = scoped.run(people=asked_about(face(1), face(2, substantial=False)))

    form = PeopleForm({}, run=run)

    assert not form.is_valid()
    assert set(form.errors) == {"role_1"}


def test_what_is_chosen_is_who_they_are(scoped):
    subject = SubjectFactory(project=scoped.project)
    run = scoped.run(people=asked_about(face(1), face(2), face(3, substantial=False)))

    form = PeopleForm(
        {"role_1": "customer", "subject_1": str(subject.pk), "role_2": "own_staff", "role_9": "customer"},
        run=run,
    )

    assert form.is_valid()
    assert form.people() == {1: Person(SubjectRole.CUSTOMER, subject), 2: Person(SubjectRole.OWN_STAFF)}


def test_subjects_of_another_project_are_not_offered(scoped):
    elsewhere = SubjectFactory(project=ProjectFactory(organisation=scoped.organisation), label="Elsewhere")
    run = scoped.run(people=asked_about(face(1)))

    form = PeopleForm({"role_1": "customer", "subject_1": str(elsewhere.pk)}, run=run)

    assert set(form.errors) == {"subject_1"}
    assert "Elsewhere" not in str(form)


def test_what_was_said_before_is_chosen_already(scoped):
    run = scoped.run(people=asked_about(face(1), face(2)))
    places = run.people[1]["places"]
    seen = {name: run.people[1][name] for name in ("start", "end")}
    TrackAssignmentFactory(
        recording=run.recording,
        track=2,
        engine_version=run.people[0]["engine"],
        role=SubjectRole.SPEAKER,
        seen=seen | {"box": places[len(places) // 2][1:]},
    )
    TrackAssignmentFactory(recording=run.recording, track=1, engine_version="0", role=SubjectRole.SPEAKER)

    form = PeopleForm(run=run)

    assert (form["role_1"].initial, form["role_2"].initial) == ("", "speaker")


def test_faces_are_shown_by_where_and_when_they_are_seen(scoped):
    left = Seen(1, 10.0, 40.0, 30.0, True, ((10.0, 30.0), (39.0, 40.0)), (Place(11.0, 10, 40, 80, 90),))
    right = Seen(2, 0.0, 2.0, 2.0, True, ((0.0, 2.0),), (Place(1.0, 500, 40, 80, 90),))
    run = scoped.run(people=asked_about(left, right), media_facts=FACTS)

    first, second = PeopleForm(run=run).shown()

    assert (first.where, second.where) == ("on the left of the picture", "on the right of the picture")
    assert first.bars == [(25.0, 50.0), (97.5, 2.5)]
    assert [(box.x, box.width) for box in first.others] == [(500, 80)]
    assert first.role.name == "role_1"


def test_of_many_stretches_the_first_few_are_listed(scoped):
    times = tuple((float(start), start + 1.0) for start in range(0, 30, 3))
    one = Seen(1, 0.0, 28.0, 10.0, True, times, (Place(1.0, 280, 40, 80, 90),))

    (shown,) = PeopleForm(run=scoped.run(people=asked_about(one), media_facts=FACTS)).shown()

    assert (len(shown.stretches), shown.more, shown.where) == (6, 4, "in the middle of the picture")


@pytest.mark.parametrize(("facts", "size"), [(FACTS, (640, 480)), ({}, (280, 130))])
def test_the_picture_is_as_large_as_is_known(scoped, facts, size):
    run = scoped.run(people=asked_about(face(1), face(2)), media_facts=facts)

    assert picture(run) == size
