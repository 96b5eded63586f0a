"""Writing the trail: who, what, from where; numbers without gaps; nothing where a transaction failed."""

from threading import Barrier, Thread
from uuid import UUID

import pytest
from django.db import connection, transaction

from accounts.actor import Actor, acting
from accounts.audit_actions import AuditAction
from accounts.domain.audit import OutsideTenantError, record, record_as, record_for
from accounts.domain.audit_chain import Seal, digest, look_at
from accounts.enums import OrganisationState, PartyKind, PlatformRole, Role
from accounts.models import AuditHead, AuditParty, AuditRecord
from accounts.permissions import Permissions
from echodepth import client_address, request_id
from echodepth.tenancy import tenant
from tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    ProjectFactory,
    RecordingFactory,
    RunFactory,
    StaffSessionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def trail(organisation):
    with tenant(organisation.pk):
        return list(AuditRecord.objects.order_by("number"))


def parties(organisation):
    with tenant(organisation.pk):
        return {party.pk: party for party in AuditParty.objects.all()}


def as_member(membership, **more):
    return acting(
        Actor(
            membership.user, membership.organisation, Permissions(Role(membership.role)), membership, **more
        )
    )


@pytest.fixture
def from_afar(monkeypatch):
    address, number = client_address.current.set("203.0.113.9"), request_id.current.set("the-request")
    yield
    client_address.current.reset(address)
    request_id.current.reset(number)


def test_a_record_says_who_did_what_to_what_from_where_and_when(owner, from_afar):
    recording = RecordingFactory(project__organisation=owner.organisation, title="Interview with Ada")

    with tenant(owner.organisation_id), as_member(owner):
        record(AuditAction.RECORDING_VIEWED, recording, pages=2, whole=True, code=None)

    (line,) = trail(owner.organisation)
    names = parties(owner.organisation)
    assert (line.number, line.action, line.previous_hash) == (1, "recording.viewed", "")
    assert names[line.actor].name == f"{owner.user.full_name} <owner@harbour.example>"
    assert (names[line.address].kind, names[line.address].name) == (PartyKind.ADDRESS, "203.0.113.9")
    assert (line.target_kind, line.target) == ("recording", str(recording.pk))
    assert {p.key: p.name for p in names.values()}[f"recording:{recording.pk}"] == "Interview with Ada"
    assert line.facts == {"pages": 2, "whole": True, "code": None}
    assert (line.request_id, line.staff_session, line.token) == ("the-request", None, None)
    assert line.hash == digest(line)


def test_the_record_itself_holds_no_name_and_no_address(owner, from_afar):
    with tenant(owner.organisation_id), as_member(owner):
        record(AuditAction.ROLE_CHANGED, owner, role=Role.ADMIN)
        record(AuditAction.PROJECT_CREATED, ProjectFactory(organisation=owner.organisation, name="Ada"))

    written = " ".join(str(value) for line in trail(owner.organisation) for value in vars(line).values())
    assert "admin" in written
    assert not any(word in written for word in ("owner@harbour", owner.user.full_name, "203.0.113.9", "Ada"))


def test_a_member_as_target_is_the_person_who_also_acts(owner, viewer):
    with tenant(owner.organisation_id), as_member(owner):
        record(AuditAction.ROLE_CHANGED, viewer)
    with tenant(owner.organisation_id), as_member(viewer):
        record(AuditAction.PASSWORD_CHANGED, viewer.user)

    changed, own = trail(owner.organisation)
    assert (changed.target_kind, changed.target) == ("person", str(own.actor))
    assert own.target == changed.target


def test_a_run_is_known_by_its_recordings_title(organisation):
    run = RunFactory(recording__project__organisation=organisation, recording__title="Talk 3")

    with tenant(organisation.pk):
        record(AuditAction.RUN_REQUESTED, run)

    assert [party.name for party in parties(organisation).values()] == ["Talk 3"]


def test_records_are_chained_and_the_head_is_sealed(organisation, owner):
    with tenant(organisation.pk), as_member(owner):
        for _ in range(3):
            record(AuditAction.LIST_READ)

    lines = trail(organisation)
    assert [line.number for line in lines] == [1, 2, 3]
    assert [line.previous_hash for line in lines] == ["", lines[0].hash, lines[1].hash]
    with tenant(organisation.pk):
        head = AuditHead.objects.get()
    assert (head.number, head.hash) == (3, lines[2].hash)
    assert look_at(head.seal, "head", organisation.pk, 3, lines[2].hash) == Seal.GOOD
    assert [party.kind for party in parties(organisation).values()] == [PartyKind.PERSON]


def test_each_organisation_counts_for_itself(organisation):
    other = OrganisationFactory()
    for one in (organisation, other, organisation):
        with tenant(one.pk):
            record(AuditAction.LIST_READ)

    assert [line.number for line in trail(organisation)] == [1, 2]
    assert [line.number for line in trail(other)] == [1]


def test_the_name_shown_is_the_one_of_now(organisation):
    project = ProjectFactory(organisation=organisation, name="Before")
    with tenant(organisation.pk):
        record(AuditAction.PROJECT_CREATED, project)
        project.name = "After"
        record(AuditAction.PROJECT_CHANGED, project)

    assert [party.name for party in parties(organisation).values()] == ["After"]


def test_the_product_itself_acts_where_nobody_does(organisation):
    with tenant(organisation.pk):
        record(AuditAction.AUDIT_CUT, up_to=7)

    (line,) = trail(organisation)
    assert (line.actor, line.address, line.target, line.request_id) == (None, None, "", "")


def test_staff_and_tokens_are_told_apart_from_members(organisation, owner):
    staff = UserFactory(platform_role=PlatformRole.SUPPORT)
    session = StaffSessionFactory(organisation=organisation, user=staff)
    with tenant(organisation.pk):
        can = Permissions(PlatformRole.SUPPORT)
        with acting(Actor(staff, organisation, can, staff_session=session)):
            record(AuditAction.STAFF_REQUEST)
        with as_member(owner, token_id=session.pk):
            record(AuditAction.LIST_READ)

    by_staff, by_token = trail(organisation)
    assert (by_staff.staff_session, by_staff.token) == (session.pk, None)
    assert (by_token.staff_session, by_token.token) == (None, session.pk)


def test_outside_of_an_organisation_there_is_no_trail(db):
    with pytest.raises(OutsideTenantError):
        record(AuditAction.LIST_READ)


def test_what_is_not_saved_or_already_deleted_cannot_be_told_of(organisation):
    project = ProjectFactory(organisation=organisation)
    with tenant(organisation.pk):
        project.delete()
        with pytest.raises(ValueError, match=project.name):
            record(AuditAction.PROJECT_CHANGED, project)


def test_a_transaction_that_fails_leaves_no_record_and_no_gap(organisation):
    with tenant(organisation.pk):
        record(AuditAction.LIST_READ)
        with transaction.atomic():
            record(AuditAction.PROJECT_CREATED, ProjectFactory(organisation=organisation))
            transaction.set_rollback(True)
        record(AuditAction.LIST_READ)

    assert [(line.number, line.action) for line in trail(organisation)] == [
        (1, "list.read"),
        (2, "list.read"),
    ]
    assert parties(organisation) == {}


def test_what_a_person_does_with_the_account_stands_in_every_organisation_of_theirs(owner):
    elsewhere = MembershipFactory(user=owner.user)
    closed = MembershipFactory(user=owner.user, organisation__state=OrganisationState.CLOSED)
    stranger = MembershipFactory()

    record_for(owner.user, AuditAction.PASSWORD_CHANGED)

    for membership in (owner, elsewhere):
        (line,) = trail(membership.organisation)
        assert parties(membership.organisation)[line.actor].key == str(owner.user_id)
    assert trail(closed.organisation) == trail(stranger.organisation) == []


def test_who_is_only_said_to_be_a_person_is_the_target_and_no_actor(owner):
    record_for(owner.user, AuditAction.SIGN_IN_FAILED, claimed=True, reason="password")

    (line,) = trail(owner.organisation)
    assert line.actor is None
    assert parties(owner.organisation)[UUID(line.target)].key == str(owner.user_id)
    assert line.facts == {"reason": "password"}


def test_a_person_outside_of_the_organisations_pages_is_named(organisation):
    staff = UserFactory(platform_role=PlatformRole.ADMIN, full_name="")
    with tenant(organisation.pk):
        record_as(staff, AuditAction.ORGANISATION_STATE, organisation, state=OrganisationState.SUSPENDED)

    (line,) = trail(organisation)
    assert parties(organisation)[line.actor].name == staff.email
    assert (line.target_kind, line.facts) == ("organisation", {"state": "suspended"})


@pytest.mark.django_db(transaction=True)
def test_two_who_record_at_once_leave_no_gap_and_no_fork(organisation):
    start, failures = Barrier(4), []

    def work():
        try:
            start.wait()
            for _ in range(5):
                with tenant(organisation.pk):
                    record(AuditAction.LIST_READ)
        except Exception as error:  # noqa: BLE001 - a thread's failure is the test's
            failures.append(error)
        finally:
            connection.close()

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    lines = trail(organisation)
    assert failures == []
    assert [line.number for line in lines] == list(range(1, 21))
    assert [line.previous_hash for line in lines[1:]] == [line.hash for line in lines[:-1]]
