import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.actor import acting
from accounts.domain.lawful import declarations
from accounts.enums import ConsentState, Role, SubjectRole, UseState
from analysis.domain import gate
from echodepth.tenancy import tenant
from tests import factories
from tests.support.people import actor
from tests.support.tenants import fresh, save

MEETING = {"purpose": "sales_meeting", "setting": "online_meeting", "region": "eu"}
TRAINING = MEETING | {"purpose": "training_own"}


@pytest.fixture
def project(db):
    return factories.ProjectFactory(declared=False)


@pytest.fixture(autouse=True)
def scope(project):
    with tenant(project.organisation_id):
        yield


@pytest.fixture
def subject(project):
    return factories.SubjectFactory(project=project, role=SubjectRole.CUSTOMER)


@pytest.fixture
def recording(project, subject):
    return factories.RecordingFactory(project=project, subject=subject)


def codes(recording):
    return [one.code for one in gate.missing(fresh(recording))]


def agree(subject, **changes):
    told = {"state": ConsentState.GIVEN, "purposes": ["sales_meeting"], "until": timezone.localdate()}
    return factories.ConsentFactory(subject=subject, given_at=timezone.now(), **(told | changes))


def test_nothing_is_analysed_before_a_use_is_declared(recording):
    assert codes(recording) == ["declaration_missing"]


def test_rendered_people_are_analysed_without_anything_else_even_without_a_subject(project):
    factories.DeclarationFactory(project=project)

    assert codes(factories.RecordingFactory(project=project)) == []


def test_a_refused_use_is_all_that_is_said(project, recording):
    factories.DeclarationFactory(project=project, **(MEETING | {"purpose": "recruitment"}))

    assert codes(recording) == ["use_refused"]


def test_an_unconfirmed_use_waits_for_the_name_and_for_the_person(project, recording):
    factories.DeclarationFactory(project=project, **TRAINING)

    assert codes(recording) == ["use_unconfirmed", "consent_missing", "notice_missing"]


def test_a_declaration_whose_rules_changed_is_declared_again(project, recording):
    use = factories.DeclarationFactory(project=project)
    save(use, rules_version="0", outcome=use.outcome | {"requires": ["consent"]})

    assert codes(recording)[0] == "declaration_outdated"


def test_who_is_in_the_recording_must_be_said_where_a_person_is_owed_something(project):
    factories.DeclarationFactory(project=project, **MEETING)

    assert codes(factories.RecordingFactory(project=project)) == ["subject_missing"]


def test_a_person_without_a_role_is_asked_for_where_roles_decide(project, subject, recording):
    factories.DeclarationFactory(project=project, **MEETING)
    save(subject, role=SubjectRole.UNKNOWN)

    assert codes(recording) == ["role_missing", "consent_missing", "notice_missing"]


def test_with_consent_and_notice_nothing_is_missing(project, subject, recording):
    factories.DeclarationFactory(project=project, **MEETING)
    agree(subject)
    assert codes(recording) == ["notice_missing"]

    factories.NoticeFactory(subject=subject)
    assert codes(recording) == []


def test_consent_of_another_subject_or_to_another_purpose_does_not_count(project, subject, recording):
    factories.DeclarationFactory(project=project, **MEETING)
    factories.NoticeFactory(subject=subject)
    agree(factories.SubjectFactory(project=project))
    agree(subject, purposes=["research"])

    assert codes(recording) == ["consent_missing"]


def test_who_objected_is_not_analysed_whatever_was_declared(project, subject, recording):
    factories.DeclarationFactory(project=project)
    save(subject, objected_at=timezone.now())

    assert codes(recording) == ["objected"]


def test_check_gives_the_declaration_or_refuses_with_all_codes(project, recording):
    with pytest.raises(gate.MissingError) as refusal, transaction.atomic():
        gate.check(recording)
    assert (refusal.value.code, refusal.value.status) == ("declaration_missing", 409)

    use = factories.DeclarationFactory(project=project, **TRAINING)
    with pytest.raises(gate.MissingError) as refusal, transaction.atomic():
        gate.check(recording)
    assert [one["code"] for one in refusal.value.facts["missing"]] == [
        "use_unconfirmed", "consent_missing", "notice_missing",
    ]  # fmt: skip
    assert refusal.value.facts["missing"][0]["detail"].startswith("A responsible person must confirm")

    declarations.declare(project, None, purpose="rendered_people", setting="demonstration", region="other")
    with transaction.atomic():
        assert gate.check(recording).purpose == "rendered_people"
    assert fresh(use).state == UseState.UNCONFIRMED


def test_a_person_of_whom_nothing_was_known_yet_is_read_anew_under_the_lock(project):
    factories.DeclarationFactory(project=project)
    subject = factories.SubjectFactory(project=project)
    recording = factories.RecordingFactory(project=project, subject=subject)
    unnamed = factories.RecordingFactory(project=project)
    save(fresh(subject), objected_at=timezone.now())  # by another, since both were read
    save(fresh(unnamed), subject=subject)

    for stale in (recording, unnamed):
        with pytest.raises(gate.MissingError) as refusal, transaction.atomic():
            gate.check(stale)
        assert refusal.value.code == "objected"


def test_the_refusal_leads_to_the_recordings_page(recording):
    with (
        acting(member(recording, Role.ANALYST)),
        pytest.raises(gate.MissingError) as refusal,
        transaction.atomic(),
    ):
        gate.check(recording)

    assert refusal.value.way.url == reverse(
        "analysis:recording", args=[recording.organisation.slug, recording.pk]
    )


class TestLinks:
    """Each thing leads to where it is done, for those who may do it there."""

    def links(self, recording, role):
        with acting(member(recording, role)):
            return {one.code: one.url for one in gate.missing(fresh(recording))}

    def test_a_declaration_is_made_by_those_who_manage_projects(self, project, recording):
        page = reverse("project-use-new", args=[recording.organisation.slug, project.pk])

        assert self.links(recording, Role.ANALYST) == {"declaration_missing": page}
        assert self.links(recording, Role.VIEWER) == {"declaration_missing": ""}

    def test_a_use_is_confirmed_by_those_who_may(self, project, recording):
        factories.DeclarationFactory(project=project, **TRAINING)
        page = reverse("project-use", args=[recording.organisation.slug, project.pk])

        assert self.links(recording, Role.ADMIN)["use_unconfirmed"] == page
        assert self.links(recording, Role.ANALYST)["use_unconfirmed"] == ""

    def test_the_subject_is_chosen_on_the_recordings_page(self, project):
        factories.DeclarationFactory(project=project, **MEETING)
        recording = factories.RecordingFactory(project=project)
        page = reverse("analysis:recording", args=[recording.organisation.slug, recording.pk])

        assert self.links(recording, Role.ANALYST) == {"subject_missing": page}

    def test_nobody_acts_in_a_task(self, recording):
        assert [one.url for one in gate.missing(recording)] == [""]


def member(recording, role):
    return actor(factories.MembershipFactory(organisation=recording.organisation, role=role))
